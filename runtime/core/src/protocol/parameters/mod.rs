//! Structures as parameters of a query or form.

mod serializer;

use std::fmt::{Display, Write as _};

use serde_core::ser::Serialize;

use super::{EncodeError, request_names::RequestNames};
use crate::{
    codec::framing::{Frame, to_come::FrameToCome},
    percent::{encode, is_unreserved},
};

/// The style of parameters: names of items and encoding of spaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(dead_code, reason = "each protocol has its own style")]
pub(super) enum Style {
    /// `Name.1`; maps and empty lists cannot be written.
    Numbered,
    /// `Name.member.1`, and `Name.entry.1.key` with `Name.entry.1.value`, unless a frame says otherwise. An empty list is
    /// `Name=`; spaces are `+`.
    Wrapped,
    /// `Name.1`; members have the names that requests use. Empty lists are omitted; spaces are `+`.
    Capitals(RequestNames),
}

/// Writes a structure as percent-encoded `Name=value`, `Name.Member=value` and so on.
pub(super) struct Parameters {
    text: Vec<u8>,
    /// Length of the text before the first parameter.
    start: usize,
    style: Style,
    /// Name of the next parameter.
    name: String,
    /// Whether the next text is a member's name.
    names_member: bool,
    /// Frame of the next list or map.
    frame: FrameToCome,
}

impl Parameters {
    /// Appends parameters to a text.
    pub(super) fn new(before: String, style: Style) -> Self {
        let (text, name) = (before.into_bytes(), String::new());
        Self { start: text.len(), text, style, name, names_member: false, frame: FrameToCome::default() }
    }

    pub(super) fn pair(&mut self, name: &str, value: &str) {
        if self.text.len() > self.start {
            self.text.push(b'&');
        }
        self.encode(name);
        self.text.push(b'=');
        self.encode(value);
    }

    pub(super) fn into_text(self) -> Vec<u8> {
        self.text
    }

    fn encode(&mut self, text: &str) {
        match self.style {
            Style::Numbered => encode(&mut self.text, text.as_bytes(), is_unreserved),
            Style::Wrapped | Style::Capitals(_) => {
                for (index, words) in text.split(' ').enumerate() {
                    self.text.extend((index > 0).then_some(b'+'));
                    encode(&mut self.text, words.as_bytes(), is_unreserved);
                }
            }
        }
    }

    fn text(&mut self, text: &str) -> Result<(), EncodeError> {
        if std::mem::take(&mut self.names_member) {
            self.name.push_str(if self.name.is_empty() { "" } else { "." });
            self.push_name(text);
            return Ok(());
        }
        if self.name.is_empty() {
            return Err(EncodeError(
                "a request is a structure: a value has no name of a parameter".to_owned(),
            ));
        }
        let name = std::mem::take(&mut self.name);
        self.pair(&name, text);
        self.name = name;
        Ok(())
    }

    /// Writes the name of a member.
    fn push_name(&mut self, name: &str) {
        match self.style {
            Style::Capitals(names) => self.name.push_str(&names.of(name)),
            Style::Numbered | Style::Wrapped => self.name.push_str(name),
        }
    }

    /// Leaves a value out.
    #[expect(clippy::unused_self, reason = "as other serializers of texts")]
    fn nothing(&mut self) {}

    fn display(&mut self, value: impl Display) -> Result<(), EncodeError> {
        self.text(&value.to_string())
    }

    /// Writes a part of the current parameter.
    fn within<T: Serialize + ?Sized>(&mut self, outer: usize, value: &T) -> Result<(), EncodeError> {
        value.serialize(&mut *self)?;
        self.name.truncate(outer);
        Ok(())
    }

    fn members(&mut self) -> Parts<'_> {
        Parts {
            outer: self.name.len(),
            count: 0,
            is_transparent: false,
            is_map: false,
            frame: Frame::FLAT,
            parameters: self,
        }
    }

    /// The parts of a list or map: of its own frame, else of the style.
    fn framed(&mut self, wrapper: &'static str) -> Parts<'_> {
        let frame = std::mem::take(&mut self.frame).or(match self.style {
            Style::Numbered | Style::Capitals(_) => Frame::FLAT,
            Style::Wrapped => Frame::within(wrapper),
        });
        Parts { frame, ..self.members() }
    }

    fn refused<T>(&self, what: &str) -> Result<T, EncodeError> {
        let name = if self.name.is_empty() { "request" } else { &self.name };
        Err(EncodeError(format!(
            "{name}: {what} cannot be written as parameters; it can only be sent as JSON text"
        )))
    }
}

/// A structure, list or map while it is written.
pub(super) struct Parts<'p> {
    parameters: &'p mut Parameters,
    /// Length of the name of the structure, list or map.
    outer: usize,
    count: usize,
    /// Names of members are not written.
    is_transparent: bool,
    /// Keys are written next to values, not as names of members.
    is_map: bool,
    frame: Frame,
}

impl Parts<'_> {
    /// Sets the name of the next item or entry.
    fn number(&mut self) {
        self.count += 1;
        let name = &mut self.parameters.name;
        let dot = |name: &String| if name.is_empty() { "" } else { "." };
        if let Some(part) = self.frame.wrapper() {
            name.extend([dot(name), part]);
        }
        write!(name, "{}{}", dot(name), self.count).expect("texts take whatever is written");
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.number();
        self.parameters.within(self.outer, value)
    }

    /// Writes a part of the current entry.
    fn part<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), EncodeError> {
        let entry = self.parameters.name.len();
        self.parameters.name.extend([".", name]);
        self.parameters.within(entry, value)
    }

    /// Writes an empty list or map.
    fn finish_list(self) {
        if self.count == 0 && self.parameters.style == Style::Wrapped {
            let name = std::mem::take(&mut self.parameters.name);
            self.parameters.pair(&name, "");
            self.parameters.name = name;
        }
    }
}

//! Structures as XML documents.

mod escape;
mod serializer;

use std::{borrow::Cow, fmt::Display, mem};

use serde_core::ser::Serialize;

use self::escape::escaped;
use super::{EncodeError, operation::XmlRoot};
use crate::codec::{
    element::ElementToCome,
    framing::{Frame, to_come::FrameToCome},
};

/// Writes a structure as an element with its members as elements and attributes. Items are within `member`, and entries
/// with `key` and `value` within `entry`, unless a frame says otherwise.
pub(super) struct Elements {
    text: String,
    /// Name of the next element or attribute.
    name: Cow<'static, str>,
    /// Whether the next text is a member's name.
    names_member: bool,
    to_come: ElementToCome,
    /// Frame of the next list or map.
    frame: FrameToCome,
    /// Where the start tag of the current structure takes attributes.
    attributes: usize,
    /// Whether the last structure that was written has neither attributes nor content.
    is_empty: bool,
    /// Element that precedes the members of the next structure.
    head: String,
}

impl Elements {
    /// A document with this root.
    pub(super) fn new(root: XmlRoot) -> Self {
        Self::named(root.name.into(), root.namespace)
    }

    /// A response to an operation, in the namespace of this URI.
    pub(super) fn response(operation: &str, namespace: &'static str) -> Self {
        Self::named([operation, "Response"].concat().into(), Some(("", namespace)))
    }

    /// The element of an error, in the namespace of this URI, with XML before its members.
    pub(super) fn error(namespace: Option<&'static str>, head: String) -> Self {
        Self { head, ..Self::named("Error".into(), namespace.map(|uri| ("", uri))) }
    }

    fn named(name: Cow<'static, str>, namespace: Option<Namespace>) -> Self {
        let mut to_come = ElementToCome::default();
        to_come.namespaces.extend(namespace);
        Self {
            text: String::new(),
            name,
            names_member: false,
            to_come,
            frame: FrameToCome::default(),
            attributes: 0,
            is_empty: true,
            head: String::new(),
        }
    }

    /// Puts an element with a text before the members of the root.
    pub(super) fn with_head(mut self, name: &str, text: &str) -> Result<Self, EncodeError> {
        self.head = format!("<{name}>{}</{name}>", escaped(text)?);
        Ok(self)
    }

    /// Whether the root has neither attributes nor content.
    pub(super) fn is_empty(&self) -> bool {
        self.is_empty
    }

    pub(super) fn into_text(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Writes a text: a member's name, an attribute, or an element with the text as its content.
    fn text(&mut self, text: &str) -> Result<(), EncodeError> {
        if mem::take(&mut self.names_member) {
            self.name = Cow::Owned(text.to_owned());
            return Ok(());
        }
        let content = escaped(text).map_err(|error| EncodeError(format!("{} {error}", self.name)))?;
        if mem::take(&mut self.to_come.is_attribute) {
            let attribute = format!(" {}=\"{content}\"", mem::take(&mut self.name));
            self.text.insert_str(self.attributes, &attribute);
            self.attributes += attribute.len();
            return Ok(());
        }
        let (name, namespaces) = self.take_start();
        self.start(&name, &namespaces);
        self.text.push('>');
        self.text.push_str(&content);
        self.end(&name);
        Ok(())
    }

    fn display(&mut self, value: impl Display) -> Result<(), EncodeError> {
        self.text(&value.to_string())
    }

    /// Writes nothing, and drops the name and namespaces of the next element.
    fn nothing(&mut self) {
        self.to_come = ElementToCome::default();
        self.frame = FrameToCome::default();
    }

    /// The name and the namespaces of the next element.
    fn take_start(&mut self) -> (Cow<'static, str>, Vec<Namespace>) {
        (mem::take(&mut self.name), mem::take(&mut self.to_come).namespaces)
    }

    /// Writes a start tag up to where attributes may follow.
    fn start(&mut self, name: &str, namespaces: &[Namespace]) {
        self.text.extend(["<", name]);
        for (prefix, uri) in namespaces {
            let colon = if prefix.is_empty() { "" } else { ":" };
            self.text.extend([" xmlns", colon, prefix, "=\"", &escape::uri(uri), "\""]);
        }
    }

    fn end(&mut self, name: &str) {
        self.text.extend(["</", name, ">"]);
    }

    fn structure(&mut self) -> Structure<'_> {
        let (name, namespaces) = self.take_start();
        self.start(&name, &namespaces);
        let outer = mem::replace(&mut self.attributes, self.text.len());
        let start = self.text.len();
        self.text.push('>');
        self.text.push_str(&mem::take(&mut self.head));
        Structure { elements: self, name, start, outer }
    }

    /// The parts of a list or map, in an element of their own unless its frame is flat.
    fn parts(&mut self, wrapper: &'static str) -> Parts<'_> {
        let frame = mem::take(&mut self.frame).or(Frame::within(wrapper));
        let (name, namespaces) = self.take_start();
        let Some(wrapper) = frame.wrapper() else {
            return Parts { elements: self, around: None, part: name, namespaces, frame };
        };
        self.start(&name, &namespaces);
        self.text.push('>');
        Parts { elements: self, around: Some(name), part: wrapper.into(), namespaces: Vec::new(), frame }
    }

    fn refused<T>(&self, what: &str) -> Result<T, EncodeError> {
        Err(EncodeError(format!("{}: {what} cannot be written as XML", self.name)))
    }
}

/// Prefix and URI.
type Namespace = (&'static str, &'static str);

/// A structure while it is written.
pub(super) struct Structure<'e> {
    elements: &'e mut Elements,
    name: Cow<'static, str>,
    /// Where the start tag ends without attributes.
    start: usize,
    /// Where the start tag of the structure around takes attributes.
    outer: usize,
}

impl Structure<'_> {
    fn finish(self) {
        let Self { elements, name, start, outer } = self;
        elements.is_empty = elements.text.len() == start + 1;
        elements.attributes = outer;
        elements.end(&name);
    }
}

/// A list or map while it is written.
pub(super) struct Parts<'e> {
    elements: &'e mut Elements,
    /// Name of the element around all items or entries, if there is one.
    around: Option<Cow<'static, str>>,
    /// Name of an item or entry.
    part: Cow<'static, str>,
    /// Namespaces that each item or entry declares.
    namespaces: Vec<Namespace>,
    frame: Frame,
}

impl Parts<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.elements.name.clone_from(&self.part);
        self.elements.to_come.namespaces.clone_from(&self.namespaces);
        value.serialize(&mut *self.elements)
    }

    /// Begins an entry, with its key.
    fn key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        self.elements.start(&self.part, &self.namespaces);
        self.elements.text.push('>');
        self.elements.name = Cow::Borrowed(self.frame.key());
        key.serialize(&mut *self.elements)
    }

    /// Ends an entry, with its value.
    fn value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.elements.name = Cow::Borrowed(self.frame.value());
        value.serialize(&mut *self.elements)?;
        self.elements.end(&self.part);
        Ok(())
    }

    fn finish(self) {
        if let Some(name) = self.around {
            self.elements.end(&name);
        }
    }
}

//! Errors of values that could not be read, with their places.

use std::{borrow::Cow, error::Error, fmt};

use serde_core::de::{self, Unexpected};

use super::decode::Note;
use crate::{
    text::Labelled,
    validate::{Segment, violation::path},
};

/// The reason why a value could not be read, and its place: `Gateways.Gateway[3].Size`.
#[derive(Debug)]
pub struct PlacedError {
    /// Steps from the innermost to the outermost.
    steps: Vec<Segment>,
    reason: Reason,
    note: Note,
}

/// The kind of an error.
#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum Reason {
    /// A required member is missing.
    Missing,
    /// The value has another type.
    Type {
        /// What was expected, and the value.
        message: String,
        /// The message without the value.
        brief: String,
    },
    /// Anything else.
    Other(String),
}

impl Reason {
    /// The message without a value that may be secret.
    pub fn brief(self) -> String {
        match self {
            Self::Missing => MISSING.to_owned(),
            Self::Type { brief: message, .. } | Self::Other(message) => message,
        }
    }
}

const MISSING: &str = "required but missing";

impl PlacedError {
    #[cold]
    pub(crate) fn absent() -> Self {
        let reason = Reason::Other("a value is missing".to_owned());
        Self { steps: Vec::new(), reason, note: Note::Absent }
    }

    /// Adds the member of the structure or map around the place.
    #[must_use]
    pub fn within(self, member: &str) -> Self {
        self.behind(Segment::Member(Cow::Owned(member.to_owned())), Note::Absent)
    }

    pub(crate) fn within_item(self, index: usize) -> Self {
        self.behind(Segment::Index(index), Note::AbsentItem)
    }

    /// Absence only concerns the innermost member or item.
    fn behind(mut self, step: Segment, absent: Note) -> Self {
        let is_innermost = self.steps.is_empty();
        self.note = if is_innermost && matches!(self.note, Note::Absent) { absent } else { Note::Located };
        self.steps.push(step);
        self
    }

    fn place(&self) -> Vec<Segment> {
        self.steps.iter().rev().cloned().collect()
    }

    /// The place, outermost step first, and the message.
    pub fn into_parts(self) -> (Vec<Segment>, Reason) {
        (self.place(), self.reason)
    }
}

impl fmt::Display for PlacedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let message = match &self.reason {
            Reason::Missing => MISSING,
            Reason::Type { message, .. } | Reason::Other(message) => message,
        };
        Labelled(&path(&self.place()), message).fmt(f)
    }
}

impl Error for PlacedError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.note)
    }
}

impl de::Error for PlacedError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { steps: Vec::new(), reason: Reason::Other(message.to_string()), note: Note::Located }
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn de::Expected) -> Self {
        let message = |found: &dyn fmt::Display| format!("invalid type: {found}, expected {expected}");
        let kind = match found {
            Unexpected::Bool(_) => "boolean",
            Unexpected::Unsigned(_) | Unexpected::Signed(_) => "integer",
            Unexpected::Float(_) => "floating-point number",
            Unexpected::Str(_) => "string",
            other => return Self::custom(message(&other)),
        };
        let reason = Reason::Type { message: message(&found), brief: message(&kind) };
        Self { steps: Vec::new(), reason, note: Note::Located }
    }

    fn missing_field(name: &'static str) -> Self {
        let steps = vec![Segment::Member(Cow::Borrowed(name))];
        Self { steps, reason: Reason::Missing, note: Note::Located }
    }
}

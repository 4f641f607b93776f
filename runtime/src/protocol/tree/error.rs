//! What is wrong with an answer, and where.

use std::{error::Error as StdError, fmt};

use serde_core::de;

use crate::codec::decode::Note;

/// What is wrong, and where: `Gateways.Gateway[3].Size`.
#[derive(Debug)]
pub(in crate::protocol) struct Error {
    place: String,
    message: String,
    note: Note,
}

impl Error {
    #[cold]
    pub(super) fn absent() -> Self {
        let message = "nothing stands where a value is needed".to_owned();
        Self { place: String::new(), message, note: Note::Absent }
    }

    pub(super) fn within(self, member: &str) -> Self {
        self.behind(member.to_owned(), Note::Absent)
    }

    pub(super) fn within_item(self, index: usize) -> Self {
        self.behind(format!("[{index}]"), Note::AbsentItem)
    }

    /// Absence concerns the innermost member or item alone.
    fn behind(self, mut place: String, absent: Note) -> Self {
        let is_innermost = self.place.is_empty();
        let note = if is_innermost && matches!(self.note, Note::Absent) { absent } else { Note::Located };
        place.push_str(if is_innermost || self.place.starts_with('[') { "" } else { "." });
        place.push_str(&self.place);
        Self { place, note, ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => f.write_str(&self.message),
            place => write!(f, "{place}: {}", self.message),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.note)
    }
}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { place: String::new(), message: message.to_string(), note: Note::Located }
    }
}

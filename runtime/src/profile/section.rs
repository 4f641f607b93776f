//! Sections and lines of a shared file.

use std::{fmt, sync::Arc};

use zeroize::Zeroize as _;

use super::{Origin, SettingsError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Profile,
    BareDefault,
    Services,
    SsoSession,
    Other,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum File {
    Config,
    Credentials,
}

/// A section of a file.
#[derive(Debug)]
pub(super) struct Section {
    pub(super) kind: Kind,
    pub(super) name: String,
    pub(super) properties: Vec<(String, Property)>,
    /// The first invalid line.
    pub(super) malformed: Option<Malformed>,
}

/// A value and its line. `Debug` omits the value.
pub(crate) struct Property {
    pub(crate) value: String,
    /// The block of deeper lines below `key =`.
    pub(super) nested: Vec<(String, String)>,
    pub(crate) place: Place,
}

/// A line of a file.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) path: Arc<str>,
    pub(crate) line: usize,
    pub(super) file: File,
}

/// An invalid line and its problem. The text of the line is not kept, since it may contain a secret.
#[derive(Debug)]
pub(super) struct Malformed {
    place: Place,
    problem: &'static str,
}

impl Section {
    pub(super) fn is(&self, kind: Kind, name: &str) -> bool {
        self.kind == kind && self.name == name
    }
}

impl Place {
    pub(super) fn malformed(self, problem: &'static str) -> Malformed {
        Malformed { place: self, problem }
    }
}

impl Malformed {
    pub(super) fn error(&self) -> SettingsError {
        let Place { path, line, .. } = &self.place;
        SettingsError::new(&format_args!("{path}:{line}"), self.problem)
    }
}

impl Property {
    /// Whether the section comes from `~/.aws/credentials`, or the file used instead.
    pub(crate) fn is_in_credentials(&self) -> bool {
        self.place.file == File::Credentials
    }

    /// The origin of the value, for error texts.
    pub(crate) fn origin(&self, key: &str) -> Origin {
        let Place { path, line, .. } = &self.place;
        Origin::Profile { path: path.to_string(), line: *line, key: key.to_owned() }
    }
}

impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Property").field("place", &self.place).finish_non_exhaustive()
    }
}

/// Omits values, which may be secrets.
impl Drop for Property {
    fn drop(&mut self) {
        self.value.zeroize();
    }
}

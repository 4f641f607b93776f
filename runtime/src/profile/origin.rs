//! Where settings are from, and which cannot be used.

use std::fmt;

/// Where a setting is from.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The caller set it in the client's builder.
    Builder,
    /// This environment variable.
    Variable(String),
    /// A profile of the shared files.
    Profile {
        /// The file.
        path: String,
        /// Its line.
        line: usize,
        /// The key there.
        key: String,
    },
    /// A profile of a file in JSON.
    Json {
        /// The file.
        path: String,
        /// The profile.
        profile: String,
        /// The member of it.
        key: String,
    },
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Builder => f.write_str("the builder"),
            Self::Variable(name) => f.write_str(name),
            Self::Profile { path, line, key } => write!(f, "{path}:{line}: {key}"),
            Self::Json { path, profile, key } => write!(f, "{path}: profile `{profile}`: {key}"),
        }
    }
}

/// A setting that cannot be used: where it is from, what is wrong, what would be right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsError {
    place: String,
    problem: String,
}

impl SettingsError {
    pub(crate) fn new(place: &dyn fmt::Display, problem: impl Into<String>) -> Self {
        Self { place: place.to_string(), problem: problem.into() }
    }
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.problem)
    }
}

impl std::error::Error for SettingsError {}

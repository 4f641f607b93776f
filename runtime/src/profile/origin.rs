//! Origins of settings, and errors about them.

use std::fmt;

/// The origin of a setting.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Origin {
    /// The caller, who set it in the client's builder.
    Builder,
    /// This environment variable.
    Variable(String),
    /// A profile of the shared files.
    Profile {
        /// The file.
        path: String,
        /// The line.
        line: usize,
        /// The key.
        key: String,
    },
    /// A profile of a file in JSON.
    Json {
        /// The file.
        path: String,
        /// The profile.
        profile: String,
        /// The member of the profile.
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

/// A setting that cannot be used: its origin, the problem and a remedy.
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

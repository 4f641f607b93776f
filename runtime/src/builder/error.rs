//! Errors of building a client.

use std::fmt;

use crate::{endpoint::EndpointError, settings::SettingsError, transport::SettingError};

/// Why a client cannot be built.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// A setting, or a file of settings, is malformed.
    Settings(SettingsError),
    /// The settings yield no endpoint.
    Endpoint(EndpointError),
    /// The transport cannot be created.
    Transport(SettingError),
    /// The user agent's suffix has characters that a header cannot hold.
    UserAgent,
    /// The API, or how its requests are signed, is unknown.
    Target(super::TargetError),
}

impl From<SettingsError> for BuildError {
    fn from(error: SettingsError) -> Self {
        Self::Settings(error)
    }
}

impl From<EndpointError> for BuildError {
    fn from(error: EndpointError) -> Self {
        Self::Endpoint(error)
    }
}

impl From<SettingError> for BuildError {
    fn from(error: SettingError) -> Self {
        Self::Transport(error)
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Settings(error) => error.fmt(f),
            Self::Endpoint(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Target(error) => error.fmt(f),
            Self::UserAgent => {
                f.write_str("the user agent's suffix: only visible ASCII characters and spaces")
            }
        }
    }
}

impl std::error::Error for BuildError {}

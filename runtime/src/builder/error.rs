//! Why a client cannot be set up.

use std::fmt;

use crate::{endpoint::EndpointError, settings::SettingsError, transport::SettingError};

/// Why a client cannot be set up.
#[derive(Debug)]
#[non_exhaustive]
pub enum BuildError {
    /// A setting, or a file of settings, is malformed.
    Settings(SettingsError),
    /// The settings have no endpoint.
    Endpoint(EndpointError),
    /// The transport cannot be set up.
    Transport(SettingError),
    /// The user agent's suffix holds characters that no header may.
    UserAgent,
    /// It is not known which API is meant, or how its requests are signed.
    #[cfg(feature = "raw-http")]
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
            #[cfg(feature = "raw-http")]
            Self::Target(error) => error.fmt(f),
            Self::UserAgent => {
                f.write_str("the user agent's suffix: only visible ASCII characters and spaces")
            }
        }
    }
}

impl std::error::Error for BuildError {}

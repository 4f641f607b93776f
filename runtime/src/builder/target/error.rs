//! Errors about the API that a client calls.

use std::fmt;

use super::super::BuildError;

/// Why the API, or how its requests are signed, is unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// The region is unknown.
    NoRegion {
        /// The host or API.
        host: String,
    },
    /// Two sources name different regions.
    OtherRegion {
        /// The host.
        host: String,
        /// The host's region.
        region: String,
        /// The other region.
        other: String,
    },
    /// APIs share the host, and the API's id is missing.
    NoApi {
        /// The host.
        host: String,
    },
    /// The host and the id belong to different APIs.
    OtherApi {
        /// The host.
        host: String,
        /// The id.
        id: String,
    },
    /// The URL's host already names the API. No other host can be set.
    OtherHost {
        /// The host.
        host: String,
    },
    /// The host is not the host of an API.
    NotCalled {
        /// The host.
        host: String,
        /// The reason, and the right host.
        reason: &'static str,
    },
    /// The service accepts HTTPS only.
    Https {
        /// The host.
        host: String,
    },
    /// A part of the target is malformed.
    Part {
        /// The part.
        part: &'static str,
        /// The problem.
        problem: &'static str,
    },
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRegion { host } => {
                write!(
                    f,
                    "{host}: the region of the API is unknown; set `region`, which may differ from your own region"
                )
            }
            Self::OtherRegion { host, region, other } => write!(
                f,
                "{host}: its region is {region}, and {other} was set; requests are signed for the API's own region"
            ),
            Self::NoApi { host } => {
                write!(f, "{host}: APIs share this host, and the API is missing; set `host` or `api_id`")
            }
            Self::OtherApi { host, id } => {
                write!(f, "{host}: is not the host of API {id:?}; set its URL or its id, not both")
            }
            Self::OtherHost { host } => {
                write!(
                    f,
                    "{host}: already names the API, so that no other host can be set; do not set `host`"
                )
            }
            Self::NotCalled { host, reason } => write!(f, "{host}: {reason}"),
            Self::Https { host } => {
                write!(f, "{host}: accepts only HTTPS; begin the URL with https://")
            }
            Self::Part { part, problem } => write!(f, "the {part} {problem}"),
        }
    }
}

impl std::error::Error for TargetError {}

impl From<TargetError> for BuildError {
    fn from(error: TargetError) -> Self {
        Self::Target(error)
    }
}

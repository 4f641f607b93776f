//! Why it is not known which API is meant, or how its requests are signed.

use std::fmt;

use super::super::BuildError;

/// Why it is not known which API is meant, or how its requests are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TargetError {
    /// The region is unknown.
    NoRegion {
        /// The host, or the API.
        host: String,
    },
    /// Two regions are stated.
    OtherRegion {
        /// The host.
        host: String,
        /// Its region.
        region: String,
        /// The other one.
        other: String,
    },
    /// APIs share the host, and the API's id is missing.
    NoApi {
        /// The host.
        host: String,
    },
    /// The host belongs to another API than the id.
    OtherApi {
        /// The host.
        host: String,
        /// The id.
        id: String,
    },
    /// The URL's host says which API is called, so that no other can be sent.
    OtherHost {
        /// The host.
        host: String,
    },
    /// No API is called at this host.
    NotCalled {
        /// The host.
        host: String,
        /// Why, and where one is called.
        reason: &'static str,
    },
    /// The service is reached by HTTPS only.
    Https {
        /// The host.
        host: String,
    },
    /// A part has no form that can be used.
    Part {
        /// Which one.
        part: &'static str,
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl fmt::Display for TargetError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRegion { host } => {
                write!(
                    f,
                    "{host}: nothing tells the region of the API; set `region`, yours need not be the API's"
                )
            }
            Self::OtherRegion { host, region, other } => write!(
                f,
                "{host}: its region is {region}, and {other} was set; requests are signed for the API's own region"
            ),
            Self::NoApi { host } => {
                write!(f, "{host}: APIs share this host, and none is named; set `host` or `api_id`")
            }
            Self::OtherApi { host, id } => {
                write!(f, "{host}: is not the host of API {id:?}; set its URL or its id, not both")
            }
            Self::OtherHost { host } => {
                write!(
                    f,
                    "{host}: says which API is called, so that no other host can be sent; do not set `host`"
                )
            }
            Self::NotCalled { host, reason } => write!(f, "{host}: {reason}"),
            Self::Https { host } => {
                write!(f, "{host}: is reached by HTTPS only; begin the URL with https://")
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

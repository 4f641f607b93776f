//! What errors mean for the caller, without their names.

use http::StatusCode;

use super::{Error, ResponseMetadata};
use crate::{Category, identity::SourceFault, operation::ServiceErrorCode};

/// Classification. Retries classify failures by the same lookup: what is throttling or transient here was retried, within the
/// limits of the call and unless [`retry`](crate::retry) changes it.
impl<C: ServiceErrorCode> Error<C> {
    /// The HTTP status, if a response was received.
    pub fn status(&self) -> Option<StatusCode> {
        self.metadata().map(ResponseMetadata::status)
    }

    /// What the error means for the caller, if that is known.
    ///
    /// Error responses are identified by code, exception, message and status, as for [`explain`](Self::explain). Refused
    /// input is of the client, and missing credentials are about authentication. A transport failure, or a hook
    /// that stops the call, is transient if another attempt may succeed. A response that could not be decoded has no category.
    pub fn category(&self) -> Option<Category> {
        match self {
            Self::Input(_) => Some(Category::Client),
            Self::Credentials(_) => Some(Category::Auth),
            Self::Hook(failure) => failure.error.is_transient().then_some(Category::Transient),
            Self::Transport(failure) => failure.error.may_pass().then_some(Category::Transient),
            Self::Service(error) => error.category(),
            Self::Response(_) => None,
        }
    }

    /// Whether there were too many requests: wait before the next one.
    pub fn is_throttling(&self) -> bool {
        self.category() == Some(Category::Throttling)
    }

    /// Whether another attempt may succeed, and it was not throttling. The service may have executed the request.
    ///
    /// Calls without credentials are not retried, and never transient here; ask
    /// [`CredentialsError::is_transient`](crate::credentials::CredentialsError::is_transient).
    pub fn is_transient(&self) -> bool {
        self.category() == Some(Category::Transient)
    }

    /// Whether a time limit passed. The limit may be that of the connection, the attempt, the call or the search for
    /// credentials, or a server's own (status 408 or 504).
    pub fn is_timeout(&self) -> bool {
        match self {
            Self::Transport(failure) => failure.error.kind().is_timeout(),
            Self::Service(error) => error.is_timeout(),
            Self::Credentials(failure) => {
                failure.error.tried().any(|(_, _, fault)| fault == SourceFault::TimedOut)
            }
            Self::Input(_) | Self::Hook(_) | Self::Response(_) => false,
        }
    }

    /// Whether the caller has no permission. Invalid credentials and signatures are [`Category::Auth`] instead.
    pub fn is_access_denied(&self) -> bool {
        self.category() == Some(Category::AccessDenied)
    }

    /// Whether something that the request names does not exist.
    pub fn is_not_found(&self) -> bool {
        self.category() == Some(Category::NotFound)
    }
}

//! Hooks of users, which observe every call of a client and may change requests.

use std::{fmt, time::Duration};

use http::StatusCode;

pub use crate::error::HookError;
use crate::{
    error::ResponseMetadata,
    identity::CredentialsError,
    protocol::Fault,
    wire::{Request, TransportError},
};

/// Observes every attempt of a client's calls. May change or stop a request before it is signed.
///
/// A hook runs within the call, so it should be quick. The default methods do nothing.
///
/// ```
/// # extern crate gatewright_runtime as gatewright;
/// use gatewright::{hook::{Attempt, AttemptReport, Hook, HookError}, transport::Request};
///
/// #[derive(Debug)]
/// struct Trace;
///
/// impl Hook for Trace {
///     fn before_signing(&self, attempt: &Attempt, request: &mut Request) -> Result<(), HookError> {
///         if attempt.operation.starts_with("Delete") {
///             return Err(HookError::new("this program deletes nothing"));
///         }
///         request.headers_mut().insert("x-attempt", attempt.number.into());
///         Ok(())
///     }
///
///     fn after_attempt(&self, attempt: &Attempt, report: &AttemptReport<'_>) {
///         println!("{} {}: {:?} after {:?}", attempt.operation, attempt.number, report.outcome, report.duration);
///     }
/// }
/// ```
pub trait Hook: fmt::Debug + Send + Sync + 'static {
    /// Called before an attempt is signed and sent. Changes of the request are signed, and apply to this attempt only.
    ///
    /// # Errors
    /// [`HookError`], made from any error by `?`, to stop the call: nothing is sent, later hooks are not asked, and the
    /// caller gets [`Error::Hook`](crate::Error::Hook), whose source is the hook's own error.
    fn before_signing(&self, _attempt: &Attempt, _request: &mut Request) -> Result<(), HookError> {
        Ok(())
    }

    /// Called after an attempt.
    fn after_attempt(&self, _attempt: &Attempt, _report: &AttemptReport<'_>) {}

    /// Called after a call, unless the call is dropped before its end.
    fn after_call(&self, _report: &CallReport<'_>) {}
}

/// An attempt of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Human-readable name of the service: `AWS Lambda`.
    pub service: &'static str,
    /// Name of the operation.
    pub operation: &'static str,
    /// 1 for the first attempt. An attempt that is repeated over a new connection, since the server had closed the
    /// reused one, keeps its number.
    pub number: u32,
}

/// A report about an attempt.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// Time from sending to the end of the response.
    pub duration: Duration,
    /// The outcome.
    pub outcome: Outcome<'a>,
    /// The wait before the next attempt; `None` after the last attempt.
    pub next: Option<Duration>,
}

/// A report about a call.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CallReport<'a> {
    /// The last attempt.
    pub last: Attempt,
    /// Time of the whole call, including waits between attempts.
    pub duration: Duration,
    /// The outcome.
    pub outcome: Outcome<'a>,
}

/// The outcome of an attempt or a call. `Debug` omits bodies.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Outcome<'a> {
    /// A response.
    Succeeded(&'a ResponseMetadata),
    /// An error of the service.
    Refused(&'a Fault, &'a ResponseMetadata),
    /// A successful response that could not be decoded.
    Undecodable(&'a ResponseMetadata),
    /// No response.
    NoResponse(&'a TransportError),
    /// No credentials: nothing was sent.
    Unsigned(&'a CredentialsError),
    /// A hook stopped the call: nothing was sent.
    Stopped(&'a HookError),
}

impl Outcome<'_> {
    /// HTTP status, if a response was received.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Succeeded(metadata) | Self::Refused(_, metadata) | Self::Undecodable(metadata) => {
                Some(metadata.status())
            }
            Self::NoResponse(_) | Self::Unsigned(_) | Self::Stopped(_) => None,
        }
    }
}

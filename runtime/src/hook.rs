//! A look at every call of a client from outside: for metrics, and for changing requests.

use std::{fmt, time::Duration};

use http::StatusCode;

use crate::{
    error::ResponseMetadata,
    identity::CredentialsError,
    protocol::Fault,
    wire::{Request, TransportError},
};

/// Observes every attempt of a client's calls, and may change a request before it is signed.
///
/// It runs within the call, between its waits: it should be quick. Every method does nothing unless written.
///
/// ```
/// use gatewright_runtime::{hook::{Attempt, AttemptReport, Hook}, transport::Request};
///
/// #[derive(Debug)]
/// struct Trace;
///
/// impl Hook for Trace {
///     fn before_signing(&self, attempt: &Attempt, request: &mut Request) {
///         request.headers_mut().insert("x-attempt", attempt.number.into());
///     }
///
///     fn after_attempt(&self, attempt: &Attempt, report: &AttemptReport<'_>) {
///         println!("{} {}: {:?} after {:?}", attempt.operation, attempt.number, report.outcome, report.duration);
///     }
/// }
/// ```
pub trait Hook: fmt::Debug + Send + Sync + 'static {
    /// An attempt is about to be signed and sent. What is changed here is signed, and sent at this attempt alone.
    fn before_signing(&self, _attempt: &Attempt, _request: &mut Request) {}

    /// An attempt is over.
    fn after_attempt(&self, _attempt: &Attempt, _report: &AttemptReport<'_>) {}

    /// A call is over. One that is dropped before its end is not reported.
    fn after_call(&self, _report: &CallReport<'_>) {}
}

/// An attempt of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Attempt {
    /// Name that people know the service by: `AWS Lambda`.
    pub service: &'static str,
    /// Name of the operation.
    pub operation: &'static str,
    /// 1 for the first attempt. One that is repeated over a fresh connection, since the kept one had been closed, keeps
    /// its number.
    pub number: u32,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct AttemptReport<'a> {
    /// Time from sending to the end of the response.
    pub duration: Duration,
    /// What came of it.
    pub outcome: Outcome<'a>,
    /// The wait before the next attempt; `None` after the last one.
    pub next: Option<Duration>,
}

/// How a call ended.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct CallReport<'a> {
    /// The last attempt.
    pub last: Attempt,
    /// Time of the whole call, waits between attempts included.
    pub duration: Duration,
    /// What came of it.
    pub outcome: Outcome<'a>,
}

/// What came of an attempt, or of a call. Bodies are left out of `Debug`.
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
}

impl Outcome<'_> {
    /// HTTP status, if a response was received.
    pub fn status(&self) -> Option<StatusCode> {
        match self {
            Self::Succeeded(metadata) | Self::Refused(_, metadata) | Self::Undecodable(metadata) => {
                Some(metadata.status())
            }
            Self::NoResponse(_) | Self::Unsigned(_) => None,
        }
    }
}

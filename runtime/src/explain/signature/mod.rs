//! Why a signature was refused.
//!
//! [`find`] puts a refusal down to one [`Verdict`], by what the service says and by comparing the texts that it
//! computed with those that were signed here, and [`Finding::explain`] tells it to a person. Nothing that they give
//! holds a token or another secret.

mod canonical;
mod case;
mod compare;
mod finding;
mod hints;
mod lines;
mod message;
#[cfg(feature = "rpc-v1")]
mod rpc;
mod rules;
mod sentences;
mod signed;
mod tell;
mod uri;
mod verdict;
mod words;

use std::{fmt, time::SystemTime};

pub(super) use self::{canonical::Canonical, case::is_signature, lines::own_clock, uri::percent_decoded};
pub use self::{
    finding::{Clock, Difference, Finding, NextFault, Part, ScopeFault, ScopeField, Side},
    signed::SignedRequest,
    verdict::{Hint, Retry, Verdict},
};

/// Everything that is known of a refusal; what is not known stays as [`Default`] has it.
#[derive(Clone, Copy, Default)]
#[non_exhaustive]
pub struct Refusal<'a> {
    /// What was signed; `None`: nothing, or it is not known.
    pub signed: Option<&'a SignedRequest>,
    /// Scheme of the `Authorization` as sent: `AWS4-HMAC-SHA256`, `Bearer`; `None`: no such header.
    pub authorization_scheme: Option<&'a str>,
    /// `x-amz-target` as sent.
    pub target: Option<&'a str>,
    /// Prefixes of `x-amz-target` that the service knows: `StorageGateway_20130630`.
    pub accepted_targets: &'a [&'a str],
    /// `Host` as sent.
    pub host: Option<&'a str>,
    /// Status of the answer; 0 if it is not known.
    pub status: u16,
    /// Name of the error, in any of the forms in which services send it.
    pub code: Option<&'a str>,
    /// Message of the error.
    pub message: Option<&'a str>,
    /// `Date` of the answer.
    pub date: Option<SystemTime>,
    /// This machine's clock when the answer came.
    pub received_at: Option<SystemTime>,
}

/// Why the signature was refused; `None` where the answer is not about a signature.
///
/// The decision table is read from its top, and its first rule that applies decides. A comparison of texts names
/// every line that differs all the same.
pub fn find(refusal: &Refusal<'_>) -> Option<Finding> {
    rules::find(refusal)
}

/// Without the message, which may hold a token.
impl fmt::Debug for Refusal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Refusal")
            .field("status", &self.status)
            .field("code", &self.code)
            .field("host", &self.host)
            .field("target", &self.target)
            .field("signed", &self.signed)
            .finish_non_exhaustive()
    }
}

//! Why a signature was refused.
//!
//! [`find`] identifies the [`Verdict`] of a refusal, from the service's message and by comparing the texts that the
//! service computed with the signed ones. [`Finding::explain`] explains it. Neither shows a token or another secret.

mod case;
mod compare;
mod evidence_lines;
mod finding;
mod masked;
mod parse_message;
mod render;
mod rules;
mod scope_texts;
mod service_sentences;
mod uri;
mod verdict;

pub(super) use self::{
    case::{is_signature, kind},
    evidence_lines::own_clock,
    uri::percent_decoded,
};
pub use self::{
    finding::{Candidate, Clock, Difference, Finding, NextFault, Part, ScopeFault, ScopeField, Side},
    verdict::{Hint, Retry, Verdict},
};
use super::Refused;
use crate::sign::CanonicalRequest;
pub use crate::sign::SignedRequest;

/// The canonical request that a service shows in its message.
pub(crate) fn canonical_request_in(message: &str) -> Option<CanonicalRequest> {
    parse_message::Message::read(message).texts.canonical_request
}

/// Why the signature was refused; `None` if the response is not about a signature.
///
/// The first rule of the decision table that applies decides. If texts are compared, the finding has every line that
/// differs.
pub fn find(refused: &Refused) -> Option<Finding> {
    rules::find(refused)
}

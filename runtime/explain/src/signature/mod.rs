//! Why a signature was refused.
//!
//! [`find`] puts a refusal down to one [`Verdict`], by what the service says and by comparing the texts that it
//! computed with those that were signed here, and [`Finding::explain`] tells it to a person. Nothing that they give
//! holds a token or another secret.

mod case;
mod compare;
mod evidence_lines;
mod finding;
mod hint_texts;
mod masked;
mod parse_message;
mod render;
mod rules;
mod service_sentences;
mod uri;
mod verdict;
mod verdict_texts;

pub(super) use self::{case::is_signature, evidence_lines::own_clock, uri::percent_decoded};
pub use self::{
    finding::{Candidate, Clock, Difference, Finding, NextFault, Part, ScopeFault, ScopeField, Side},
    verdict::{Hint, Retry, Verdict},
};
use super::Refused;
pub use crate::sign::SignedRequest;

/// Why the signature was refused; `None` where the answer is not about a signature.
///
/// The decision table is read from its top, and its first rule that applies decides. A comparison of texts names
/// every line that differs all the same.
pub fn find(refused: &Refused) -> Option<Finding> {
    rules::find(refused)
}

//! Responses that could not be decoded.

use std::{error::Error as StdError, fmt};

use super::{Called, ResponseMetadata};
use crate::{explain, mask, secrets::Secrets, text::OneLine};

/// A response, or the members of an error, that could not be decoded.
pub struct ResponseError {
    pub(crate) called: Called,
    pub(crate) reason: String,
    pub(crate) metadata: ResponseMetadata,
}

impl ResponseError {
    /// What `reason` says of a response, without secrets that occur only there.
    pub(crate) fn conceal(reason: &str, body: &[u8], members: &[&str]) -> String {
        let reason = explain::beginning(reason);
        let reason = Secrets::of_json(reason, body, members).conceal_text(reason);
        mask::cut_at_members(reason.into_owned(), members)
    }

    /// Why the response could not be decoded.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Status, headers, body and attempts.
    pub fn metadata(&self) -> &ResponseMetadata {
        &self.metadata
    }
}

impl StdError for ResponseError {}

impl fmt::Debug for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseError")
            .field("operation", &self.called)
            .field("reason", &OneLine(&self.reason).to_string())
            .field("metadata", &self.metadata)
            .finish()
    }
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the response could not be decoded", self.called)?;
        if let Some(reason) = OneLine::of(Some(&self.reason)) {
            write!(f, ": {reason}")?;
        }
        write!(f, " ({})", self.metadata)
    }
}

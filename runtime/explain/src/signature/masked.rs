//! Comparison of values that may be masked, and their display.

use crate::mask::{MASK, is_digest, is_secret, mask};

/// The hash of an empty payload.
pub(super) const EMPTY_HASH: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

/// Whether two secrets may be the same.
///
/// Masked values are compared by their hashes, if both masks have one. A masked value may equal any value without a
/// mask.
pub(super) fn may_be_same(ours: &str, theirs: &str) -> bool {
    let are_there = !ours.trim().is_empty() && !theirs.trim().is_empty();
    let is_unknown = is_mask(ours) || is_mask(theirs) || is_digest(ours) != is_digest(theirs);
    ours == theirs || are_there && is_unknown
}

/// Whether a value is a mask instead of a secret.
pub(super) fn is_mask(value: &str) -> bool {
    let value = value.trim().trim_matches(['<', '>', '[', ']']);
    let word = ["redacted", "masked", "hidden"].iter().any(|word| value.eq_ignore_ascii_case(word));
    word || !value.is_empty() && value.chars().all(|c| matches!(c, '*' | '…' | '•'))
}

/// `***` and the length of the secret, which shows whether a secret was cut off.
pub(super) fn hidden(value: &str) -> String {
    if is_digest(value) {
        value.trim().to_owned()
    } else if is_mask(value) {
        MASK.to_owned()
    } else {
        format!("*** ({} characters)", value.chars().count())
    }
}

/// A header's value, unless that is a secret.
pub(super) fn shown_header(name: &str, value: &str) -> String {
    if is_secret(name) { hidden(value) } else { mask(value) }
}

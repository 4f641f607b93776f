//! Texts with references in braces.

use crate::error::{Place, Report};

/// A part of a text.
pub(super) enum Part<'a> {
    /// Literal text; never empty.
    Text(&'a str),
    /// The text between braces.
    Reference(&'a str),
}

/// `arn:{Partition}:…`: names in braces, the rest literal. `None` if a brace is not closed.
pub(super) fn parts<'a>(text: &'a str, place: &Place, report: &mut Report) -> Option<Vec<Part<'a>>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some((literal, after)) = rest.split_once('{') {
        let Some((reference, after)) = after.split_once('}') else {
            report.fault(place, "has a brace that does not end, add \"}\"");
            return None;
        };
        parts.extend((!literal.is_empty()).then_some(Part::Text(literal)));
        parts.push(Part::Reference(reference));
        rest = after;
    }
    parts.extend((!rest.is_empty()).then_some(Part::Text(rest)));
    Some(parts)
}

//! Texts with references in braces.

use crate::error::{Place, Report};

/// A part of a text.
pub(super) enum Part<'a> {
    /// Text as it is; never empty.
    Text(&'a str),
    /// What braces are around.
    Reference(&'a str),
}

/// `arn:{Partition}:…`: names in braces, the rest as it is. `None` if a brace does not end.
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

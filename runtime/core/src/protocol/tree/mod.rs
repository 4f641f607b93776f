//! Responses as trees, in any format, and types from them.

mod node;
mod read;
mod xml;

use std::fmt;

pub(super) use self::{
    node::Node,
    read::{Style, value},
};
#[cfg(feature = "aws-query")]
pub(super) use self::{
    node::decode,
    xml::{Document, parse as parse_xml},
};
use super::{DecodeError, error_body::MAX_TREE};
use crate::wire::Response;

/// The body of an error response, or nothing of one that is too long for a tree.
pub(super) fn error_document(response: &Response) -> &[u8] {
    let body = response.body();
    if body.len() > MAX_TREE { &[] } else { body }
}

/// The same; responses of success are read whole anyway.
pub(super) fn document_with_id(response: &Response) -> &[u8] {
    if response.status().is_success() { response.body() } else { error_document(response) }
}

/// Where XML is no surprise; a web page is.
pub(super) fn unreadable_xml(body: &[u8], reason: impl fmt::Display) -> DecodeError {
    let start = body.trim_ascii_start();
    let begins =
        |tag: &str| start.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag.as_bytes()));
    if begins("<!doctype html") || begins("<html") {
        let guess = "the body is a web page; a proxy or another server may have answered";
        DecodeError::Unreadable(format!("{guess} ({reason})"))
    } else if start.starts_with(b"<") {
        DecodeError::Unreadable(reason.to_string())
    } else {
        DecodeError::unreadable(body, reason)
    }
}

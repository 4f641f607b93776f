//! Bodies that become trees.

use std::fmt;

use crate::{
    protocol::{
        DecodeError,
        error_body::MAX_TREE,
        tree::node::{Node, decode},
    },
    wire::Response,
};

/// The tree of a body in JSON or XML, depending on its first byte.
pub(in crate::protocol) fn any_document(body: &[u8]) -> Result<Node<'_>, String> {
    let text = decode(body)?;
    if text.trim_ascii_start().starts_with('<') {
        super::parse(text).map(|document| document.content)
    } else {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

/// The tree of an error response's body; empty if the body is too large for a tree.
pub(in crate::protocol) fn error_document(response: &Response) -> &[u8] {
    let body = response.body();
    if body.len() > MAX_TREE { &[] } else { body }
}

/// The tree of any body; successful responses are read completely in any case.
pub(in crate::protocol) fn document_with_id(response: &Response) -> &[u8] {
    if response.status().is_success() { response.body() } else { error_document(response) }
}

/// Whether XML is expected; a web page is not.
pub(in crate::protocol) fn unreadable_xml(body: &[u8], reason: impl fmt::Display) -> DecodeError {
    let start = body.trim_ascii_start();
    let begins =
        |tag: &str| start.get(..tag.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(tag.as_bytes()));
    if begins("<!doctype html") || begins("<html") {
        let guess = "the body is a web page; a proxy or another server may have responded";
        DecodeError::Unreadable(format!("{guess} ({reason})"))
    } else if start.starts_with(b"<") {
        DecodeError::Unreadable(reason.to_string())
    } else {
        DecodeError::unreadable(body, reason)
    }
}

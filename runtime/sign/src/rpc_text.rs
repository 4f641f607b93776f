//! The string to sign of version 1.0 of RPC services, which contains the canonical request.

use super::texts::{CanonicalRequest, lossy};
use crate::percent::{decode, encode, is_unreserved};

/// Method, path and canonical query, percent-encoded once more. A mask in the query is not encoded.
pub(super) fn string_to_sign(method: &str, canonical_query: &str) -> String {
    let mut text = [method, "&%2F&"].concat().into_bytes();
    encode(&mut text, canonical_query.as_bytes(), |byte| is_unreserved(byte) || byte == b'*');
    lossy(&text)
}

/// The canonical request within a string to sign: without headers and body, which this signature does not cover.
pub(super) fn canonical_request(method: &str, canonical_query: String) -> CanonicalRequest {
    CanonicalRequest {
        method: method.to_owned(),
        path: "/".to_owned(),
        query: canonical_query,
        headers: Vec::new(),
        has_empty_line: true,
        names: Some(String::new()),
        payload_hash: Some(String::new()),
    }
}

/// Reads a string to sign that another tool wrote; `None` if the text is something else.
pub(super) fn read_string_to_sign(text: &str) -> Option<CanonicalRequest> {
    // Neither part contains a blank, so that text after a blank belongs to the sentence around.
    let text = text.split_whitespace().next()?;
    let mut parts = text.splitn(3, '&');
    let (method, path, query) = (parts.next()?, parts.next()?, parts.next()?);
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) || path != "%2F" {
        return None;
    }
    Some(canonical_request(method, lossy(&decode(query.as_bytes(), false))))
}

//! Strings to sign of version 1.0 of RPC services: `POST&%2F&…`.

use super::canonical::Canonical;
use crate::percent::decode;

/// The canonical request that a string to sign stands for; one without headers and body, which this signature does not
/// cover. `None` where the text is none of its kind.
pub(super) fn canonical(string_to_sign: &str) -> Option<Canonical> {
    // Neither part holds a blank, so that what follows one belongs to the sentence around.
    let text = string_to_sign.split_whitespace().next()?;
    let mut parts = text.splitn(3, '&');
    let (method, path, query) = (parts.next()?, parts.next()?, parts.next()?);
    if method.is_empty() || !method.bytes().all(|byte| byte.is_ascii_uppercase()) || path != "%2F" {
        return None;
    }
    Some(Canonical {
        method: method.to_owned(),
        path: "/".to_owned(),
        query: String::from_utf8_lossy(&decode(query.as_bytes(), false)).into_owned(),
        empty_line: true,
        names: Some(String::new()),
        hash: Some(String::new()),
        headers: Vec::new(),
    })
}

//! Shared code of the signatures of RPC services. Parameters, sorted and percent-encoded, and the form of times.

use std::time::SystemTime;

use http::{HeaderMap, Uri, header::CONTENT_TYPE, uri::PathAndQuery};

use crate::{
    percent::{Pair, encode, is_unreserved, read_query},
    sigv4::SignError,
    time::Timestamp,
};

/// Parameters that a signature adds; they replace the parameters of an earlier signature.
pub const ADDED: [&str; 7] = [
    "AccessKeyId",
    "SecurityToken",
    "Signature",
    "SignatureMethod",
    "SignatureNonce",
    "SignatureVersion",
    "Timestamp",
];

/// The parameters of a form in the body. Empty if the body is not a form.
pub fn read_form(headers: &HeaderMap, body: &[u8]) -> Vec<Pair> {
    let is_form = headers.get(CONTENT_TYPE).is_some_and(|kind| {
        kind.as_bytes().to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded")
    });
    if is_form { read_query(str::from_utf8(body).unwrap_or_default()) } else { Vec::new() }
}

/// `Name=value&…`, sorted and percent-encoded.
pub(crate) fn canonical(mut pairs: Vec<Pair>) -> String {
    pairs.sort_unstable();
    let mut out = Vec::new();
    for (index, (name, value)) in pairs.iter().enumerate() {
        if index > 0 {
            out.push(b'&');
        }
        encode(&mut out, name, is_unreserved);
        out.push(b'=');
        encode(&mut out, value, is_unreserved);
    }
    String::from_utf8(out).expect("percent-encoded text is ASCII")
}

/// Replaces the query of a URI.
pub(crate) fn replace_query(uri: &mut Uri, query: &str) -> Result<(), SignError> {
    let mark = if query.is_empty() { "" } else { "?" };
    let target = [uri.path(), mark, query].concat();
    let mut parts = std::mem::take(uri).into_parts();
    parts.path_and_query = Some(PathAndQuery::try_from(target).map_err(|_| SignError::Target)?);
    *uri = Uri::from_parts(parts).map_err(|_| SignError::Target)?;
    Ok(())
}

/// Writes `2026-11-22T12:00:00Z`, without fractions of a second.
pub(crate) fn write_time(time: SystemTime) -> Result<String, SignError> {
    let time = Timestamp::from(time);
    // Within the years whose form has four digits.
    if !(0..253_402_300_800).contains(&time.seconds()) {
        return Err(SignError::Time);
    }
    Ok(Timestamp::from_seconds(time.seconds()).date_time().to_string())
}

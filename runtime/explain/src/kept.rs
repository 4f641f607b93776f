//! Foreign texts in evidence: their beginning, without secrets.

use http::HeaderMap;

use super::signature::SignedRequest;
use crate::{
    mask::{MASK, is_secret},
    protocol::Fault,
    secrets::{Secrets, mask_comparably, mask_members},
    text::within,
};

/// Bytes that are kept of a text.
const MAX_TEXT: usize = 64 << 10;

/// A body as text, without the values of these members.
pub(crate) fn body(body: &[u8], members: &[&str]) -> String {
    let text = String::from_utf8_lossy(body.get(..MAX_TEXT).unwrap_or(body));
    let values = Secrets::of_json(&text, body, members);
    mask_members(&values.conceal_text(&text), members)
}

/// Foreign text, shortened and without secrets.
pub fn text(text: &str) -> String {
    mask_comparably(beginning(text))
}

/// The part of a long text that is kept.
pub fn beginning(text: &str) -> &str {
    within(text, MAX_TEXT)
}

pub(crate) fn bounded(fault: &Fault, members: &[&str]) -> Fault {
    let kept = |part: &Option<String>| part.as_deref().map(|part| mask_members(beginning(part), members));
    let mut bounded = Fault::new(kept(&fault.exception), kept(&fault.message)).with_code(kept(&fault.code));
    (bounded.details, bounded.host_id) = (kept(&fault.details), kept(&fault.host_id));
    bounded.blame = kept(&fault.blame);
    bounded
}

pub(crate) fn headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let shown = |name: &str, value: &[u8]| {
        if is_secret(name) { MASK.to_owned() } else { text(&String::from_utf8_lossy(value)) }
    };
    headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), shown(name.as_str(), value.as_bytes())))
        .collect()
}

/// Headers that services, gateways and proxies set themselves.
const PUBLIC: &[&str] = &[
    "age",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "date",
    "retry-after",
    "server",
    "transfer-encoding",
    "vary",
    "via",
    "x-acs-request-id",
    "x-acs-trace-id",
    "x-amz-apigw-id",
    "x-amz-cf-id",
    "x-amz-cf-pop",
    "x-amz-id-2",
    "x-amz-request-id",
    "x-amzn-requestid",
    "x-amzn-trace-id",
    "x-cache",
];

/// Headers of a response that was not searched for secrets: the values of others are masked.
pub(crate) fn public_headers(headers: &HeaderMap) -> Vec<(String, String)> {
    let mut kept = self::headers(headers);
    for (name, value) in &mut kept {
        if !PUBLIC.contains(&name.as_str()) {
            MASK.clone_into(value);
        }
    }
    kept
}

/// The signed texts without session token, cookies and the like; of the access key id only the kind.
pub(crate) fn without_secrets(mut signed: SignedRequest) -> SignedRequest {
    let kind: String = signed.access_key_id.chars().take(4).filter(|char| *char != '*').collect();
    signed.texts = signed.texts.map(|header, value| match header {
        // Whether a value is a secret depends on the name before it.
        Some(name) => {
            let line = mask_comparably(&format!("{name}:{value}"));
            line.get(name.len() + 1..).unwrap_or(MASK).to_owned()
        }
        None => mask_comparably(value),
    });
    signed.access_key_id = kind + MASK;
    signed
}

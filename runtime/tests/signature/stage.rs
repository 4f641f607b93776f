//! A refusal, put together for a test.

use std::time::SystemTime;

use gatewright_runtime::{
    Explanation,
    explain::{
        Refused,
        signature::{Finding, SignedRequest, find},
    },
    time::Timestamp,
};

pub(crate) const EMPTY: &str = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
pub(crate) const BODY: &str = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a";
pub(crate) const MISMATCH: &str = "The request signature we calculated does not match the signature you provided. \
    Check your AWS Secret Access Key and signing method. Consult the service documentation for details.";

/// 2026-11-22 12:00:00, when everything here is signed.
pub(crate) fn noon() -> SystemTime {
    Timestamp::parse_date_time("2026-11-22T12:00:00Z").expect("a time").into()
}

/// A canonical request with the header names that its headers have.
pub(crate) fn canonical(
    method: &str,
    path: &str,
    query: &str,
    headers: &[(&str, &str)],
    hash: &str,
) -> String {
    let names: Vec<_> = headers.iter().map(|(name, _)| *name).collect();
    let lines: Vec<_> = headers.iter().map(|(name, value)| format!("{name}:{value}\n")).collect();
    format!("{method}\n{path}\n{query}\n{}\n{}\n{hash}", lines.concat(), names.join(";"))
}

/// A string to sign, with a hash as the hash of the canonical request.
pub(crate) fn string_to_sign(canonical: &str) -> String {
    let sum = canonical.bytes().fold(7_u64, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    format!("AWS4-HMAC-SHA256\n20261122T120000Z\n20261122/us-east-2/storagegateway/aws4_request\n{sum:064x}")
}

/// A message with both texts of the service.
pub(crate) fn message(canonical: &str) -> String {
    let string_to_sign = string_to_sign(canonical);
    format!(
        "{MISMATCH}\n\nThe Canonical String for this request should have been\n'{canonical}'\n\n\
         The String-to-Sign should have been\n'{string_to_sign}'\n"
    )
}

pub(crate) fn signed(canonical: &str) -> SignedRequest {
    SignedRequest::from_texts(canonical, &string_to_sign(canonical), "AKIAIOSFODNN7EXAMPLE", false)
}

/// A refusal with this message, of something signed.
pub(crate) fn refusal(signed: &SignedRequest, message: &str) -> Refused {
    let mut refused = refused("InvalidSignatureException", message);
    refused.signed = Some(signed.clone());
    refused.authorization_scheme = Some("AWS4-HMAC-SHA256".to_owned());
    refused.response.status = 403;
    date(&mut refused, Some(noon()));
    refused.response.received_at = Some(noon());
    refused
}

/// A refusal with this name and message.
pub(crate) fn refused(code: &str, message: &str) -> Refused {
    let mut refused = Refused::default();
    refused.fault.exception = Some(code.to_owned()).filter(|code| !code.is_empty());
    refused.fault.message = Some(message.to_owned()).filter(|message| !message.is_empty());
    refused
}

/// Sets the response's `Date`.
pub(crate) fn date(refused: &mut Refused, date: Option<SystemTime>) {
    let text = date.map(|date| Timestamp::from(date).http_date().to_string());
    refused.response.headers = text.map(|text| ("date".to_owned(), text)).into_iter().collect();
}

/// The finding, and its explanation.
#[track_caller]
pub(crate) fn explained(refusal: &Refused) -> (Finding, Explanation) {
    let finding = find(refusal).expect("the refusal is about a signature");
    let explanation = finding.explain(refusal);
    assert!(explanation.summary.contains(finding.verdict.as_str()), "{explanation}");
    assert!(!explanation.causes.is_empty() && !explanation.remedies.is_empty(), "{explanation}");
    (finding, explanation)
}

/// What the service's canonical request means when this is ours.
#[track_caller]
pub(crate) fn compared(ours: &str, theirs: &str) -> (Finding, Explanation) {
    explained(&refusal(&signed(ours), &message(theirs)))
}

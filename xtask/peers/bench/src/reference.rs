//! A slow and plain implementation of SigV4, over the headers that a signer chose to sign.

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha2::{Digest as _, Sha256};

use crate::contenders::{REGION, SECRET, SERVICE};

/// Fails if a request does not have the expected signature.
pub(crate) fn check(name: &str, headers: &[(String, String)], body: &[u8]) {
    let get = |wanted: &str| {
        let header = headers.iter().find(|(name, _)| name == wanted);
        header.map_or_else(|| panic!("{name}: no {wanted}"), |(_, value)| value.as_str())
    };
    let field = |start: &str| {
        let (_, rest) =
            get("authorization").split_once(start).unwrap_or_else(|| panic!("{name}: no {start}"));
        rest.split(',').next().unwrap_or(rest)
    };
    let (signed, date) = (field("SignedHeaders="), get("x-amz-date"));
    let lines: String = signed.split(';').map(|name| format!("{name}:{}\n", get(name))).collect();
    let canonical = format!("POST\n/\n\n{lines}\n{signed}\n{}", hex(&Sha256::digest(body)));
    let signature = signature(date, &canonical);
    assert_eq!(field("Signature="), signature, "{name}: not the reference's signature");
}

fn signature(date: &str, canonical: &str) -> String {
    let (day, _) = date.split_at(8);
    let hash = hex(&Sha256::digest(canonical));
    let to_sign = format!("AWS4-HMAC-SHA256\n{date}\n{day}/{REGION}/{SERVICE}/aws4_request\n{hash}");
    let start = format!("AWS4{SECRET}").into_bytes();
    let steps = [day, REGION, SERVICE, "aws4_request", &to_sign];
    hex(&steps.into_iter().fold(start, |key, step| mac(&key, step)))
}

fn mac(key: &[u8], text: &str) -> Vec<u8> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

//! Checksums of bodies, in headers of requests.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, HeaderName};

/// Header with a CRC-32 of the body.
pub const CRC32: HeaderName = HeaderName::from_static("x-amz-checksum-crc32");

/// Header that names the algorithm of the checksum.
pub const ALGORITHM: HeaderName = HeaderName::from_static("x-amz-sdk-checksum-algorithm");

/// Whether the headers have a checksum or the MD5 hash of the body.
pub fn is_given(headers: &HeaderMap) -> bool {
    // These name and qualify a checksum.
    let is_about = |name: &str| matches!(name, "algorithm" | "mode" | "type");
    headers.keys().map(HeaderName::as_str).any(|name| {
        name == "content-md5"
            || name.strip_prefix("x-amz-checksum-").is_some_and(|algorithm| !is_about(algorithm))
    })
}

/// The CRC-32 of a body (ISO 3309), as a header has it.
pub fn crc32(body: &[u8]) -> String {
    let shifted = |crc: u32, _| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    let crc = body.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), shifted));
    STANDARD.encode((!crc).to_be_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The check value of the algorithm's catalogue, cbf43926, and the empty text.
    #[test]
    fn known_texts_have_known_sums() {
        assert_eq!(crc32(b"123456789"), STANDARD.encode([0xcb, 0xf4, 0x39, 0x26]));
        assert_eq!(crc32(b""), "AAAAAA==");
    }

    #[test]
    fn names_of_algorithms_are_no_checksums() {
        let headers = |name: &'static str| {
            HeaderMap::from_iter([(HeaderName::from_static(name), "x".parse().unwrap())])
        };
        let given = ["content-md5", "x-amz-checksum-crc32", "x-amz-checksum-sha256"];
        assert!(given.into_iter().all(|name| is_given(&headers(name))));
        let other = ["x-amz-checksum-type", "x-amz-checksum-mode", "x-amz-sdk-checksum-algorithm", "etag"];
        assert!(!other.into_iter().any(|name| is_given(&headers(name))));
    }
}

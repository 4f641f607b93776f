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

//! Checksums of requests, if the operation demands them.

use http::HeaderValue;

use crate::{checksum, exchange::Prepared};

/// Adds the CRC-32 of a body. A request that has a checksum or names another algorithm is left as it is.
pub(super) fn with_checksum(mut prepared: Prepared) -> Prepared {
    let request = &mut prepared.request;
    let is_other = request.headers().get(checksum::ALGORITHM).is_some_and(|chosen| chosen != "CRC32");
    if !is_other && !checksum::is_given(request.headers()) {
        let sum = HeaderValue::try_from(checksum::crc32(request.body())).expect("Base64 fits into a header");
        request.headers_mut().insert(checksum::CRC32, sum);
    }
    prepared
}

//! Gzip compression of requests, if the operation demands it.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use http::{HeaderValue, header::CONTENT_ENCODING};

use crate::exchange::Prepared;

/// Minimum size of compressed bodies: the AWS SDKs' default.
const MIN: usize = 10_240;

/// Compresses a body that is large enough. A `Content-Encoding` that the caller set is kept as the first encoding.
pub(super) fn compressed(mut prepared: Prepared) -> Prepared {
    let request = &mut prepared.request;
    if request.body().len() >= MIN {
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        let written = gzip.write_all(request.body()).and_then(|()| gzip.finish());
        let compressed = written.expect("memory takes whatever is written").into();
        prepared.uncompressed = Some(std::mem::replace(request.body_mut(), compressed));
        request.headers_mut().append(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    prepared
}

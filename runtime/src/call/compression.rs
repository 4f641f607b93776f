//! Bodies by gzip, of requests that their operation wants compressed.

use std::io::Write as _;

use flate2::{Compression, write::GzEncoder};
use http::{HeaderValue, header::CONTENT_ENCODING};

use crate::exchange::Prepared;

/// From how many bytes on a body is compressed: the AWS SDKs' default.
const MIN: usize = 10_240;

/// Compresses a body that is large enough. An encoding that the caller named stays, since it was there first.
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

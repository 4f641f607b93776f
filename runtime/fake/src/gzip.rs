//! Gzip of bodies.

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use flate2::{Compression, read::MultiGzDecoder, write::GzEncoder};
use http::{Request, header::CONTENT_ENCODING};

use super::{
    FakeError, FakeService,
    body::{MAX, too_large},
};

/// The body that a request had before it was decoded.
#[derive(Clone)]
struct Received(Bytes);

/// Decodes the body, if it is in gzip and the service has operations with such requests.
///
/// # Errors
/// The body is not gzip or too large; it stays as it was received.
pub(super) fn decode(service: &FakeService, request: &mut Request<Bytes>) -> Result<(), FakeError> {
    let is_accepted = service.operations().iter().any(|operation| operation.info().compressed);
    let encodings = request.headers().get_all(CONTENT_ENCODING).iter().next_back();
    let last = encodings.and_then(|encodings| encodings.to_str().ok()?.rsplit(',').next());
    if is_accepted && last.is_some_and(|last| last.trim().eq_ignore_ascii_case("gzip")) {
        let mut body = Vec::new();
        let mut decoder = MultiGzDecoder::new(request.body().as_ref()).take(MAX as u64 + 1);
        decoder
            .read_to_end(&mut body)
            .map_err(|error| service.dialect.unreadable(format!("the body is not gzip: {error}")))?;
        if body.len() > MAX {
            return Err(too_large());
        }
        let received = std::mem::replace(request.body_mut(), body.into());
        request.extensions_mut().insert(Received(received));
    }
    Ok(())
}

/// The body of a request as it was received and signed.
pub(super) fn received(request: &Request<Bytes>) -> &Bytes {
    request.extensions().get::<Received>().map_or(request.body(), |received| &received.0)
}

/// Encodes data.
pub(super) fn encoded(data: &[u8]) -> Bytes {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let written = gzip.write_all(data).and_then(|()| gzip.finish());
    written.expect("memory takes whatever is written").into()
}

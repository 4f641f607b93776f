//! Gzip of bodies.

use std::io::{Read as _, Write as _};

use bytes::Bytes;
use flate2::{Compression, read::GzDecoder, write::GzEncoder};
use http::{Request, header::CONTENT_ENCODING};

use super::{
    FakeService,
    body::{MAX, Unread},
};

/// The body that a request had before it was decoded.
#[derive(Clone)]
struct Received(Bytes);

/// A request whose body is decoded, if it is in gzip and the service has operations with such requests.
pub(super) fn decoded(service: &FakeService, mut request: Request<Bytes>) -> Result<Request<Bytes>, Unread> {
    let is_accepted = service.operations().iter().any(|operation| operation.info().compressed);
    let encodings = request.headers().get_all(CONTENT_ENCODING).iter().next_back();
    let last = encodings.and_then(|encodings| encodings.to_str().ok()?.rsplit(',').next());
    if is_accepted && last.is_some_and(|last| last.trim().eq_ignore_ascii_case("gzip")) {
        let mut body = Vec::new();
        let mut decoder = GzDecoder::new(request.body().as_ref()).take(MAX as u64 + 1);
        decoder.read_to_end(&mut body).map_err(Unread::Malformed)?;
        if body.len() > MAX {
            return Err(Unread::TooLarge);
        }
        let received = std::mem::replace(request.body_mut(), body.into());
        request.extensions_mut().insert(Received(received));
    }
    Ok(request)
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

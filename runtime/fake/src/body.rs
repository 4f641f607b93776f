//! Bodies of requests, received completely up to a maximum size.

use std::{future::poll_fn, pin::Pin};

use bytes::{Bytes, BytesMut};
use http::StatusCode;
use http_body::Body as _;
use hyper::body::Incoming;

use super::FakeError;

/// Maximum size of a request's body in bytes.
pub(super) const MAX: usize = 10 * 1024 * 1024;

/// Why a body was not received.
pub(super) enum Unread {
    TooLarge,
    /// The connection ended before the end of the body.
    Ended,
}

/// Receives a body.
pub(super) async fn read(mut body: Incoming) -> Result<Bytes, Unread> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Unread::Ended)?;
        // Trailers, the other kind of frame, are not used.
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > MAX {
                return Err(Unread::TooLarge);
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes.freeze())
}

/// The error for a body of more than [`MAX`] bytes.
pub(super) fn too_large() -> FakeError {
    FakeError::exception("RequestEntityTooLargeException")
        .with_status(StatusCode::PAYLOAD_TOO_LARGE)
        .with_message(format!("the body is larger than {MAX} bytes"))
}

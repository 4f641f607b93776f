//! Bodies of requests, received completely up to a maximum size.

use std::{future::poll_fn, io, pin::Pin};

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use hyper::body::Incoming;

/// Maximum size of a request's body in bytes.
pub(super) const MAX: usize = 10 * 1024 * 1024;

/// Why a body was not received.
pub(super) enum Unread {
    TooLarge,
    /// It is not in the encoding that its header names.
    Malformed(io::Error),
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

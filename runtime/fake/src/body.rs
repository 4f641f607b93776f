//! Bodies of requests, received whole within a bound.

use std::{future::poll_fn, pin::Pin};

use bytes::{Bytes, BytesMut};
use http_body::Body as _;
use hyper::body::Incoming;

/// Bytes of a request's body at most.
pub(super) const MAX: usize = 10 * 1024 * 1024;

/// Why a body was not received.
pub(super) enum Unread {
    TooLarge,
    /// The connection ended before the body.
    Ended,
}

/// Receives a body.
pub(super) async fn read(mut body: Incoming) -> Result<Bytes, Unread> {
    let mut bytes = BytesMut::new();
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut body).poll_frame(cx)).await {
        let frame = frame.map_err(|_| Unread::Ended)?;
        // The other kind of frame, trailers, is not used.
        if let Ok(data) = frame.into_data() {
            if bytes.len() + data.len() > MAX {
                return Err(Unread::TooLarge);
            }
            bytes.extend_from_slice(&data);
        }
    }
    Ok(bytes.freeze())
}

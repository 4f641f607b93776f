//! Bodies and sockets for hyper.

use std::{
    convert::Infallible,
    fmt, io,
    mem::MaybeUninit,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use hyper::rt::ReadBufCursor;
use tokio::io::ReadBuf;

/// Most bytes of one read: the size of a TLS record.
const CHUNK: usize = 16 * 1024;

/// A complete body, sent in one piece.
pub struct Payload(Bytes);

/// Without the body, which may hold secrets.
impl fmt::Debug for Payload {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Payload").field("bytes", &self.0.len()).finish_non_exhaustive()
    }
}

impl Payload {
    /// The whole body.
    pub fn new(bytes: Bytes) -> Self {
        Self(bytes)
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl Body for Payload {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let bytes = std::mem::take(&mut self.0);
        Poll::Ready((!bytes.is_empty()).then(|| Ok(Frame::data(bytes))))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0.len() as u64)
    }
}

/// Fills a buffer through the stack, because only unsafe code can advance hyper's cursor in place.
pub fn fill(
    mut cursor: ReadBufCursor<'_>,
    read: impl FnOnce(&mut ReadBuf<'_>) -> Poll<io::Result<()>>,
) -> Poll<io::Result<()>> {
    let mut space = [const { MaybeUninit::uninit() }; CHUNK];
    let (space, _) = space.split_at_mut(cursor.remaining().min(CHUNK));
    let mut chunk = ReadBuf::uninit(space);
    let polled = read(&mut chunk);
    cursor.put_slice(chunk.filled());
    polled
}

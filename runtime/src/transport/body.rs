//! The bodies of a request and of its answer.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};

/// What is reserved at once on the word of `Content-Length`.
const MAX_RESERVED: usize = 1024 * 1024;

/// The body of a request: all there, sent in one piece.
pub(super) struct Payload(Bytes);

impl Payload {
    pub(super) fn new(bytes: Bytes) -> Self {
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

/// The body of an answer as it comes in, within a bound.
pub(super) struct Collected {
    max: usize,
    announced: usize,
    /// The first piece is kept as it came: most bodies have no other.
    first: Bytes,
    rest: BytesMut,
}

/// The body is larger than the bound.
pub(super) struct TooLarge;

impl Collected {
    /// Starts a body whose announced length, where there is one, is within the bound.
    pub(super) fn new(announced: Option<u64>, max: usize) -> Result<Self, TooLarge> {
        let announced = usize::try_from(announced.unwrap_or(0)).map_err(|_| TooLarge)?;
        if announced > max {
            return Err(TooLarge);
        }
        Ok(Self { max, announced, first: Bytes::new(), rest: BytesMut::new() })
    }

    pub(super) fn push(&mut self, piece: Bytes) -> Result<(), TooLarge> {
        let len = self.first.len().max(self.rest.len());
        if piece.len() > self.max - len {
            return Err(TooLarge);
        }
        if len == 0 {
            self.first = piece;
            return Ok(());
        }
        if !self.first.is_empty() {
            self.rest.reserve(self.announced.min(MAX_RESERVED).max(len + piece.len()));
            self.rest.extend_from_slice(&std::mem::take(&mut self.first));
        }
        self.rest.extend_from_slice(&piece);
        Ok(())
    }

    pub(super) fn finish(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}

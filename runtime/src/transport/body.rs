//! The body of an answer, within a bound.

use std::{error::Error as StdError, fmt};

use bytes::{Bytes, BytesMut};

/// What is reserved at once on the word of `Content-Length`.
const MAX_RESERVED: usize = 1024 * 1024;

/// The body of an answer as it comes in, within a bound.
pub(super) struct Collected {
    max: usize,
    announced: usize,
    /// The first piece is kept as it came: most bodies have no other.
    first: Bytes,
    rest: BytesMut,
}

/// The body is larger than this bound.
#[derive(Debug)]
pub(super) struct TooLarge(usize);

impl Collected {
    /// Starts a body whose announced length, where there is one, is within the bound.
    pub(super) fn new(announced: Option<u64>, max: usize) -> Result<Self, TooLarge> {
        let announced = usize::try_from(announced.unwrap_or(0)).map_err(|_| TooLarge(max))?;
        if announced > max {
            return Err(TooLarge(max));
        }
        Ok(Self { max, announced, first: Bytes::new(), rest: BytesMut::new() })
    }

    pub(super) fn push(&mut self, piece: Bytes) -> Result<(), TooLarge> {
        let len = self.first.len().max(self.rest.len());
        if piece.len() > self.max - len {
            return Err(TooLarge(self.max));
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

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the body is larger than {} bytes; `max_body_bytes` sets the bound", self.0)
    }
}

impl StdError for TooLarge {}

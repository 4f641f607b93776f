//! The body of an answer, within a bound.

use bytes::{Bytes, BytesMut};
use http::response::Parts;

use super::{IncompleteBody, Response, TransportError};
use crate::wire::BodyTooLarge;

/// What is reserved at once on the word of `Content-Length`.
const MAX_RESERVED: usize = 1024 * 1024;

/// A response whose body is still to come.
pub(super) struct Incoming {
    head: Parts,
    body: Collected,
}

impl Incoming {
    /// Begins a body of the announced length, if there is one. That of a success is refused if it is too long.
    pub(super) fn new(head: Parts, announced: Option<u64>, max: usize) -> Result<Self, BodyTooLarge> {
        let body = Collected::new(announced, max);
        let is_too_large = head.status.is_success() && body.announced > max;
        if is_too_large { Err(BodyTooLarge(max)) } else { Ok(Self { head, body }) }
    }

    pub(super) fn push(&mut self, piece: Bytes) -> Result<(), BodyTooLarge> {
        self.body.push(piece)
    }

    /// The whole response.
    pub(super) fn complete(self) -> Response {
        Response::from_parts(self.head, self.body.finish())
    }

    /// The response as far as it came, `error` having ended it. A success is lost without its whole body.
    pub(super) fn broken_off(self, error: TransportError) -> Result<Response, TransportError> {
        if self.head.status.is_success() {
            return Err(error);
        }
        let mut response = self.complete();
        response.extensions_mut().insert(IncompleteBody::new(error));
        Ok(response)
    }
}

/// The body of an answer as it comes in, within a bound.
struct Collected {
    max: usize,
    announced: usize,
    /// The first piece is kept as it came: most bodies have no other.
    first: Bytes,
    rest: BytesMut,
}

impl Collected {
    fn new(announced: Option<u64>, max: usize) -> Self {
        let announced = usize::try_from(announced.unwrap_or(0)).unwrap_or(usize::MAX);
        Self { max, announced, first: Bytes::new(), rest: BytesMut::new() }
    }

    /// Takes a piece, of which no more than fits.
    fn push(&mut self, mut piece: Bytes) -> Result<(), BodyTooLarge> {
        let len = self.first.len().max(self.rest.len());
        let room = self.max - len;
        let fits = piece.len() <= room;
        piece.truncate(room);
        if len == 0 {
            self.first = piece;
        } else {
            if !self.first.is_empty() {
                self.rest.reserve(self.announced.min(MAX_RESERVED).max(len + piece.len()));
                self.rest.extend_from_slice(&std::mem::take(&mut self.first));
            }
            self.rest.extend_from_slice(&piece);
        }
        if fits { Ok(()) } else { Err(BodyTooLarge(self.max)) }
    }

    fn finish(self) -> Bytes {
        if self.rest.is_empty() { self.first } else { self.rest.freeze() }
    }
}

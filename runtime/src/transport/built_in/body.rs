//! The length of a request's body, and the body of a response, within a limit.

use bytes::{Bytes, BytesMut};
use http::{Method, header::CONTENT_LENGTH, response::Parts};

use super::{IncompleteBody, Request, Response, TransportError};
use crate::wire::BodyTooLarge;

/// The most bytes that are reserved in advance because of `Content-Length`.
const MAX_RESERVED: usize = 1024 * 1024;

/// The `Content-Length` of a request. It is that of the body, which is sent in one piece, whatever the headers say: a server
/// would read the end of a longer body as another request, and would wait for the rest of a shorter one.
///
/// An empty body is announced if the method usually has one (RFC 9110, 8.6): some servers and proxies insist on it.
pub(super) fn content_length(request: &Request) -> Option<usize> {
    let len = request.body().len();
    let is_usual = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
    (len > 0 || is_usual || request.headers().contains_key(CONTENT_LENGTH)).then_some(len)
}

/// A response whose body has not arrived yet.
pub(super) struct Incoming {
    head: Parts,
    body: Collected,
}

impl Incoming {
    /// Starts a body of the announced length, if there is one. An overlong body of a success is refused.
    pub(super) fn new(head: Parts, announced: Option<u64>, max: usize) -> Result<Self, BodyTooLarge> {
        let body = Collected::new(announced, max);
        let is_too_large = head.status.is_success() && body.announced > max;
        if is_too_large { Err(BodyTooLarge(max)) } else { Ok(Self { head, body }) }
    }

    pub(super) fn push(&mut self, piece: Bytes) -> Result<(), BodyTooLarge> {
        self.body.push(piece)
    }

    /// The complete response.
    pub(super) fn complete(self) -> Response {
        Response::from_parts(self.head, self.body.finish())
    }

    /// The incomplete response that `error` ended. A success without its complete body is an error.
    pub(super) fn broken_off(self, error: TransportError) -> Result<Response, TransportError> {
        if self.head.status.is_success() {
            return Err(error);
        }
        let mut response = self.complete();
        response.extensions_mut().insert(IncompleteBody::new(error));
        Ok(response)
    }
}

/// The body of a response while it is received, within a limit.
struct Collected {
    max: usize,
    announced: usize,
    /// The first piece is not copied: most bodies have no other.
    first: Bytes,
    rest: BytesMut,
}

impl Collected {
    fn new(announced: Option<u64>, max: usize) -> Self {
        let announced = usize::try_from(announced.unwrap_or(0)).unwrap_or(usize::MAX);
        Self { max, announced, first: Bytes::new(), rest: BytesMut::new() }
    }

    /// Appends a piece, up to the limit.
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

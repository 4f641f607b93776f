//! Faulty responses, for tests of clients.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    gzip,
    wire::{End, Piece, Sabotage},
};
use crate::transport::Response;

/// How the fake misbehaves in a response.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misbehaviour {
    /// Responds correctly, but this much later.
    Delay(Duration),
    /// Checks and dates the request by a clock that is this many seconds ahead. Negative if the clock is behind.
    SkewedClock(i64),
    /// Closes the connection without a response.
    Close,
    /// Resets the connection without a response.
    Reset,
    /// Resets the connection after the head of the response.
    ResetAfterHead,
    /// Closes the connection in the middle of the body.
    Truncate,
    /// Announces half the body that follows. The rest is sent instead of the next response.
    WrongContentLength,
    /// Responds with a status and no body, as a load balancer does. The status is at least 200. The service does not
    /// see the request.
    Status(StatusCode),
    /// Responds with a page of HTML, as a captive portal does. The service does not see the request.
    Html,
    /// Responds with the head of a success and this body: empty, `null`, `[]`.
    Body(Bytes),
    /// Responds correctly, but compressed, which no client requested.
    Gzip,
    /// Responds with exactly this, as an intermediary may. The service does not see the request. Made from an
    /// [`http::Response`]:
    ///
    /// ```
    /// # fn main() -> Result<(), http::Error> {
    /// # use gatewright_fake::Misbehaviour;
    /// let busy = http::Response::builder().status(503).header("retry-after", "1").body("".into())?;
    /// let misbehaviour = Misbehaviour::from(busy);
    /// # Ok(())
    /// # }
    /// ```
    Response {
        /// Status, at least 200.
        status: StatusCode,
        /// Headers. A missing `Date` is added, and the body's framing follows from the headers.
        headers: HeaderMap,
        /// Body.
        body: Bytes,
    },
    /// Responds with bytes that are not HTTP.
    Garbage(Bytes),
    /// Responds correctly, with a header of this many bytes.
    LargeHeader(usize),
    /// Responds with a body of this many spaces.
    LargeBody(usize),
    /// Responds with lists nested this deep.
    DeepJson(usize),
}

impl Misbehaviour {
    /// The offset of the service's clock in seconds.
    pub(super) fn skew(&self) -> i64 {
        match self {
            Self::SkewedClock(seconds) => *seconds,
            _ => 0,
        }
    }

    /// The response of an intermediary, if the request does not reach the service.
    pub(super) fn intercept(&self) -> Option<Response> {
        match self {
            Self::Status(status) => Some(bare(*status, "text/plain", "")),
            Self::Html => {
                let page = "<!DOCTYPE html><title>Log in</title><p>Log in first";
                Some(bare(StatusCode::OK, "text/html", page))
            }
            Self::Response { status, headers, body } => {
                let mut response = Response::new(body.clone());
                *response.status_mut() = *status;
                *response.headers_mut() = headers.clone();
                for framing in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
                    response.headers_mut().remove(framing);
                }
                Some(response)
            }
            _ => None,
        }
    }

    /// Applies the misbehaviour to a response of the service.
    pub(super) fn apply(self, response: Response) -> Result<Response, Sabotage> {
        let length = response.body().len();
        let text = |bytes: Vec<u8>| Piece::Bytes(bytes.into());
        Err(match self {
            Self::Delay(_) | Self::SkewedClock(_) | Self::Status(_) | Self::Html | Self::Response { .. } => {
                return Ok(response);
            }
            Self::Body(body) => {
                let mut response = response.map(|_| body);
                *response.status_mut() = StatusCode::OK;
                return Ok(response);
            }
            Self::Gzip => {
                let mut response = response.map(|body| gzip::encoded(&body));
                response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                return Ok(response);
            }
            Self::Close => Sabotage::new([], End::Close),
            Self::Reset => Sabotage::new([], End::Reset),
            Self::Garbage(bytes) => Sabotage::new([Piece::Bytes(bytes)], End::Close),
            Self::ResetAfterHead => Sabotage::new([text(head(&response, length))], End::Reset),
            Self::Truncate => {
                let body = response.body().slice(..length / 2);
                Sabotage::new([text(head(&response, length)), Piece::Bytes(body)], End::Close)
            }
            Self::WrongContentLength => {
                let body = response.body().clone();
                Sabotage::new([text(head(&response, length / 2)), Piece::Bytes(body)], End::Stay)
            }
            Self::LargeHeader(size) => {
                let mut start = head(&response, length);
                start.truncate(start.len() - b"\r\n".len());
                start.extend_from_slice(b"x-large: ");
                let end = [b"\r\n\r\n", response.body().as_ref()].concat();
                Sabotage::new([text(start), Piece::Repeat(b'x', size), text(end)], End::Stay)
            }
            Self::LargeBody(size) => {
                Sabotage::new([text(head(&response, size)), Piece::Repeat(b' ', size)], End::Stay)
            }
            Self::DeepJson(depth) => Sabotage::new(
                [text(head(&response, 2 * depth)), Piece::Repeat(b'[', depth), Piece::Repeat(b']', depth)],
                End::Stay,
            ),
        })
    }
}

impl From<http::Response<Bytes>> for Misbehaviour {
    fn from(response: http::Response<Bytes>) -> Self {
        let (head, body) = response.into_parts();
        Self::Response { status: head.status, headers: head.headers, body }
    }
}

/// A response of an intermediary.
fn bare(status: StatusCode, content_type: &'static str, body: &'static str) -> Response {
    let mut response = Response::new(Bytes::from_static(body.as_bytes()));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    response
}

/// The head of a response, as on the wire.
fn head(response: &Response, content_length: usize) -> Vec<u8> {
    let mut head =
        format!("HTTP/1.1 {}\r\ncontent-length: {content_length}\r\n", response.status()).into_bytes();
    for (name, value) in response.headers() {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend_from_slice(b"\r\n");
    head
}

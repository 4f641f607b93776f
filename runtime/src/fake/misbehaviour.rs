//! Ways to answer that no service should have.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};

use super::{
    answer::Answer,
    gzip,
    wire::{End, Piece, Sabotage},
};

/// How the fake spoils an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Misbehaviour {
    /// Answers rightly, but this much later.
    Delay(Duration),
    /// Judges and dates the request by a clock that is this many seconds ahead, or behind.
    SkewedClock(i64),
    /// Closes the connection without an answer.
    Close,
    /// Resets the connection without an answer.
    Reset,
    /// Resets the connection after the head of the answer.
    ResetAfterHead,
    /// Closes the connection in the middle of the body.
    Truncate,
    /// Announces half the body that follows; the rest stands where the next answer should.
    WrongContentLength,
    /// Answers with a status and no body, as a load balancer does; the service does not see the request.
    Status(StatusCode),
    /// Answers with a page of HTML, as a captive portal does; the service does not see the request.
    Html,
    /// Answers with the head of a success and this body: nothing, `null`, `[]`.
    Body(Bytes),
    /// Answers rightly, but compressed, without being asked.
    Gzip,
    /// Answers with exactly this, as something between client and service may; the service does not see the request.
    /// Made from an [`http::Response`]:
    ///
    /// ```
    /// # fn main() -> Result<(), http::Error> {
    /// # use gatewright_runtime::fake::Misbehaviour;
    /// let busy = http::Response::builder().status(503).header("retry-after", "1").body("".into())?;
    /// let misbehaviour = Misbehaviour::from(busy);
    /// # Ok(())
    /// # }
    /// ```
    Answer {
        /// Status, from 200 on.
        status: StatusCode,
        /// Headers; `Date` is added where it is missing, and what frames the body follows from that.
        headers: HeaderMap,
        /// Body.
        body: Bytes,
    },
    /// Answers with bytes that are not HTTP.
    Garbage(Bytes),
    /// Answers rightly, with a header of this many bytes.
    LargeHeader(usize),
    /// Answers with a body of this many spaces.
    LargeBody(usize),
    /// Answers with lists within lists, this deep.
    DeepJson(usize),
}

impl Misbehaviour {
    /// Seconds that the service's clock is off.
    pub(super) fn skew(&self) -> i64 {
        match self {
            Self::SkewedClock(seconds) => *seconds,
            _ => 0,
        }
    }

    /// The answer of something before the service, which the request then does not reach.
    pub(super) fn intercept(&self) -> Option<Answer> {
        match self {
            Self::Status(status) => Some(bare(*status, "text/plain", "")),
            Self::Html => {
                let page = "<!DOCTYPE html><title>Log in</title><p>Log in first";
                Some(bare(StatusCode::OK, "text/html", page))
            }
            Self::Answer { status, headers, body } => {
                let mut answer = Answer::new(body.clone());
                *answer.status_mut() = *status;
                *answer.headers_mut() = headers.clone();
                for framing in [header::CONTENT_LENGTH, header::TRANSFER_ENCODING] {
                    answer.headers_mut().remove(framing);
                }
                Some(answer)
            }
            _ => None,
        }
    }

    /// What becomes of an answer of the service.
    pub(super) fn spoil(self, answer: Answer) -> Result<Answer, Sabotage> {
        let length = answer.body().len();
        let text = |bytes: Vec<u8>| Piece::Bytes(bytes.into());
        Err(match self {
            Self::Delay(_) | Self::SkewedClock(_) | Self::Status(_) | Self::Html | Self::Answer { .. } => {
                return Ok(answer);
            }
            Self::Body(body) => {
                let mut answer = answer.map(|_| body);
                *answer.status_mut() = StatusCode::OK;
                return Ok(answer);
            }
            Self::Gzip => {
                let mut answer = answer.map(|body| gzip::stored(&body));
                answer.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
                return Ok(answer);
            }
            Self::Close => Sabotage::new([], End::Close),
            Self::Reset => Sabotage::new([], End::Reset),
            Self::Garbage(bytes) => Sabotage::new([Piece::Bytes(bytes)], End::Close),
            Self::ResetAfterHead => Sabotage::new([text(head(&answer, length))], End::Reset),
            Self::Truncate => {
                let body = answer.body().slice(..length / 2);
                Sabotage::new([text(head(&answer, length)), Piece::Bytes(body)], End::Close)
            }
            Self::WrongContentLength => {
                let body = answer.body().clone();
                Sabotage::new([text(head(&answer, length / 2)), Piece::Bytes(body)], End::Stay)
            }
            Self::LargeHeader(size) => {
                let mut start = head(&answer, length);
                start.truncate(start.len() - b"\r\n".len());
                start.extend_from_slice(b"x-large: ");
                let end = [b"\r\n\r\n", answer.body().as_ref()].concat();
                Sabotage::new([text(start), Piece::Repeat(b'x', size), text(end)], End::Stay)
            }
            Self::LargeBody(size) => {
                Sabotage::new([text(head(&answer, size)), Piece::Repeat(b' ', size)], End::Stay)
            }
            Self::DeepJson(depth) => Sabotage::new(
                [text(head(&answer, 2 * depth)), Piece::Repeat(b'[', depth), Piece::Repeat(b']', depth)],
                End::Stay,
            ),
        })
    }
}

impl From<http::Response<Bytes>> for Misbehaviour {
    fn from(answer: http::Response<Bytes>) -> Self {
        let (head, body) = answer.into_parts();
        Self::Answer { status: head.status, headers: head.headers, body }
    }
}

/// An answer of something that is not the service.
fn bare(status: StatusCode, content_type: &'static str, body: &'static str) -> Answer {
    let mut answer = Answer::new(Bytes::from_static(body.as_bytes()));
    *answer.status_mut() = status;
    answer.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer
}

/// The head of an answer as it stands on the wire.
fn head(answer: &Answer, content_length: usize) -> Vec<u8> {
    let mut head =
        format!("HTTP/1.1 {}\r\ncontent-length: {content_length}\r\n", answer.status()).into_bytes();
    for (name, value) in answer.headers() {
        head.extend([name.as_str().as_bytes(), b": ", value.as_bytes(), b"\r\n"].concat());
    }
    head.extend_from_slice(b"\r\n");
    head
}

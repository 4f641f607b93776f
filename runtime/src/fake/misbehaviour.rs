//! Ways to answer that no service should have.

use std::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};

use super::{
    answer::Answer,
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
    /// Answers with a status and no body, as a load balancer does.
    Status(StatusCode),
    /// Answers with a page of HTML, as a captive portal does.
    Html,
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

    /// What becomes of an answer.
    pub(super) fn spoil(self, answer: Answer) -> Result<Answer, Sabotage> {
        let length = answer.body().len();
        let text = |bytes: Vec<u8>| Piece::Bytes(bytes.into());
        Err(match self {
            Self::Delay(_) | Self::SkewedClock(_) => return Ok(answer),
            Self::Status(status) => return Ok(bare(status, "text/plain", "")),
            Self::Html => {
                return Ok(bare(
                    StatusCode::OK,
                    "text/html",
                    "<!DOCTYPE html><title>Log in</title><p>Log in first",
                ));
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

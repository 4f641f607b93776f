//! Framing of response bodies.

use bytes::{Buf as _, Bytes, BytesMut};
use httparse::{EMPTY_HEADER, Status};

use super::head::Fault;

/// The longest line of a chunk's size, or sequence of trailers.
const MAX_OVERHEAD: usize = 16 * 1024;

/// The most trailers, for which there is no setting: they are dropped.
const MAX_TRAILERS: usize = 100;

/// How the end of a body is determined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Framing {
    Length(u64),
    Chunked,
    /// The end of the connection.
    UntilEnd,
}

/// A body while it is received.
#[derive(Clone, Copy)]
pub(super) enum Body {
    /// This many bytes.
    Rest(u64),
    UntilEnd,
    /// This many bytes of a chunk.
    Chunk(u64),
    ChunkSize,
    ChunkEnd,
    Trailers,
}

/// The next piece of a body.
#[derive(Debug, PartialEq)]
pub(super) enum Next {
    Piece(Bytes),
    /// Nothing yet: more must be read.
    More,
    End,
}

impl Body {
    pub(super) fn new(framing: Framing) -> Self {
        match framing {
            Framing::Length(length) => Self::Rest(length),
            Framing::Chunked => Self::ChunkSize,
            Framing::UntilEnd => Self::UntilEnd,
        }
    }

    /// Takes the next piece off the front of `buffer`.
    pub(super) fn next(&mut self, buffer: &mut BytesMut) -> Result<Next, Fault> {
        loop {
            *self = match *self {
                Self::Rest(0) => return Ok(Next::End),
                Self::Chunk(0) => Self::ChunkEnd,
                Self::Rest(_) | Self::Chunk(_) | Self::UntilEnd if buffer.is_empty() => {
                    return Ok(Next::More);
                }
                Self::Rest(left) => {
                    let piece = cut(buffer, left);
                    *self = Self::Rest(left - piece.len() as u64);
                    return Ok(Next::Piece(piece));
                }
                Self::Chunk(left) => {
                    let piece = cut(buffer, left);
                    *self = Self::Chunk(left - piece.len() as u64);
                    return Ok(Next::Piece(piece));
                }
                Self::UntilEnd => return Ok(Next::Piece(buffer.split().freeze())),
                // httparse reads a missing digit as zero.
                Self::ChunkSize if buffer.first().is_some_and(|byte| !byte.is_ascii_hexdigit()) => {
                    return Err(Fault::NotHttp("a chunk without a size".into()));
                }
                Self::ChunkSize => match httparse::parse_chunk_size(buffer) {
                    Ok(Status::Complete((len, size))) => {
                        buffer.advance(len);
                        if size == 0 { Self::Trailers } else { Self::Chunk(size) }
                    }
                    Ok(Status::Partial) => return more(buffer),
                    Err(error) => return Err(Fault::NotHttp(error.to_string().into())),
                },
                Self::ChunkEnd => match buffer.as_ref() {
                    [b'\r', b'\n', ..] => {
                        buffer.advance(2);
                        Self::ChunkSize
                    }
                    [] | [b'\r'] => return Ok(Next::More),
                    _ => return Err(Fault::NotHttp("a chunk that is longer than its size".into())),
                },
                Self::Trailers => match httparse::parse_headers(buffer, &mut [EMPTY_HEADER; MAX_TRAILERS]) {
                    Ok(Status::Complete((len, _))) => {
                        buffer.advance(len);
                        Self::Rest(0)
                    }
                    Ok(Status::Partial) => return more(buffer),
                    Err(error) => return Err(Fault::NotHttp(error.to_string().into())),
                },
            };
        }
    }
}

/// At most `len` bytes off the front.
fn cut(buffer: &mut BytesMut, len: u64) -> Bytes {
    let len = usize::try_from(len).map_or(buffer.len(), |len| len.min(buffer.len()));
    buffer.split_to(len).freeze()
}

fn more(buffer: &BytesMut) -> Result<Next, Fault> {
    if buffer.len() < MAX_OVERHEAD {
        return Ok(Next::More);
    }
    Err(Fault::TooLarge(format!("chunk sizes and trailers are larger than {MAX_OVERHEAD} bytes").into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parses `input` as a whole, and again byte by byte; returns the pieces and the rest.
    #[track_caller]
    fn read(framing: Framing, input: &[u8]) -> Result<(Vec<u8>, bool, Vec<u8>), String> {
        let whole = feed(framing, input.chunks(usize::MAX));
        assert_eq!(whole, feed(framing, input.chunks(1)));
        whole
    }

    fn feed<'a>(
        framing: Framing,
        pieces: impl Iterator<Item = &'a [u8]>,
    ) -> Result<(Vec<u8>, bool, Vec<u8>), String> {
        let (mut body, mut buffer, mut found) = (Body::new(framing), BytesMut::new(), Vec::new());
        let mut ended = false;
        for piece in pieces {
            buffer.extend_from_slice(piece);
            while !ended {
                match body.next(&mut buffer) {
                    Ok(Next::Piece(piece)) => found.extend_from_slice(&piece),
                    Ok(Next::More) => break,
                    Ok(Next::End) => ended = true,
                    Err(Fault::NotHttp(error)) => return Err(format!("not HTTP: {error}")),
                    Err(Fault::TooLarge(error)) => return Err(format!("too large: {error}")),
                }
            }
        }
        Ok((found, ended, buffer.to_vec()))
    }

    #[test]
    fn framings() {
        let check = |framing, input: &str, found: &str, ended, left: &str| {
            let expected = (found.as_bytes().to_vec(), ended, left.as_bytes().to_vec());
            assert_eq!(read(framing, input.as_bytes()), Ok(expected), "{input}");
        };
        check(Framing::Length(3), "abcd", "abc", true, "d");
        check(Framing::Length(3), "ab", "ab", false, "");
        check(Framing::Length(0), "more", "", true, "more");
        check(Framing::UntilEnd, "abc", "abc", false, "");
        check(Framing::Chunked, "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\n\r\nd", "abc0123456789", true, "d");
        check(Framing::Chunked, "0\r\nX-Trailer: 1\r\nY: 2\r\n\r\n", "", true, "");
        check(Framing::Chunked, "3\r\nabc\r\n", "abc", false, "");
        check(Framing::Chunked, "3\r\nabc\r\n0\r\n", "abc", false, "");
    }

    #[test]
    fn bad_chunks() {
        for input in
            ["\r\n", "-1\r\n", "+1\r\n", " 1\r\n", "x\r\n", "1\nab", "11111111111111111\r\n", "1\r\nab\r\n"]
        {
            let error = read(Framing::Chunked, input.as_bytes()).unwrap_err();
            assert!(error.starts_with("not HTTP"), "{input:?}: {error}");
        }
        read(Framing::Chunked, b"0\r\nno trailer\r\n\r\n").unwrap_err();
        for start in ["1;", "0\r\nA:"] {
            let input = format!("{start}{}", "x".repeat(MAX_OVERHEAD));
            let error = feed(Framing::Chunked, input.as_bytes().chunks(1000)).unwrap_err();
            assert!(error.starts_with("too large"), "{error}");
        }
    }
}

//! Parsing of responses that arrive in pieces, for the fuzz targets.

use bytes::{Buf as _, BytesMut};
use http::Method;

use super::{
    super::builder::Bounds,
    body::{Body, Framing, Next},
    head::{self, Fault},
};

const BOUNDS: Bounds = Bounds { header_bytes: 64 << 10, headers: Bounds::HEADERS, body_bytes: 16 << 20 };

/// Reads status and body of a response.
///
/// # Errors
/// What is wrong with the bytes, or that they end too early.
pub fn read_pieces<'a>(mut pieces: impl Iterator<Item = &'a [u8]>) -> Result<(u16, Vec<u8>), String> {
    let mut buffer = BytesMut::new();
    let wrong = |fault| match fault {
        Fault::NotHttp(error) | Fault::TooLarge(error) => error.to_string(),
    };
    let mut fill = |buffer: &mut BytesMut| pieces.next().map(|piece| buffer.extend_from_slice(piece));
    let head = loop {
        match head::parse(&buffer, &BOUNDS).map_err(wrong)? {
            Some((len, head)) => {
                buffer.advance(len);
                break head;
            }
            None => fill(&mut buffer).ok_or("the head is cut")?,
        }
    };
    let framing = head::plan(&head, &Method::GET).map_err(wrong)?.framing;
    let (mut body, mut read) = (Body::new(framing), Vec::new());
    loop {
        match body.next(&mut buffer).map_err(wrong)? {
            Next::Piece(piece) => read.extend_from_slice(&piece),
            Next::End => break,
            Next::More if fill(&mut buffer).is_some() => {}
            Next::More if framing == Framing::UntilEnd => break,
            Next::More => return Err("the body is cut".to_owned()),
        }
    }
    Ok((head.status.as_u16(), read))
}

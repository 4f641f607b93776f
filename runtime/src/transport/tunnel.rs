//! `CONNECT`: asks a proxy for a way through to a server.

use std::{error::Error as StdError, io};

use super::{origin::Origin, proxy::Proxy};

/// The longest answer that is read.
const MAX_ANSWER: usize = 16 * 1024;

/// Asks for a tunnel to `origin`.
pub(super) fn request(origin: &Origin, proxy: &Proxy) -> Vec<u8> {
    let mut request = format!("CONNECT {origin} HTTP/1.1\r\nHost: {origin}\r\n").into_bytes();
    if let Some(authorization) = proxy.authorization() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    request
}

/// Whether more of the answer has to be read, whose last read brought `read` bytes.
pub(super) fn is_incomplete(answer: &[u8], read: usize) -> io::Result<bool> {
    if answer.windows(4).any(|window| window == b"\r\n\r\n") {
        Ok(false)
    } else if read == 0 {
        Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it closed the connection"))
    } else if answer.len() > MAX_ANSWER {
        Err(io::Error::new(io::ErrorKind::InvalidData, "its answer is too long"))
    } else {
        Ok(true)
    }
}

/// Whether the answer grants the tunnel: then the socket is as good as one to the server.
pub(super) fn check(answer: &[u8]) -> Result<(), Box<dyn StdError + Send + Sync>> {
    let line = answer.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line.get(..100).unwrap_or(line));
    match line.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1)) {
        Some(status) if status.starts_with('2') => {}
        Some("407") => {
            return Err("it wants another user or password: http://user:password@host:port".into());
        }
        _ => return Err(format!("it answered {line:?}").into()),
    }
    // A server behind the tunnel waits for the first word, so that anything more is not its.
    if answer.ends_with(b"\r\n\r\n") { Ok(()) } else { Err("it said more than its answer".into()) }
}

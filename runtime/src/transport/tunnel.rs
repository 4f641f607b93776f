//! `CONNECT`: asks a proxy for a way through to a server.

use std::{error::Error as StdError, io};

use tokio::net::TcpStream;

use super::{origin::Origin, proxy::Proxy};

/// The longest answer that is read.
const MAX_ANSWER: usize = 16 * 1024;

/// Asks for a tunnel to `origin`; afterwards the socket is as good as one to that server.
pub(super) async fn open(
    socket: &TcpStream,
    origin: &Origin,
    proxy: &Proxy,
) -> Result<(), Box<dyn StdError + Send + Sync>> {
    let mut request = format!("CONNECT {origin} HTTP/1.1\r\nHost: {origin}\r\n").into_bytes();
    if let Some(authorization) = proxy.authorization() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(authorization.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    write_all(socket, &request).await?;

    let answer = read_head(socket).await?;
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

async fn write_all(socket: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        socket.writable().await?;
        match socket.try_write(bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// Reads until the empty line that ends the answer's head.
async fn read_head(socket: &TcpStream) -> io::Result<Vec<u8>> {
    let mut head = Vec::new();
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        if head.len() > MAX_ANSWER {
            return Err(io::Error::new(io::ErrorKind::InvalidData, "its answer is too long"));
        }
        socket.readable().await?;
        match socket.try_read_buf(&mut head) {
            Ok(0) => return Err(io::Error::new(io::ErrorKind::UnexpectedEof, "it closed the connection")),
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(head)
}

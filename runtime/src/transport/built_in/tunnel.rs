//! Tunnels through a proxy, by `CONNECT`.

use super::{origin::Origin, proxy::Proxy};
use crate::wire::TunnelError;

/// The longest response that is read.
const MAX_RESPONSE: usize = 16 * 1024;

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

fn not_a_proxy(problem: &'static str) -> TunnelError {
    TunnelError { status: None, problem: problem.into() }
}

/// Whether more of the response must be read, after a read of `read` bytes.
pub(super) fn is_incomplete(response: &[u8], read: usize) -> Result<bool, TunnelError> {
    if response.windows(4).any(|window| window == b"\r\n\r\n") {
        Ok(false)
    } else if read == 0 {
        Err(not_a_proxy("it closed the connection"))
    } else if response.len() > MAX_RESPONSE {
        Err(not_a_proxy("its response is too long"))
    } else {
        Ok(true)
    }
}

/// Whether the response opens the tunnel: then the socket is connected to the server.
pub(super) fn check(response: &[u8]) -> Result<(), TunnelError> {
    let line = response.split(|byte| *byte == b'\r').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line.get(..100).unwrap_or(line));
    let status = line.strip_prefix("HTTP/1.").and_then(|rest| rest.split(' ').nth(1));
    let status = status.filter(|status| status.len() == 3).and_then(|status| status.parse().ok());
    match status {
        Some(200..=299) => {}
        // Some proxies ask for a password with 401, like a server.
        Some(401 | 407) => {
            let problem = "it requires another user or password: http://user:password@host:port".into();
            return Err(TunnelError { status, problem });
        }
        _ => return Err(TunnelError { status, problem: format!("it responded {line:?}").into() }),
    }
    // A server behind the tunnel waits for the client, so more data cannot come from it.
    let is_all = response.ends_with(b"\r\n\r\n");
    if is_all { Ok(()) } else { Err(not_a_proxy("it sent data after its response")) }
}

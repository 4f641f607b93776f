//! The peer in explanations.

use crate::{host::read_host, wire::Peer};

/// Whether the server belongs to AWS, by its name.
pub(super) fn is_aws(peer: &Peer) -> bool {
    read_host(&peer.server.host).is_some()
}

/// The region in an AWS host name: `us-east-1`.
pub(super) fn region(peer: &Peer) -> Option<&str> {
    read_host(&peer.server.host)?.region
}

/// The peer, as a line of evidence.
pub(super) fn evidence(peer: &Peer) -> String {
    let Peer { server, proxy, address, .. } = peer;
    let port = server.port.map(|port| format!(", port {port}")).unwrap_or_default();
    let proxy = proxy.as_ref().map(|proxy| format!(", by the proxy {proxy}")).unwrap_or_default();
    let address = address.map(|address| format!(", at {address}")).unwrap_or_default();
    format!("server {}{port}{proxy}{address}", server.host)
}

/// A command that shows the server's certificate.
pub(super) fn look(peer: &Peer) -> String {
    let port = if peer.server.port.is_none() { ":443" } else { "" };
    let name =
        if peer.server.is_address() { String::new() } else { format!(" -servername {}", peer.server.host) };
    let proxy = peer.proxy.as_ref().map_or_else(String::new, |proxy| format!(" -proxy {proxy}"));
    format!("openssl s_client -connect {}{port}{name}{proxy}", peer.server)
}

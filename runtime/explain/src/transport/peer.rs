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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions() {
        for (host, expected) in [
            ("storagegateway.us-east-1.amazonaws.com", Some("us-east-1")),
            ("storagegateway.us-gov-west-1.amazonaws.com", Some("us-gov-west-1")),
            ("vpce-0a1b2c-1.storagegateway.cn-north-1.vpce.amazonaws.com.cn", Some("cn-north-1")),
            ("storagegateway.us-esat-1.api.aws", Some("us-esat-1")),
            ("storagegateway.us-east-1.example.com", None),
            ("abcde.lambda-url.eu-west-1.on.aws", Some("eu-west-1")),
            ("storagegateway.cn-north-1.api.amazonwebservices.com.cn", Some("cn-north-1")),
            ("storagegateway.eusc-de-east-1.api.amazonwebservices.eu", Some("eusc-de-east-1")),
            ("storagegateway.us-iso-east-1.c2s.ic.gov", Some("us-iso-east-1")),
            ("storagegateway.us-isob-east-1.api.aws.scloud", Some("us-isob-east-1")),
            ("sts.amazonaws.com", None),
        ] {
            assert_eq!(region(&Peer::new(host)), expected, "{host}");
        }
    }
}

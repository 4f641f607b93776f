//! Who was talked to.

use std::{fmt, net::IpAddr};

use crate::{
    explain::host::read_host,
    transport::{bare, is_loopback},
};

/// A peer as [`TransportError::peer`](crate::transport::TransportError::peer) says it, taken apart.
#[derive(Debug, PartialEq)]
pub(in crate::explain) struct Peer<'a> {
    /// `host:port`, or whatever stands in its place.
    pub(in crate::explain) server: &'a str,
    /// Without brackets.
    pub(in crate::explain) host: &'a str,
    pub(in crate::explain) port: Option<u16>,
    /// `host:port`.
    pub(in crate::explain) proxy: Option<&'a str>,
    /// That of the proxy, where there is one.
    pub(in crate::explain) address: Option<&'a str>,
}

impl<'a> Peer<'a> {
    pub(in crate::explain) fn parse(text: &'a str) -> Self {
        let with_address = text.strip_suffix(')').and_then(|text| text.rsplit_once(" ("));
        let (parties, address) = with_address.map_or((text, None), |(parties, at)| (parties, Some(at)));
        let by_proxy = parties.split_once(" by the proxy ");
        let (server, proxy) = by_proxy.map_or((parties, None), |(server, proxy)| (server, Some(proxy)));
        let with_port = server.rsplit_once(':').and_then(|(host, port)| Some((host, port.parse().ok()?)));
        let (host, port) = with_port.map_or((server, None), |(host, port)| (host, Some(port)));
        Self { server, host: bare(host), port, proxy, address }
    }

    pub(in crate::explain) fn is_loopback(&self) -> bool {
        is_loopback(self.host)
    }

    pub(in crate::explain) fn is_address(&self) -> bool {
        self.host.parse::<IpAddr>().is_ok()
    }

    /// Whether it belongs to AWS, by its name.
    pub(in crate::explain) fn is_aws(&self) -> bool {
        read_host(self.host).is_some()
    }

    /// The region that an AWS host name tells: `us-east-1`.
    pub(in crate::explain) fn region(&self) -> Option<&'a str> {
        read_host(self.host)?.region
    }
}

/// One line of evidence.
impl fmt::Display for Peer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "server {}", self.host)?;
        if let Some(port) = self.port {
            write!(f, ", port {port}")?;
        }
        if let Some(proxy) = self.proxy {
            write!(f, ", by the proxy {proxy}")?;
        }
        if let Some(address) = self.address {
            write!(f, ", at {address}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, host: &str, port: Option<u16>, proxy: Option<&str>, address: Option<&str>) {
        let peer = Peer::parse(text);
        assert_eq!((peer.host, peer.port, peer.proxy, peer.address), (host, port, proxy, address));
    }

    #[test]
    fn parses() {
        check("a.example:443", "a.example", Some(443), None, None);
        check("a.example", "a.example", None, None, None);
        check("a.example:443 (192.0.2.1:443)", "a.example", Some(443), None, Some("192.0.2.1:443"));
        check("[2001:db8::1]:443", "2001:db8::1", Some(443), None, None);
        check("[2001:db8::1]", "2001:db8::1", None, None, None);
        check("a:443 by the proxy p:80 ([::1]:80)", "a", Some(443), Some("p:80"), Some("[::1]:80"));
        check("a request", "a request", None, None, None);
        check("", "", None, None, None);
    }

    #[test]
    fn regions() {
        for (host, region) in [
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
            assert_eq!(Peer::parse(host).region(), region, "{host}");
        }
    }
}

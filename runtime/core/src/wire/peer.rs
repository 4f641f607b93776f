//! The server that a request is for, and the way to it.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr, SocketAddr},
};

use http::{Uri, uri::Scheme};

/// A server that a request was for, and the way to it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Peer {
    /// The server.
    pub server: HostPort,
    /// The proxy on the way to it.
    pub proxy: Option<HostPort>,
    /// The address that was connected to; the proxy's if there is one.
    pub address: Option<SocketAddr>,
}

/// A host, with a port if one is known.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct HostPort {
    /// A name, or an address without brackets.
    pub host: String,
    /// The port.
    pub port: Option<u16>,
}

impl Peer {
    /// A server, without a known proxy or address.
    pub fn new(server: impl Into<HostPort>) -> Self {
        Self { server: server.into(), proxy: None, address: None }
    }

    /// Adds the proxy on the way.
    #[must_use]
    pub fn with_proxy(mut self, proxy: impl Into<HostPort>) -> Self {
        self.proxy = Some(proxy.into());
        self
    }

    /// Adds the address that was connected to.
    #[must_use]
    pub fn with_address(mut self, address: SocketAddr) -> Self {
        self.address = Some(address);
        self
    }
}

impl HostPort {
    /// A host, without brackets, and its port.
    pub fn new(host: impl Into<String>, port: Option<u16>) -> Self {
        Self { host: host.into(), port }
    }

    /// Whether the host is certainly this machine.
    pub fn is_loopback(&self) -> bool {
        is_loopback(&self.host)
    }

    /// Whether the host is an address instead of a name.
    pub fn is_address(&self) -> bool {
        self.host.parse::<IpAddr>().is_ok()
    }
}

/// Reads `host` or `host:port`.
impl From<&str> for HostPort {
    fn from(text: &str) -> Self {
        let is_bare_address = text.parse::<Ipv6Addr>().is_ok();
        let with_port = text.rsplit_once(':').filter(|_| !is_bare_address);
        match with_port.and_then(|(host, port)| Some((host, port.parse().ok()?))) {
            Some((host, port)) => Self::new(bare(host), Some(port)),
            None => Self::new(bare(text), None),
        }
    }
}

impl From<String> for HostPort {
    fn from(text: String) -> Self {
        text.as_str().into()
    }
}

impl<T: Into<HostPort>> From<T> for Peer {
    fn from(server: T) -> Self {
        Self::new(server)
    }
}

/// `host:port`; an IPv6 address is in brackets.
impl fmt::Display for HostPort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { host, port } = self;
        match host.parse::<Ipv6Addr>() {
            Ok(_) => write!(f, "[{host}]")?,
            Err(_) => f.write_str(host)?,
        }
        port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

/// `host:port by the proxy host:port (address:port)`.
impl fmt::Display for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.server.fmt(f)?;
        if let Some(proxy) = &self.proxy {
            write!(f, " by the proxy {proxy}")?;
        }
        self.address.map_or(Ok(()), |address| write!(f, " ({address})"))
    }
}

/// Whether a host, without brackets, is certainly this machine.
pub fn is_loopback(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback())
}

/// Whether responses to requests of this URI can only come from the server itself.
pub fn is_authentic(uri: &Uri) -> bool {
    uri.scheme() == Some(&Scheme::HTTPS) || uri.host().is_some_and(|host| is_loopback(bare(host)))
}

/// A host without the brackets of an IPv6 address.
pub fn bare(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, host: &str, port: Option<u16>) {
        let read = HostPort::from(text);
        assert_eq!(read, HostPort::new(host, port));
        assert_eq!(HostPort::from(read.to_string()), read);
    }

    #[test]
    fn hosts_with_and_without_port() {
        check("a.example:443", "a.example", Some(443));
        check("a.example", "a.example", None);
        check("a.example:http", "a.example:http", None);
        check("[2001:db8::1]:443", "2001:db8::1", Some(443));
        check("[2001:db8::1]", "2001:db8::1", None);
        check("2001:db8::1", "2001:db8::1", None);
        check("a request", "a request", None);
        check("", "", None);
    }

    #[test]
    fn peers_are_shown_with_the_way_to_them() {
        let peer = Peer::new("a.example:443");
        assert_eq!(peer.to_string(), "a.example:443");
        let peer = peer.with_proxy("[::1]:80").with_address(([127, 0, 0, 1], 80).into());
        assert_eq!(peer.to_string(), "a.example:443 by the proxy [::1]:80 (127.0.0.1:80)");
    }

    #[test]
    fn loopback() {
        for host in ["localhost", "LocalHost", "127.0.0.1", "127.9.8.7", "::1"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["localhost.example", "128.0.0.1", "10.0.0.1", "::2", "127.0.0.1.example"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}

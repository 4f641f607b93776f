//! Servers that are connected to directly, without the proxy.
//!
//! `NO_PROXY` has no specification. It is read as curl reads it (`lib/proxy.c`), and what other programs write there is
//! accepted as well: ports, brackets, `*.` before a name, spaces instead of commas, and `*` among other entries.

use std::net::IpAddr;

use crate::wire::{bare, is_loopback};

/// Servers that are reached directly: this machine, and the servers in `NO_PROXY`.
#[derive(Clone, Debug)]
pub(super) enum Exceptions {
    All,
    Some(Vec<Exception>),
}

#[derive(Clone, Debug)]
pub(super) struct Exception {
    servers: Servers,
    port: Option<u16>,
}

#[derive(Clone, Debug)]
enum Servers {
    /// The host of this name, in lower case, and its subdomains.
    Named(String),
    /// The addresses that begin with this many bits of this one.
    Network(IpAddr, u32),
}

impl Exceptions {
    /// Reads a list of names, addresses and networks; `*` is everything.
    pub(super) fn parse(list: &str) -> Self {
        let mut entries = list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
        if entries.clone().any(|entry| entry == "*") {
            return Self::All;
        }
        Self::Some(entries.by_ref().map(Exception::parse).collect())
    }

    pub(super) fn cover(&self, host: &str, port: u16) -> bool {
        is_loopback(host)
            || match self {
                Self::All => true,
                Self::Some(entries) => entries.iter().any(|entry| entry.covers(host, port)),
            }
    }
}

impl Exception {
    fn parse(entry: &str) -> Self {
        let network = |entry| network(entry).map(|(address, bits)| Servers::Network(address, bits));
        if let Some(servers) = network(entry) {
            return Self { servers, port: None };
        }
        let with_port =
            entry.rsplit_once(':').and_then(|(host, port)| Some((host, Some(port.parse().ok()?))));
        let (host, port) = with_port.unwrap_or((entry, None));
        let named = || {
            let name = host.strip_suffix('.').unwrap_or(host);
            let name = name.strip_prefix('*').unwrap_or(name);
            Servers::Named(name.strip_prefix('.').unwrap_or(name).to_ascii_lowercase())
        };
        Self { servers: network(bare(host)).unwrap_or_else(named), port }
    }

    fn covers(&self, host: &str, port: u16) -> bool {
        if self.port.is_some_and(|only| only != port) {
            return false;
        }
        match (&self.servers, host.parse::<IpAddr>()) {
            (Servers::Network(network, bits), Ok(address)) => shares(address, *network, *bits),
            (Servers::Named(name), Err(_)) => {
                let host = host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase();
                host.strip_suffix(name).is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            (Servers::Network(..), Err(_)) | (Servers::Named(_), Ok(_)) => false,
        }
    }
}

/// An address, or a network with a number of bits: `10.0.0.0/8`. As in curl, zero bits mean the whole address.
fn network(entry: &str) -> Option<(IpAddr, u32)> {
    let (address, bits) =
        entry.split_once('/').map_or((entry, None), |(address, bits)| (address, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let all = if address.is_ipv4() { 32 } else { 128 };
    let is_number = |bits: &&str| bits.bytes().all(|byte| byte.is_ascii_digit());
    let bits = bits.map_or(Some(all), |bits| Some(bits).filter(is_number)?.parse().ok())?;
    (bits <= all).then_some((address, if bits == 0 { all } else { bits }))
}

/// Whether two addresses of one family begin with the same bits.
fn shares(one: IpAddr, other: IpAddr, bits: u32) -> bool {
    let differing = match (one, other) {
        (IpAddr::V4(one), IpAddr::V4(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        (IpAddr::V6(one), IpAddr::V6(other)) => (one.to_bits() ^ other.to_bits()).leading_zeros(),
        _ => return false,
    };
    differing >= bits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(table: &[(&str, &str, bool)]) {
        for (list, host, is_direct) in table {
            let port = 443;
            assert_eq!(Exceptions::parse(list).cover(host, port), *is_direct, "{list:?} {host}");
        }
    }

    /// As curl 7.88.1 treats these lists and hosts in `--noproxy`.
    #[test]
    fn as_curl_reads_it() {
        check(&[
            ("a.example", "a.example", true),
            ("a.example", "A.Example", true),
            ("A.EXAMPLE", "a.example", true),
            ("a.example", "b.a.example", true),
            ("a.example", "ba.example", false),
            ("a.example", "example", false),
            (".a.example", "a.example", true),
            (".a.example", "b.a.example", true),
            (".a.example", "ba.example", false),
            ("a.example.", "a.example", true),
            (".a.example.", "b.a.example", true),
            ("a.example", "a.example.", true),
            (".example", "a.example.", true),
            ("b.example,a.example", "a.example", true),
            ("b.example, a.example", "a.example", true),
            (" b.example , a.example ,", "a.example", true),
            ("b.example,,,   a.example", "a.example", true),
            (",", "a.example", false),
            (".", "a.example", false),
            ("a.example/8", "a.example", false),
            ("10.0.0.1", "10.0.0.1", true),
            ("10.0.0.1", "10.0.0.10", false),
            (".10.0.0.1", "10.0.0.1", false),
            ("0.0.1", "10.0.0.1", false),
            ("10.0.0.1", "a10.0.0.1", false),
            ("10.0.0.0/8", "10.1.2.3", true),
            ("10.1.2.3/8", "10.200.0.1", true),
            ("10.0.0.0/8", "11.1.2.3", false),
            ("10.0.0.0/9", "10.128.0.1", false),
            ("10.0.0.0/9", "10.127.0.1", true),
            ("10.0.0.0/32", "10.0.0.0", true),
            ("10.0.0.0/32", "10.0.0.1", false),
            ("10.0.0.0/31", "10.0.0.1", true),
            ("10.0.0.0/33", "10.0.0.0", false),
            ("10.0.0.0/0", "10.0.0.0", true),
            ("0.0.0.0/0", "10.0.0.1", false),
            ("10.0.0.0/-8", "10.0.0.0", false),
            ("10.0.0.0/8 ", "10.1.2.3", true),
            ("x.example, 10.0.0.0/8", "10.1.2.3", true),
            ("10/8", "10.1.2.3", false),
            ("10.0.0/8", "10.1.2.3", false),
            ("::/1", "10.0.0.1", false),
            ("fd00::1,10.0.0.0/8,a.example", "b.a.example", true),
            ("fd00::1,10.0.0.0/8,a.example", "10.9.9.9", true),
            ("*", "a.example", true),
            ("*", "10.0.0.1", true),
        ]);
    }

    /// IPv6 networks, which curl reads since version 8, as in its unit test 1614.
    #[test]
    fn as_curl_reads_ipv6() {
        check(&[
            ("10.0.0.0/8", "fd00::1", false),
            ("fd00::1", "fd00::1", true),
            ("fd00:0::1", "fd00::1", true),
            ("FD00::1", "fd00::1", true),
            ("fd00::1", "fd00::2", false),
            ("fd00::/8", "fd12::1", true),
            ("fd00::/7", "fc12::1", true),
            ("fd00::/8", "fc12::1", false),
            ("fd00::/65", "fd00::1", true),
            ("2001:db8::/33", "2001:db8:8000::1", false),
            ("2001:db8::/32", "2001:db8:8000::1", true),
            ("fd00::1/128", "fd00::1", true),
            ("fd00::1/129", "fd00::1", false),
            ("fd00::1/0", "fd00::1", true),
            ("::/0", "fd00::1", false),
            ("*", "fd00::1", true),
        ]);
    }

    /// What curl 7 takes as the whole address, and curl 8 rejects, matches nothing.
    #[test]
    fn malformed_networks() {
        check(&[
            ("10.0.0.0/", "10.0.0.0", false),
            ("10.0.0.0/a8", "10.0.0.0", false),
            ("10.0.0.0/8a", "10.1.2.3", false),
            ("10.0.0.0/+8", "10.1.2.3", false),
            ("10.0.0.0/ 8", "10.0.0.0", false),
            ("10.0.0.0/99999999999", "10.0.0.0", false),
            ("fd00::/a8", "fd00::1", false),
        ]);
    }

    /// Forms of other programs, which curl does not support.
    #[test]
    fn beyond_curl() {
        check(&[
            ("x.example, *", "a.example", true),
            ("*,x.example", "10.0.0.1", true),
            ("*.example", "a.example", true),
            ("*.example", "example", true),
            ("*.b.example", "a.example", false),
            ("b.example a.example", "a.example", true),
            ("b.example\ta.example", "a.example", true),
            ("a.example:443", "a.example", true),
            ("a.example:8443", "a.example", false),
            (".a.example.:443", "b.a.example", true),
            ("10.0.0.1:443", "10.0.0.1", true),
            ("10.0.0.1:80", "10.0.0.1", false),
            ("10.0.0.0/8:443", "10.1.2.3", true),
            ("10.0.0.0/8:80", "10.1.2.3", false),
            ("[fd00::1]", "fd00::1", true),
            ("[fd00::1]:443", "fd00::1", true),
            ("[fd00::1]:80", "fd00::1", false),
            ("[fd00::/8]:443", "fd12::1", true),
            // This machine, whatever the list says.
            ("", "localhost", true),
            ("", "127.1.2.3", true),
            ("", "::1", true),
        ]);
    }
}

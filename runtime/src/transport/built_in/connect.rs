//! The route to a server, which is the same for every transport.

use std::{error::Error as StdError, fmt, net::SocketAddr, time::Duration};

use super::{
    Awaited, HostPort, Instant, Peer, Reached, RequestFault, TimedOut, TransportError, TransportErrorKind,
    forward::Forward,
    origin::{Origin, refused},
    proxy::{Proxies, Proxy},
    tls::Tls,
};
use crate::time::deadline;

/// What a transport needs to open connections.
pub(super) struct Connector {
    pub(super) timeout: Duration,
    pub(super) http_to_any_host: bool,
    pub(super) proxies: Proxies,
    pub(super) tls: Tls,
}

/// The route to a server, and the progress of a connection. All steps share one time limit.
pub(super) struct Route<'a> {
    pub(super) origin: &'a Origin,
    pub(super) limit: Limit,
    proxy: Option<&'a Proxy>,
    address: Option<SocketAddr>,
}

/// A time limit and its error.
#[derive(Clone, Copy)]
pub(super) struct Limit {
    pub(super) deadline: Instant,
    timeout: Duration,
    kind: TransportErrorKind,
}

impl Connector {
    /// The route to `origin`, unless the settings permit none.
    pub(super) fn route<'a>(&'a self, origin: &'a Origin) -> Result<Route<'a>, TransportError> {
        if origin.is_metadata() {
            // Each request has its own limit, which connecting may use up.
            let limit = Limit::new(TransportErrorKind::ConnectTimeout, Duration::MAX);
            return Ok(Route { origin, limit, proxy: None, address: None });
        }
        if !origin.https() && !self.http_to_any_host && !origin.is_loopback() {
            return Err(refused(HostPort::from(origin), RequestFault::PlainHttp));
        }
        let proxy = self.proxies.select(origin).map_err(|error| {
            let error = error.clone();
            TransportError::new(TransportErrorKind::Proxy, HostPort::from(origin), Reached::NotSent)
                .with_source(error)
        })?;
        let limit = Limit::new(TransportErrorKind::ConnectTimeout, self.timeout);
        Ok(Route { origin, limit, proxy, address: None })
    }

    /// `Debug` of the transport that connects so.
    pub(super) fn debug(&self, f: &mut fmt::Formatter<'_>, name: &str, idle: usize) -> fmt::Result {
        f.debug_struct(name)
            .field("connect_timeout", &self.timeout)
            .field("http_to_any_host", &self.http_to_any_host)
            .field("proxies", &self.proxies)
            .field("idle_connections", &idle)
            .finish_non_exhaustive()
    }
}

impl Route<'_> {
    /// Host and port of the machine to connect to: the server, or the proxy on the way to it.
    pub(super) fn target(&self) -> (&str, u16) {
        self.proxy.map_or((self.origin.host(), self.origin.port()), |proxy| (proxy.host(), proxy.port()))
    }

    /// The proxy that must open a tunnel.
    pub(super) fn tunnel(&self) -> Option<&Proxy> {
        self.proxy.filter(|_| self.origin.https())
    }

    /// The proxy that forwards plain requests, if there is one.
    pub(super) fn forward(&self) -> Option<Forward> {
        self.proxy.filter(|_| !self.origin.https()).map(|proxy| Forward::new(self.origin, proxy))
    }

    /// Selects an address and returns its deadline: half of the remaining time, so that the `others` after it get a
    /// chance, too.
    pub(super) fn turn_to(&mut self, address: SocketAddr, others: usize) -> Instant {
        self.address = Some(address);
        if others == 0 { self.limit.deadline } else { Instant::now() + self.limit.left() / 2 }
    }

    /// The peer of the connection.
    pub(super) fn peer(&self) -> Peer {
        let mut peer = Peer::new(self.origin);
        peer.proxy = self.proxy.map(HostPort::from);
        peer.address = self.address;
        peer
    }

    pub(super) fn timed_out(&self, awaited: Awaited) -> TransportError {
        self.limit.error(self.peer(), Reached::NotSent, awaited)
    }

    /// The server, or the proxy on the way to it, was not reached.
    pub(super) fn unreached(
        &self,
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> TransportError {
        self.error(if self.proxy.is_some() { TransportErrorKind::Proxy } else { kind }, source)
    }

    pub(super) fn error(
        &self,
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> TransportError {
        TransportError::new(kind, self.peer(), Reached::NotSent).with_source(source)
    }
}

impl Limit {
    pub(super) fn new(kind: TransportErrorKind, timeout: Duration) -> Self {
        Self { deadline: deadline(Instant::now(), timeout), timeout, kind }
    }

    /// The earlier of two limits.
    pub(super) fn or_sooner(self, other: Self) -> Self {
        if other.deadline < self.deadline { other } else { self }
    }

    /// The remaining time, which may be zero.
    pub(super) fn left(&self) -> Duration {
        self.deadline.saturating_duration_since(Instant::now())
    }

    pub(super) fn error(&self, peer: Peer, reached: Reached, awaited: Awaited) -> TransportError {
        TransportError::new(self.kind, peer, reached).with_source(TimedOut::new(awaited, self.timeout))
    }
}

//! Settings of the default transport.

use std::time::Duration;

use super::{
    SettingError,
    connect::Connector,
    pool::Pool,
    proxy::{Proxies, Proxy},
    tls::{Authorities, Tls},
};
use crate::context::Context;

/// Settings of the default transports, made by their `builder`.
#[derive(Clone, Debug)]
#[must_use]
pub struct HttpTransportBuilder {
    connect_timeout: Duration,
    idle_timeout: Duration,
    max_idle_per_host: usize,
    max_body_bytes: usize,
    max_header_bytes: usize,
    max_headers: usize,
    http_to_any_host: bool,
    authorities: Option<Authorities>,
    more_authorities: Option<Authorities>,
    proxies: Proxies,
}

impl HttpTransportBuilder {
    pub(crate) fn new(context: &dyn Context) -> Self {
        Self {
            connect_timeout: Duration::from_millis(3100),
            idle_timeout: Duration::from_secs(20),
            max_idle_per_host: 100,
            max_body_bytes: 16 * 1024 * 1024,
            max_header_bytes: 64 * 1024,
            max_headers: Bounds::HEADERS,
            http_to_any_host: false,
            authorities: None,
            more_authorities: None,
            proxies: Proxies::from_environment(context),
        }
    }

    /// How long opening a connection may take, including name lookup and TLS handshake.
    ///
    /// 3.1 s unless set, which is enough to send one lost packet again.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.connect_timeout = timeout;
        self
    }

    /// How long an idle connection is kept for the next request: 20 s unless set.
    ///
    /// The front ends of cloud services close connections that are idle for longer; a request on such a connection may
    /// be lost.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How many idle connections to one server are kept: 100 unless set.
    ///
    /// With 0, every request opens a connection. Connections in use are not limited.
    pub fn max_idle_per_host(mut self, connections: usize) -> Self {
        self.max_idle_per_host = connections;
        self
    }

    /// The largest body of a response: 16 MiB unless set.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.max_body_bytes = bytes;
        self
    }

    /// The largest head of a response, status line and headers: 64 KiB unless set.
    pub fn max_header_bytes(mut self, bytes: usize) -> Self {
        self.max_header_bytes = bytes;
        self
    }

    /// How many headers a response may have: 100 unless set; a higher limit costs one allocation per response.
    pub fn max_headers(mut self, headers: usize) -> Self {
        self.max_headers = headers;
        self
    }

    /// Whether `http://` may be sent to other machines than this one: no, unless set. Everyone on the way can read
    /// and change such a request and its response.
    pub fn allow_http_to_any_host(mut self, allow: bool) -> Self {
        self.http_to_any_host = allow;
        self
    }

    /// Trusts the certificates of a PEM file (or one in DER) instead of the system's roots.
    ///
    /// Files in OpenSSL's own form (`TRUSTED CERTIFICATE`) are accepted too, and the purposes in them are respected.
    ///
    /// # Errors
    /// [`SettingError`] if the file has no certificate, or one that cannot be read.
    pub fn root_certificates(self, file: impl AsRef<[u8]>) -> Result<Self, SettingError> {
        Authorities::parse(file.as_ref()).map(|authorities| self.trust(authorities))
    }

    /// Trusts these authorities instead of the system's.
    pub(crate) fn trust(mut self, authorities: Authorities) -> Self {
        self.authorities = Some(authorities);
        self
    }

    /// Trusts these authorities in addition.
    pub(crate) fn trust_also(mut self, authorities: Option<Authorities>) -> Self {
        self.more_authorities = authorities;
        self
    }

    /// Reaches every server, this machine included, through one proxy, regardless of the environment:
    /// `http://user:password@host:port`. User and port (80) may be absent.
    ///
    /// # Errors
    /// [`SettingError`] if the text is not such a URL.
    pub fn proxy(mut self, url: &str) -> Result<Self, SettingError> {
        self.proxies = Proxies::always(Proxy::parse("proxy", url)?);
        Ok(self)
    }

    /// Reaches every server directly, regardless of the environment.
    pub fn no_proxy(mut self) -> Self {
        self.proxies = Proxies::default();
        self
    }

    pub(super) fn pool<C>(&self) -> Pool<C> {
        Pool::new(self.idle_timeout, self.max_idle_per_host)
    }

    pub(super) fn bounds(&self) -> Bounds {
        Bounds {
            header_bytes: self.max_header_bytes,
            headers: self.max_headers,
            body_bytes: self.max_body_bytes,
        }
    }

    pub(super) fn connector(self) -> Connector {
        Connector {
            timeout: self.connect_timeout,
            http_to_any_host: self.http_to_any_host,
            proxies: self.proxies,
            tls: Tls::new(self.authorities, self.more_authorities),
        }
    }
}

/// Limits on the size of a response.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub(super) header_bytes: usize,
    pub(super) headers: usize,
    pub(super) body_bytes: usize,
}

impl Bounds {
    /// Headers that hyper reads without an allocation.
    pub(super) const HEADERS: usize = 100;
}

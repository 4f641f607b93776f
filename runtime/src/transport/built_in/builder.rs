//! Settings of the default transport.

use std::{sync::Arc, time::Duration};

use rustls::ClientConfig;

use super::{
    Cryptography, SettingError,
    client_certificate::ClientCertificate,
    connect::Connector,
    pool::Pool,
    proxy::{Proxies, Proxy},
    tls::{Authorities, OwnConfig, Tls, TlsSettings},
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
    tls: TlsSettings,
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
            tls: TlsSettings::default(),
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

    /// How long an idle connection is kept for the next request. 20 s unless set.
    ///
    /// The front ends of cloud services close connections that are idle for longer; a request on such a connection may
    /// be lost.
    pub fn idle_timeout(mut self, timeout: Duration) -> Self {
        self.idle_timeout = timeout;
        self
    }

    /// How many idle connections to one server are kept: 100 unless set.
    ///
    /// With 0, every request opens a connection. Connections in use are not limited. The limit is for all runtimes together:
    /// each uses only its own connections, and those of runtimes that have ended stay until `idle_timeout`.
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

    /// How many headers a response may have: 100 unless set. A higher limit costs one allocation per response.
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

    /// Trusts the certificates of a file instead of the system's roots. The file is PEM, or one certificate in DER.
    ///
    /// Files in OpenSSL's own form (`TRUSTED CERTIFICATE`) are accepted too, and the purposes in them are respected.
    ///
    /// # Errors
    /// [`SettingError`] if the file has no certificate, or one that cannot be read, or if
    /// [`rustls_config`](Self::rustls_config) is set.
    pub fn root_certificates(self, file: impl AsRef<[u8]>) -> Result<Self, SettingError> {
        self.without_own_config("root_certificates")?;
        Authorities::parse(file.as_ref()).map(|authorities| self.trust(authorities))
    }

    /// Also trusts the certificates of a file. They are added to the system's, or to
    /// [`root_certificates`](Self::root_certificates).
    ///
    /// For a transport that calls a private host and public services.
    ///
    /// # Errors
    /// The errors of [`root_certificates`](Self::root_certificates).
    pub fn additional_root_certificates(self, file: impl AsRef<[u8]>) -> Result<Self, SettingError> {
        self.without_own_config("additional_root_certificates")?;
        Authorities::parse(file.as_ref()).map(|authorities| self.trust_also(Some(authorities)))
    }

    /// Trusts these authorities instead of the system's.
    pub(crate) fn trust(mut self, authorities: Authorities) -> Self {
        self.tls.authorities = Some(authorities);
        self
    }

    /// Trusts these authorities in addition.
    pub(crate) fn trust_also(mut self, authorities: Option<Authorities>) -> Self {
        self.tls.more = authorities;
        self
    }

    /// Identifies the client to servers that ask for a certificate (mutual TLS). Custom domains of APIs behind a
    /// gateway can.
    ///
    /// Both files are PEM, and may be the same file: the client's certificate, followed by those of its issuers up to
    /// one that the server knows; and its key, in PKCS #8, PKCS #1 or SEC 1, not encrypted.
    ///
    /// ```no_run
    /// # extern crate gatewright_runtime as gatewright;
    /// use gatewright::{context::SystemContext, transport::HttpTransport};
    ///
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// let (certificate, key) = (std::fs::read("client.pem")?, std::fs::read("client.key")?);
    /// let transport = HttpTransport::builder(&SystemContext).client_certificate(certificate, key)?.build();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SettingError`] if a file cannot be read, if the key belongs to another certificate, or if
    /// [`rustls_config`](Self::rustls_config) is set.
    pub fn client_certificate(
        mut self,
        certificates: impl AsRef<[u8]>,
        key: impl AsRef<[u8]>,
    ) -> Result<Self, SettingError> {
        self.without_own_config("client_certificate")?;
        let certificate =
            ClientCertificate::parse(certificates.as_ref(), key.as_ref(), self.tls.cryptography)?;
        self.tls.client_certificate = Some(certificate);
        Ok(self)
    }

    /// The crate whose cryptography TLS uses; default: [`Cryptography::default`]. A
    /// [`rustls_config`](Self::rustls_config) has its own.
    pub fn cryptography(mut self, cryptography: Cryptography) -> Self {
        self.tls.cryptography = cryptography;
        self
    }

    /// Uses a custom TLS configuration: other roots, verifiers, versions, cipher suites or keys.
    ///
    /// It replaces everything that this builder would set: the system's roots are not read, and the configuration alone
    /// decides which servers are trusted. Only the protocol is set, to HTTP/1.1 (ALPN). Certificates are verified unless
    /// the configuration itself has a verifier that does not, which takes a call of `dangerous()`.
    ///
    /// ```
    /// # extern crate gatewright_runtime as gatewright;
    /// use gatewright::{
    ///     context::SystemContext,
    ///     transport::{
    ///         HttpTransport,
    ///         rustls::{ClientConfig, RootCertStore, version::TLS13},
    ///     },
    /// };
    ///
    /// # fn example(roots: RootCertStore, provider: gatewright::transport::rustls::crypto::CryptoProvider)
    /// # -> Result<(), Box<dyn std::error::Error>> {
    /// let config = ClientConfig::builder_with_provider(provider.into())
    ///     .with_protocol_versions(&[&TLS13])?
    ///     .with_root_certificates(roots)
    ///     .with_no_client_auth();
    /// let transport = HttpTransport::builder(&SystemContext).rustls_config(config)?.build();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`SettingError`] if certificates are set, which would not be used.
    pub fn rustls_config(mut self, config: impl Into<Arc<ClientConfig>>) -> Result<Self, SettingError> {
        let TlsSettings { authorities, more, client_certificate, .. } = &self.tls;
        if authorities.is_some() || more.is_some() || client_certificate.is_some() {
            return Err(SettingError::new(
                "rustls_config: certificates are set, too, which would not be used; put them into the configuration",
            ));
        }
        self.tls.own = Some(OwnConfig(config.into()));
        Ok(self)
    }

    fn without_own_config(&self, setting: &str) -> Result<(), SettingError> {
        if self.tls.own.is_none() {
            return Ok(());
        }
        Err(SettingError::new(format!(
            "{setting}: rustls_config is set, which would not use it; put certificates into the configuration"
        )))
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
            tls: Tls::new(self.tls),
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

//! Probes a host: its addresses, its certificate, and its clock.

use std::{
    error::Error as StdError,
    io::{self, Read as _, Write as _},
    net::{IpAddr, SocketAddr, TcpStream, ToSocketAddrs as _},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, SystemTime},
};

use gatewright_runtime::{
    context::{Context as _, SystemContext},
    explain::transport::{TlsEvidence, TransportEvidence},
    time::Timestamp,
    transport::{Awaited, HostPort, Peer, Reached, TransportError, TransportErrorKind},
};
use rustls::{
    ClientConfig, ClientConnection, DigitallySignedStruct, RootCertStore, SignatureScheme, StreamOwned,
    client::{
        ResolvesClientCert, WebPkiServerVerifier,
        danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
        verify_server_name,
    },
    crypto::{CryptoProvider, ring::default_provider},
    pki_types::{CertificateDer, ServerName, UnixTime},
    server::ParsedCertificate,
    sign::CertifiedKey,
};

/// Timeout of each step.
const PATIENCE: Duration = Duration::from_secs(5);
/// Maximum length of the head of a response.
const MAX_HEAD: u64 = 16 << 10;

/// A host to probe.
pub(super) struct Target {
    pub(super) host: String,
    pub(super) port: u16,
    /// Address to connect to instead of the addresses of the name.
    pub(super) address: Option<SocketAddr>,
    pub(super) roots: RootCertStore,
    /// Whether to request the server's clock after the handshake.
    pub(super) ask_clock: bool,
}

/// The result of a probe.
pub(super) struct Probe {
    pub(super) addresses: Vec<IpAddr>,
    pub(super) reached: Result<Handshake, Box<TransportEvidence>>,
}

/// A handshake that succeeded.
pub(super) struct Handshake {
    pub(super) address: SocketAddr,
    pub(super) names: Vec<String>,
    pub(super) certificate_asked: bool,
    /// The server's clock and this machine's, if requested; or why the server sent none.
    pub(super) clock: Option<Result<(SystemTime, SystemTime), String>>,
}

impl Target {
    /// Resolves the name, connects and makes a TLS handshake.
    pub(super) fn probe(&self) -> Probe {
        let found = match self.address {
            Some(address) => Ok(vec![address]),
            None => (self.host.as_str(), self.port).to_socket_addrs().map(Vec::from_iter),
        };
        match found {
            Ok(found) => {
                let mut addresses: Vec<_> = found.iter().map(SocketAddr::ip).collect();
                addresses.dedup();
                Probe { addresses, reached: self.greet_first(&found) }
            }
            Err(error) => Probe {
                addresses: Vec::new(),
                reached: Err(self.failure(TransportErrorKind::Dns, None, error)),
            },
        }
    }

    /// Makes a TLS handshake with the first address that accepts a connection.
    fn greet_first(&self, addresses: &[SocketAddr]) -> Result<Handshake, Box<TransportEvidence>> {
        let none =
            || self.failure(TransportErrorKind::Dns, None, io::Error::other("the lookup found no address"));
        let mut failure = None;
        for address in addresses {
            match TcpStream::connect_timeout(address, PATIENCE) {
                Ok(stream) => return self.greet(stream, *address),
                Err(error) => {
                    let kind = match error.kind() {
                        io::ErrorKind::TimedOut => TransportErrorKind::ConnectTimeout,
                        _ => TransportErrorKind::Connect,
                    };
                    failure.get_or_insert_with(|| self.failure(kind, Some(*address), error));
                }
            }
        }
        Err(failure.unwrap_or_else(none))
    }

    fn greet(&self, mut stream: TcpStream, address: SocketAddr) -> Result<Handshake, Box<TransportEvidence>> {
        let failed = |error: Box<dyn StdError + Send + Sync>| {
            self.failure(TransportErrorKind::Tls, Some(address), error)
        };
        let timed = [stream.set_read_timeout(Some(PATIENCE)), stream.set_write_timeout(Some(PATIENCE))];
        timed.into_iter().collect::<Result<(), _>>().map_err(|error| failed(error.into()))?;
        let seen = Arc::new(Seen::default());
        let config = self.config(&seen).map_err(&failed)?;
        let name = ServerName::try_from(self.host.clone()).map_err(|error| failed(error.into()))?;
        let mut connection =
            ClientConnection::new(Arc::new(config), name).map_err(|error| failed(error.into()))?;
        while connection.is_handshaking() {
            connection.complete_io(&mut stream).map_err(|error| self.broken(address, error))?;
        }
        let clock = self.ask_clock.then(|| clock(StreamOwned::new(connection, stream)));
        let names = seen.names.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let certificate_asked = seen.certificate_asked.load(Ordering::Relaxed);
        Ok(Handshake { address, names, certificate_asked, clock })
    }

    fn config(&self, seen: &Arc<Seen>) -> Result<ClientConfig, Box<dyn StdError + Send + Sync>> {
        let provider = Arc::new(default_provider());
        let roots = Arc::new(self.roots.clone());
        let trusted = WebPkiServerVerifier::builder_with_provider(roots, Arc::clone(&provider)).build()?;
        let mut config = ClientConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(Watching {
                trusted,
                provider,
                seen: Arc::clone(seen),
            }))
            .with_client_cert_resolver(Arc::clone(seen) as Arc<dyn ResolvesClientCert>);
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(config)
    }

    /// A handshake that failed or timed out.
    fn broken(&self, address: SocketAddr, error: io::Error) -> Box<TransportEvidence> {
        if matches!(error.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut) {
            let mut evidence = self.failure(TransportErrorKind::ConnectTimeout, Some(address), error);
            evidence.awaited = Some(Awaited::TlsHandshake);
            evidence.timeout = Some(PATIENCE);
            return evidence;
        }
        match error.downcast::<rustls::Error>() {
            Ok(error) => self.failure(TransportErrorKind::Tls, Some(address), error),
            Err(error) => self.failure(TransportErrorKind::Tls, Some(address), error),
        }
    }

    fn failure(
        &self,
        kind: TransportErrorKind,
        address: Option<SocketAddr>,
        error: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Box<TransportEvidence> {
        let mut peer = Peer::new(HostPort::new(self.host.as_str(), Some(self.port)));
        peer.address = address;
        Box::new(TransportEvidence::of(&TransportError::new(kind, peer, Reached::NotSent).with_source(error)))
    }
}

/// A request to a host name that no API has: the front end's error response contains its clock.
fn clock(mut stream: StreamOwned<ClientConnection, TcpStream>) -> Result<(SystemTime, SystemTime), String> {
    const REQUEST: &[u8] =
        b"HEAD / HTTP/1.1\r\nHost: clock.invalid\r\nUser-Agent: gatewright\r\nConnection: close\r\n\r\n";
    let failed = |error: io::Error| error.to_string();
    stream.write_all(REQUEST).and_then(|()| stream.flush()).map_err(failed)?;
    let mut head = Vec::new();
    let mut response = (&mut stream).take(MAX_HEAD);
    let mut piece = [0; 1024];
    while !head.windows(4).any(|window| window == b"\r\n\r\n") {
        match response.read(&mut piece).map_err(failed)? {
            0 => break,
            length => head.extend_from_slice(&piece[..length]),
        }
    }
    let received = SystemContext.now();
    let head = String::from_utf8_lossy(&head);
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let date = headers.find(|(name, _)| name.eq_ignore_ascii_case("date")).map(|(_, value)| value.trim());
    let date = date.and_then(Timestamp::parse_http_date).ok_or("its response has no `Date`")?;
    Ok((date.into(), received))
}

/// Facts from a handshake.
#[derive(Debug, Default)]
struct Seen {
    names: Mutex<Vec<String>>,
    certificate_asked: AtomicBool,
}

/// Sends no client certificate, and remembers whether one was requested.
impl ResolvesClientCert for Seen {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.certificate_asked.store(true, Ordering::Relaxed);
        None
    }

    fn has_certs(&self) -> bool {
        false
    }
}

/// Verifies as clients do, and remembers the names.
#[derive(Debug)]
struct Watching {
    trusted: Arc<WebPkiServerVerifier>,
    provider: Arc<CryptoProvider>,
    seen: Arc<Seen>,
}

impl ServerCertVerifier for Watching {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        *self.seen.names.lock().unwrap_or_else(PoisonError::into_inner) = names(end_entity);
        self.trusted.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let algorithms = &self.provider.signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.provider.signature_verification_algorithms.supported_schemes()
    }
}

/// The names of a certificate, from the error for a name that no certificate has.
fn names(certificate: &CertificateDer<'_>) -> Vec<String> {
    let Ok(nobody) = ServerName::try_from("nobody.invalid") else { return Vec::new() };
    let refusal = ParsedCertificate::try_from(certificate)
        .and_then(|certificate| verify_server_name(&certificate, &nobody));
    let Err(error) = refusal else { return Vec::new() };
    let error = TransportError::new(TransportErrorKind::Tls, "", Reached::NotSent).with_source(error);
    match TransportEvidence::of(&error).tls {
        Some(TlsEvidence::WrongName { presented, .. }) => presented,
        _ => Vec::new(),
    }
}

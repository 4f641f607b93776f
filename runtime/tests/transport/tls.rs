//! TLS, with certificates made here.

use std::{error::Error, sync::Arc};

use gatewright_runtime::transport::{
    HttpTransport,
    Reached::{MaybeSent, NotSent},
    Transport, TransportErrorKind,
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{CertificateError, ServerConfig, crypto::CryptoProvider, pki_types::PrivateKeyDer};
use tokio::{io::AsyncWriteExt, net::TcpStream};
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::support::{OK, Server, builder, fails, get, ok, read_request, transport};

/// A certificate authority and the PEM of its certificate.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// Accepts TLS with a certificate for `name`.
    fn acceptor(&self, name: &str, adjust: impl FnOnce(&mut CertificateParams)) -> TlsAcceptor {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        adjust(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let mut config = ServerConfig::builder_with_provider(Arc::new(provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![certificate.der().clone()], key)
            .unwrap();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        TlsAcceptor::from(Arc::new(config))
    }

    fn transport(&self) -> HttpTransport {
        builder().root_certificates(&self.pem).unwrap().build()
    }
}

fn provider() -> CryptoProvider {
    #[cfg(feature = "ring")]
    return rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "ring"))]
    return rustls::crypto::aws_lc_rs::default_provider();
}

async fn serve<F, H>(acceptor: TlsAcceptor, handle: F) -> (Server, String)
where
    F: Fn(TlsStream<TcpStream>) -> H + Clone + Send + Sync + 'static,
    H: Future<Output = std::io::Result<()>> + Send + 'static,
{
    let server = Server::start(move |socket| {
        let (acceptor, handle) = (acceptor.clone(), handle.clone());
        async move { handle(acceptor.accept(socket).await?).await }
    })
    .await;
    let url = format!("https://localhost:{}/", server.address.port());
    (server, url)
}

async fn answer(mut socket: TlsStream<TcpStream>) -> std::io::Result<()> {
    assert_eq!(socket.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    while read_request(&mut socket).await.is_some() {
        socket.write_all(OK.as_bytes()).await?;
        socket.flush().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_authority_of_ones_own() {
    let authority = Authority::new("ours");
    let (server, url) = serve(authority.acceptor("localhost", |_| {}), answer).await;
    let transport = authority.transport();
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get(&url)).await), "ok");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn an_address_as_name() {
    let authority = Authority::new("ours");
    let (server, _) = serve(authority.acceptor("127.0.0.1", |_| {}), answer).await;
    let url = format!("https://{}/", server.address);
    assert_eq!(ok(authority.transport().send(get(&url)).await), "ok");
}

/// Sends to `url`, and expects the handshake to fail for this reason.
async fn rejects(transport: &HttpTransport, url: &str, is_it: impl FnOnce(&CertificateError) -> bool) {
    let error = transport.send(get(url)).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (TransportErrorKind::Tls, NotSent));
    match error.source().unwrap().downcast_ref() {
        Some(rustls::Error::InvalidCertificate(reason)) if is_it(reason) => {}
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn another_name() {
    let authority = Authority::new("ours");
    let (_server, url) = serve(authority.acceptor("other.example", |_| {}), answer).await;
    rejects(&authority.transport(), &url, |reason| match reason {
        CertificateError::NotValidForNameContext { presented, .. } => {
            presented.iter().any(|name| name.contains("other.example"))
        }
        _ => false,
    })
    .await;
}

#[tokio::test]
async fn unknown_authority() {
    let (_server, url) = serve(Authority::new("theirs").acceptor("localhost", |_| {}), answer).await;
    let is_it = |reason: &CertificateError| matches!(reason, CertificateError::UnknownIssuer);
    rejects(&Authority::new("ours").transport(), &url, is_it).await;
}

#[tokio::test]
async fn unknown_to_the_system() {
    let (_server, url) = serve(Authority::new("theirs").acceptor("localhost", |_| {}), answer).await;
    let error = transport().send(get(&url)).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (TransportErrorKind::Tls, NotSent));
}

#[tokio::test]
async fn expired() {
    let authority = Authority::new("ours");
    let acceptor = authority.acceptor("localhost", |params| {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    });
    let (_server, url) = serve(acceptor, answer).await;
    let is_it = |reason: &CertificateError| matches!(reason, CertificateError::ExpiredContext { .. });
    rejects(&authority.transport(), &url, is_it).await;
}

#[tokio::test]
async fn not_yet_valid() {
    let authority = Authority::new("ours");
    let acceptor = authority.acceptor("localhost", |params| params.not_before = date_time_ymd(4000, 1, 1));
    let (_server, url) = serve(acceptor, answer).await;
    let is_it = |reason: &CertificateError| matches!(reason, CertificateError::NotValidYetContext { .. });
    rejects(&authority.transport(), &url, is_it).await;
}

#[tokio::test]
async fn no_tls_at_the_other_end() {
    let server = Server::start(|mut socket| async move {
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await
    })
    .await;
    let url = server.url().replace("http:", "https:");
    fails(&Authority::new("ours").transport(), &url, TransportErrorKind::Tls, NotSent).await;
    let server = Server::start(|socket| async move {
        drop(socket);
        Ok(())
    })
    .await;
    let url = server.url().replace("http:", "https:");
    fails(&Authority::new("ours").transport(), &url, TransportErrorKind::Tls, NotSent).await;
}

#[tokio::test]
async fn cut_off_without_a_goodbye() {
    let authority = Authority::new("ours");
    let (_server, url) = serve(authority.acceptor("localhost", |_| {}), |mut socket| async move {
        read_request(&mut socket).await;
        // The body ends with the connection, so that only TLS can tell whether someone cut it.
        socket.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf").await?;
        socket.flush().await?;
        let (mut tcp, _) = socket.into_inner();
        tcp.shutdown().await
    })
    .await;
    fails(&authority.transport(), &url, TransportErrorKind::Closed, MaybeSent).await;
}

#[test]
fn bad_roots_are_refused_at_once() {
    let error = builder().root_certificates("nothing").unwrap_err();
    assert!(error.to_string().starts_with("root certificates[0]: not a certificate"), "{error}");
}

/// A proxy in between sees only that.
#[tokio::test]
async fn through_a_tunnel() {
    let authority = Authority::new("ours");
    let (server, _) = serve(authority.acceptor("service.example", |_| {}), answer).await;
    let address = server.address;
    let proxy = Server::start(move |mut socket| async move {
        let request = read_request(&mut socket).await.unwrap();
        assert_eq!(
            request,
            "CONNECT service.example:443 HTTP/1.1\r\nHost: service.example:443\r\n\
             Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n"
        );
        socket.write_all(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n").await?;
        let mut server = TcpStream::connect(address).await?;
        tokio::io::copy_bidirectional(&mut socket, &mut server).await.map(drop)
    })
    .await;
    let transport = builder()
        .proxy(&format!("http://me:secret@{}", proxy.address))
        .unwrap()
        .root_certificates(&authority.pem)
        .unwrap()
        .build();
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get("https://service.example/")).await), "ok");
    }
    assert_eq!(proxy.connections(), 1);
    assert!(!format!("{transport:?}").contains("secret"), "{transport:?}");
}

//! Real connections, with different names: of the connection, in the certificate, and in the signature.
//!
//! A proxy leads every name to one server, which shows a certificate and checks signatures as the service does.

use std::sync::{Arc, Mutex};

use gatewright::{
    ClientBuilder, Error, Service as _,
    api_gateway::{ApiGateway, Client},
    sign::{Signable, sigv4::Scope, verify::Verifier},
    transport::{HttpTransport, TransportErrorKind},
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer},
    server::WebPkiClientVerifier,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    both, builder, credentials,
    script::{machine, noon},
    table,
};

/// What reached the server.
#[derive(Clone, Debug, Default, PartialEq)]
struct Seen {
    connected: String,
    certified: String,
    host: String,
}

/// The server, and the proxy before it.
pub(crate) struct Front {
    pub(crate) proxy: String,
    pub(crate) authority: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Front {
    /// With a certificate for `name`; signatures are to be for this region and service.
    pub(crate) async fn start(name: &str, region: &str, service: &str) -> Self {
        Self::of(acceptor(name, None), region, service).await
    }

    /// Mutual TLS: clients must show this certificate.
    pub(crate) async fn start_mutual(name: &str, region: &str, client: CertificateDer<'static>) -> Self {
        Self::of(acceptor(name, Some(client)), region, "execute-api").await
    }

    async fn of((acceptor, authority): (TlsAcceptor, String), region: &str, service: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::default();
        let (log, scope) = (Arc::clone(&seen), (region.to_owned(), service.to_owned()));
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                let (acceptor, log, scope) = (acceptor.clone(), Arc::clone(&log), scope.clone());
                tokio::spawn(async move { serve(socket, acceptor, &log, &scope).await });
            }
        });
        Self { proxy, authority, seen }
    }

    fn client(&self, builder: ClientBuilder<Client>) -> Client {
        let context = machine().variable("HTTPS_PROXY", self.proxy.clone());
        builder.context(context).root_certificates(self.authority.clone()).build().unwrap()
    }
}

/// Accepts TLS with a certificate for `name`, of an authority of its own that comes as PEM.
fn acceptor(name: &str, client: Option<CertificateDer<'static>>) -> (TlsAcceptor, String) {
    let mut params = CertificateParams::new([]).unwrap();
    params.distinguished_name.push(DnType::CommonName, format!("the authority of {name}"));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().unwrap();
    let authority = params.self_signed(&key).unwrap().pem();
    let issuer = Issuer::new(params, key);
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &issuer).unwrap();
    let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
    let config = ServerConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(match client {
            None => WebPkiClientVerifier::no_client_auth(),
            Some(client) => {
                let mut clients = RootCertStore::empty();
                clients.add(client).unwrap();
                let verifier =
                    WebPkiClientVerifier::builder_with_provider(Arc::new(clients), Arc::new(provider()));
                verifier.build().unwrap()
            }
        })
        .with_single_cert(vec![certificate.der().clone()], key)
        .unwrap();
    (TlsAcceptor::from(Arc::new(config)), authority)
}

fn provider() -> CryptoProvider {
    #[cfg(feature = "ring")]
    return rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "ring"))]
    return rustls::crypto::aws_lc_rs::default_provider();
}

async fn serve(
    mut socket: TcpStream,
    acceptor: TlsAcceptor,
    log: &Mutex<Vec<Seen>>,
    scope: &(String, String),
) -> Option<()> {
    let connect = read_head(&mut socket).await?;
    let connected = connect.strip_prefix("CONNECT ")?.split_once(" HTTP/1.1")?.0.to_owned();
    socket.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    let mut socket = acceptor.accept(socket).await.ok()?;
    let certified = socket.get_ref().1.server_name().unwrap_or_default().to_owned();
    while let Some(head) = read_head(&mut socket).await {
        let request = request(&head);
        let host = request.headers()["host"].to_str().unwrap().to_owned();
        log.lock().unwrap().push(Seen { connected: connected.clone(), certified: certified.clone(), host });
        let scope = Scope { region: &scope.0, service: &scope.1 };
        let verified = Verifier::new(scope, noon()).verify(&Signable::of(&request), |_| Some(credentials()));
        let (status, body) = match verified {
            Ok(_) => ("200 OK", r#"["Rex"]"#.to_owned()),
            Err(error) => {
                let kind = format!("403 Forbidden\r\nx-amzn-errortype: {}", error.exception());
                socket
                    .write_all(
                        response(&kind, &format!("{{\"message\":{:?}}}", error.to_string())).as_bytes(),
                    )
                    .await
                    .ok()?;
                continue;
            }
        };
        socket.write_all(response(status, &body).as_bytes()).await.ok()?;
    }
    Some(())
}

fn response(status: &str, body: &str) -> String {
    format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
}

async fn read_head(socket: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
    }
    String::from_utf8(head).ok()
}

/// A request without a body.
fn request(head: &str) -> http::Request<&'static [u8]> {
    let mut lines = head.lines();
    let mut first = lines.next().unwrap().split(' ');
    let request = http::Request::builder().method(first.next().unwrap()).uri(first.next().unwrap());
    let headers = lines.filter_map(|line| line.split_once(": "));
    let request = headers.fold(request, |request, (name, value)| request.header(name, value));
    request.body(&b""[..]).unwrap()
}

#[tokio::test]
async fn every_form_connects_to_one_name_and_signs_one() {
    for row in table("targets") {
        let text = |name: &str| row[name].as_str();
        let is_plain = text("url").is_some_and(|url| url.starts_with("http://") || url.contains(":8443"));
        if is_plain || text("set_through").is_some() {
            continue;
        }
        let (host, region) = (text("host").unwrap(), text("region").unwrap());
        let connects_to = text("connects_to").unwrap_or(host);
        let front = Front::start(connects_to, region, text("service").unwrap_or("execute-api")).await;
        let client = front.client(builder(&row));
        for response in both(|| client.get(text("call").unwrap()).query("limit", 10)).await {
            assert_eq!(
                response.unwrap_or_else(|error| panic!("{row}: {error}")).json::<Vec<String>>().unwrap(),
                ["Rex"]
            );
        }
        let expected = Seen {
            connected: format!("{connects_to}:443"),
            certified: connects_to.to_owned(),
            host: host.to_owned(),
        };
        assert_eq!(*front.seen.lock().unwrap(), [expected.clone(), expected], "{row}");
    }
}

#[tokio::test]
async fn the_certificate_is_checked_for_the_connection_not_for_the_host_header() {
    let api = "abc123.execute-api.us-west-2.amazonaws.com";
    let front = Front::start(api, "us-west-2", "execute-api").await;
    let endpoint = "https://vpce-0123456789abcdef0-76543210.execute-api.us-west-2.vpce.amazonaws.com/test";
    let client = front.client(Client::for_url(endpoint).host(api).credentials(credentials()));
    for response in both(|| client.get("/pets").query("limit", 10)).await {
        let Err(Error::Transport(error)) = response else { panic!("{response:?}") };
        assert_eq!(error.error().kind(), TransportErrorKind::Tls);
    }
    assert_eq!(*front.seen.lock().unwrap(), []);
}

/// A custom domain with mutual TLS.
#[tokio::test]
async fn a_domain_that_requires_a_certificate_of_the_client() {
    let pair = rcgen::generate_simple_self_signed(["client".to_owned()]).unwrap();
    let front = Front::start_mutual("api.example.com", "eu-west-1", pair.cert.der().clone()).await;
    let build = |certificate: Option<(String, String)>| {
        let http = || {
            let http = HttpTransport::builder(&machine().variable("HTTPS_PROXY", front.proxy.clone()));
            let http = http.root_certificates(&front.authority).unwrap();
            match &certificate {
                Some((certificate, key)) => http.client_certificate(certificate, key).unwrap(),
                None => http,
            }
        };
        let builder = Client::for_url("https://api.example.com/orders").region("eu-west-1");
        let builder = builder.context(machine()).credentials(credentials());
        builder.transport(http().build()).blocking_transport(http().build_blocking()).build().unwrap()
    };
    let client = build(Some((pair.cert.pem(), pair.signing_key.serialize_pem())));
    for response in both(|| client.get("/7").query("limit", 10)).await {
        assert_eq!(response.unwrap().json::<Vec<String>>().unwrap(), ["Rex"]);
    }
    let client = build(None);
    for response in both(|| client.get("/7").max_attempts(1)).await {
        let error = response.unwrap_err();
        let picked = error.evidence().known_responses(Some(ApiGateway::INFO));
        assert_eq!(picked.first().map(|entry| entry.id), Some("forbidden-mtls"), "{error}");
        assert!(error.explain().to_string().contains("trust store"), "{}", error.explain());
    }
}

#[tokio::test]
async fn another_region_is_refused_and_explained() {
    let front = Front::start("api.example.com", "eu-west-1", "execute-api").await;
    let client = Client::for_url("https://api.example.com/orders").region("eu-west-2");
    let client = front.client(client.credentials(credentials()));
    for response in both(|| client.get("/7").query("limit", 10)).await {
        let error = response.unwrap_err();
        let explained = error.explain().to_string();
        assert!(explained.contains("region in the credential scope: signed `eu-west-2`"), "{explained}");
        assert_eq!(error.attempts(), 1);
    }
}

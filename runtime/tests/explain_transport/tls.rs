//! TLS, with certificates made here.

use std::{
    sync::Arc,
    time::{Duration, SystemTime},
};

use gatewright_runtime::{
    Explanation, ServiceInfo,
    context::{Context as _, SystemContext},
    endpoint::{EndpointRules, partitions},
    explain::{
        Evidence, Outcome, Refused,
        transport::{TlsEvidence, TransportEvidence},
    },
    hosts::{HostForm, Hosts},
    sign::Auth,
    transport::{HttpTransport, Reached, TransportErrorKind},
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    RootCertStore, ServerConfig,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tokio::io::AsyncWriteExt as _;
use tokio_rustls::TlsAcceptor;

use crate::support::{assert_explains, assert_whole, builder, explained, fails, server};

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

    /// A certificate for these names, and its key.
    fn certify(
        &self,
        names: &[&str],
        adjust: impl FnOnce(&mut CertificateParams),
    ) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        adjust(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        (certificate.der().clone(), PrivateKeyDer::try_from(key.serialize_der()).unwrap())
    }

    fn transport(&self) -> HttpTransport {
        builder().root_certificates(&self.pem).unwrap().build()
    }
}

fn provider() -> Arc<CryptoProvider> {
    #[cfg(feature = "ring")]
    return Arc::new(rustls::crypto::ring::default_provider());
    #[cfg(not(feature = "ring"))]
    return Arc::new(rustls::crypto::aws_lc_rs::default_provider());
}

fn config((certificate, key): (CertificateDer<'static>, PrivateKeyDer<'static>)) -> ServerConfig {
    ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap()
}

/// The port of a server that sends this greeting, and then closes.
async fn serve(config: ServerConfig) -> u16 {
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let accept = move |socket| {
        let acceptor = acceptor.clone();
        async move { acceptor.accept(socket).await?.shutdown().await }
    };
    server(accept).await.port()
}

/// Why a server with this certificate is not trusted by one who trusts its authority.
async fn check(
    names: &[&str],
    adjust: impl FnOnce(&mut CertificateParams),
) -> (Explanation, TlsEvidence, u16) {
    let authority = Authority::new("ours");
    let port = serve(config(authority.certify(names, adjust))).await;
    let error = fails(&authority.transport(), &format!("https://localhost:{port}/")).await;
    assert_eq!(error.kind(), TransportErrorKind::Tls);
    let evidence = TransportEvidence::of(&error);
    let explanation = of_api(evidence.clone());
    assert_whole(&explanation);
    (explanation, evidence.tls.unwrap(), port)
}

/// The address that `localhost` led to differs by machine.
fn without_address(explanation: &Explanation) -> String {
    let text = explanation.to_string();
    let (before, rest) = text.split_once(", at ").unwrap();
    let (_, after) = rest.split_once('\n').unwrap();
    format!("{before}\n{after}")
}

#[tokio::test]
async fn other_names() {
    let (explanation, tls, port) = check(&["other.example", "*.some.example", "192.0.2.7"], |_| {}).await;
    let presented = ["other.example", "*.some.example", "192.0.2.7"].map(ToOwned::to_owned).to_vec();
    assert_eq!(tls, TlsEvidence::WrongName { wanted: "localhost".to_owned(), presented });
    assert_eq!(
        without_address(&explanation),
        format!(
            "localhost:{port}: the certificate is for other names\n\
             Evidence:\n\
             - server localhost, port {port}\n\
             - wanted: localhost\n\
             - the certificate is for: other.example, *.some.example, 192.0.2.7\n\
             - the request was not sent, or only in part: the service cannot have executed it\n\
             Causes:\n\
             - The host in the endpoint URL is not a name of the server.\n\
             - DNS or the hosts file resolves the name to another server: an old address, a private zone.\n\
             - Something in between responds instead of the server: a proxy, a login page of the network.\n\
             What to do:\n\
             - Compare the host with the names in the certificate, and correct the endpoint URL.\n\
             - Check what the name resolves to: `nslookup localhost`."
        )
    );
}

#[tokio::test]
async fn the_default_certificate_of_api_gateway() {
    let (explanation, _, port) = check(&["*.execute-api.eu-west-1.amazonaws.com"], |_| {}).await;
    assert_eq!(
        without_address(&explanation),
        format!(
            "localhost:{port}: the certificate is for other names\n\
             Evidence:\n\
             - server localhost, port {port}\n\
             - wanted: localhost\n\
             - the certificate is for: *.execute-api.eu-west-1.amazonaws.com\n\
             - that is the default certificate of API Gateway in eu-west-1\n\
             - the request was not sent, or only in part: the service cannot have executed it\n\
             Causes:\n\
             - `localhost` resolves to API Gateway, but eu-west-1 has no custom domain of this name.\n\
             - DNS points to the API's own host instead of the custom domain's target.\n\
             - The custom domain was created moments ago, or its certificate is not active yet.\n\
             What to do:\n\
             - Create the custom domain name and its mapping in eu-west-1, or correct the region.\n\
             - Check that DNS points to the custom domain's target name: `nslookup localhost`.\n\
             - Or call the API by its own host, `<api id>.execute-api.eu-west-1.amazonaws.com`."
        )
    );
}

/// A service whose users have APIs, one host per API.
static APIS: ServiceInfo =
    ServiceInfo::new("API Gateway", "", "", Auth::sigv4(""), &RULES, &[], &[]).with_hosts(&HOSTS);
static HOSTS: Hosts = Hosts::new(
    None,
    &[HostForm {
        form: "default",
        host: "{api}.execute-api.{Region}.{dnsSuffix}",
        path: None,
        signing_name: None,
        refused: None,
    }],
);
static RULES: EndpointRules = EndpointRules::new(&[], &partitions::AWS);

fn of_api(evidence: TransportEvidence) -> Explanation {
    let mut whole = Evidence::of_refused(Refused::default(), "");
    whole.summary = evidence.explain().summary;
    whole.outcome = Outcome::Transport(evidence);
    whole.explain(Some(&APIS))
}

/// Whatever the name: servers here are known as `localhost` alone.
#[track_caller]
fn names(peer: &str, wanted: &str, presented: &[&str], piece: &str) {
    let mut evidence = TransportEvidence::new(TransportErrorKind::Tls, Reached::NotSent, peer);
    let presented = presented.iter().map(|name| (*name).to_owned()).collect();
    evidence.tls = Some(TlsEvidence::WrongName { wanted: wanted.to_owned(), presented });
    let explanation = of_api(evidence);
    assert_whole(&explanation);
    assert!(explanation.to_string().contains(piece), "{explanation}");
}

#[test]
fn names_and_wildcards() {
    let host = "my.bucket.s3.amazonaws.com";
    names("my.bucket.s3.amazonaws.com:443", host, &["s3.amazonaws.com", "*.s3.amazonaws.com"], "one label");
    names("b.s3.example:443", "b.s3.example", &["*.s3.amazonaws.com"], "is not a name of the server");
    names("192.0.2.1:443", "192.0.2.1", &["a.example"], "has an IP address as its host");
    names("a.example:443", "a.example", &[], "the certificate is for: no name at all");
    // In its own domain it is not about custom domains.
    let own = "a.b.execute-api.eu-west-1.amazonaws.com";
    names(&format!("{own}:443"), own, &["*.execute-api.eu-west-1.amazonaws.com"], "one label");
    names(
        "api.example.cn:443",
        "api.example.cn",
        &["*.execute-api.cn-north-1.amazonaws.com.cn"],
        "`<api id>.execute-api.cn-north-1.amazonaws.com.cn`",
    );
    let many: Vec<String> = (0..100).map(|index| format!("{index}.example")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    names("a.example:443", "a.example", &many, "6.example, 7.example and 92 more\n");
}

#[tokio::test]
async fn an_unknown_authority() {
    let port = serve(config(Authority::new("theirs").certify(&["localhost"], |_| {}))).await;
    let explanation =
        explained(&Authority::new("ours").transport(), &format!("https://localhost:{port}/")).await;
    assert_eq!(
        without_address(&explanation),
        format!(
            "localhost:{port}: the certificate is signed by an authority that is not trusted here\n\
             Evidence:\n\
             - server localhost, port {port}\n\
             - invalid peer certificate: UnknownIssuer\n\
             - the request was not sent, or only in part: the service cannot have executed it\n\
             Causes:\n\
             - The server has a certificate of a private authority, or one that it signed itself.\n\
             - A proxy or virus scanner that inspects TLS signs with an authority of its own.\n\
             - The server does not send its intermediate certificates.\n\
             What to do:\n\
             - Check who issued the certificate: `openssl s_client -connect localhost:{port} -servername localhost`.\n\
             - If you trust that authority, pass its certificate in PEM: `root_certificates` on the \
             client's builder or, for AWS services, a file named by `AWS_CA_BUNDLE`. Either replaces the system's list.\n\
             - If nobody can say whose authority it is, send nothing: someone may be listening."
        )
    );
    // AWS has no private authority: there a proxy is the likeliest.
    let peer = "storagegateway.us-east-1.amazonaws.com:443";
    let mut evidence = TransportEvidence::new(TransportErrorKind::Tls, Reached::NotSent, peer);
    evidence.tls = Some(TlsEvidence::UnknownIssuer);
    assert!(evidence.explain().causes[0].starts_with("A proxy or virus scanner"));
}

#[tokio::test]
async fn the_certificate_of_an_authority_as_the_servers_own() {
    let adjust = |params: &mut CertificateParams| params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let (explanation, tls, port) = check(&["localhost"], adjust).await;
    assert_eq!(tls, TlsEvidence::SelfSigned);
    assert_explains(
        &explanation,
        &format!("localhost:{port}: the server presents the certificate of an authority instead of its own"),
        &["CA:FALSE"],
    );
}

/// Now, in whole seconds.
fn now() -> SystemTime {
    let now = SystemContext.now();
    let nanos = now.duration_since(SystemTime::UNIX_EPOCH).unwrap().subsec_nanos();
    now - Duration::from_nanos(nanos.into())
}

const HOUR: Duration = Duration::from_secs(60 * 60);

#[tokio::test]
async fn expired() {
    let end = now() - HOUR * 75;
    let (explanation, tls, port) = check(&["localhost"], |params| {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = end.into();
    })
    .await;
    let TlsEvidence::Expired { now: Some(now), not_after: Some(not_after) } = tls else { panic!("{tls:?}") };
    assert_eq!(not_after, end);
    assert!(now > end + HOUR * 74);
    assert_explains(
        &explanation,
        &format!("localhost:{port}: the certificate expired 3 days ago, by this machine's clock"),
        &[
            "the certificate was valid until 20",
            "this machine's clock shows 20",
            "was not renewed",
            "clock is ahead",
        ],
    );
}

#[tokio::test]
async fn not_yet_valid() {
    let (explanation, tls, port) = check(&["localhost"], |params| {
        params.not_before = (now() + HOUR * 5 + HOUR / 2).into();
    })
    .await;
    assert!(matches!(tls, TlsEvidence::NotYetValid { now: Some(_), not_before: Some(_) }), "{tls:?}");
    assert_explains(
        &explanation,
        &format!("localhost:{port}: the certificate becomes valid in 5 hours, by this machine's clock"),
        &["the certificate is valid from 20", "This machine's clock is behind.", "Set this machine's clock"],
    );
    let mut evidence = TransportEvidence::new(TransportErrorKind::Tls, Reached::NotSent, "a.example:443");
    evidence.tls = Some(TlsEvidence::NotYetValid {
        now: Some(SystemTime::UNIX_EPOCH),
        not_before: Some(SystemTime::UNIX_EPOCH + HOUR * 24 * 365 * 55),
    });
    assert_explains(
        &evidence.explain(),
        "a.example:443: the certificate becomes valid in 54 years, by this machine's clock",
        &["this machine's clock shows 1970-01-01T00:00:00Z", "a day before this library was written"],
    );
}

#[tokio::test]
async fn a_server_that_wants_a_certificate_too() {
    let authority = Authority::new("ours");
    let (certificate, key) = authority.certify(&["localhost"], |_| {});
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
    let clients = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider()).build().unwrap();
    let config = ServerConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(clients)
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let port = serve(config).await;
    assert_explains(
        &explained(&authority.transport(), &format!("https://localhost:{port}/")).await,
        &format!("localhost:{port}: the server requires a client certificate"),
        &["mutual TLS", "received fatal alert: CertificateRequired"],
    );
}

#[tokio::test]
async fn alerts() {
    for (alert, piece) in [
        (40, "refused the TLS handshake"),
        (70, "another version or cipher"),
        (80, "aborted the TLS handshake"),
        (112, "refused the TLS handshake"),
    ] {
        let address = server(move |mut socket| async move {
            socket.write_all(&[0x15, 3, 3, 0, 2, 2, alert]).await?;
            // The request is read; else the connection would be reset.
            tokio::io::copy(&mut socket, &mut tokio::io::sink()).await.map(drop)
        })
        .await;
        let explanation =
            explained(&Authority::new("ours").transport(), &format!("https://{address}/")).await;
        assert!(explanation.summary.contains(piece), "{explanation}");
        assert!(explanation.evidence[1].starts_with("received fatal alert: "), "{explanation}");
    }
}

async fn plain(response: &'static [u8]) -> (Explanation, String) {
    let address = server(move |mut socket| async move {
        socket.write_all(response).await?;
        socket.shutdown().await?;
        tokio::io::copy(&mut socket, &mut tokio::io::sink()).await.map(drop)
    })
    .await;
    let url = format!("https://{address}/");
    (explained(&Authority::new("ours").transport(), &url).await, address.to_string())
}

#[tokio::test]
async fn a_server_without_tls() {
    for response in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"SSH-2.0-x\r\n", b"220 mail.example\r\n"] {
        let (explanation, address) = plain(response).await;
        assert_explains(
            &explanation,
            &format!("{address}: the other side does not speak TLS"),
            &["a plain HTTP server listens on that port", "write `http://`"],
        );
    }
}

#[tokio::test]
async fn a_connection_that_ends_during_the_handshake() {
    let (explanation, address) = plain(b"").await;
    let summary = format!("{address}: the connection ended during the TLS handshake");
    assert_explains(&explanation, &summary, &["closes TLS connections to hosts that it does not allow"]);
    let address = server(|socket| async move {
        socket.readable().await?;
        socket.set_zero_linger()
    })
    .await;
    let explanation = explained(&Authority::new("ours").transport(), &format!("https://{address}/")).await;
    assert_explains(&explanation, &format!("{address}: the connection ended during the TLS handshake"), &[]);
}

#[test]
fn every_other_failure_of_tls() {
    for (tls, piece) in [
        (TlsEvidence::Revoked, "the certificate was revoked"),
        (TlsEvidence::NoRoots, "`ca-certificates`"),
        (TlsEvidence::NothingInCommon { reason: "Tls12NotOffered".to_owned() }, "TLS 1.1 or older"),
        (TlsEvidence::BadCertificate { reason: "BadEncoding".to_owned() }, "the certificate is faulty"),
        (TlsEvidence::Other { reason: "strange".to_owned() }, "violates the TLS protocol"),
        (TlsEvidence::Expired { now: None, not_after: None }, "the certificate has expired"),
        (TlsEvidence::NotYetValid { now: None, not_before: None }, "is not valid yet"),
    ] {
        let mut evidence = TransportEvidence::new(TransportErrorKind::Tls, Reached::NotSent, "a.example:443");
        evidence.tls = Some(tls);
        let explanation = evidence.explain();
        assert_whole(&explanation);
        assert!(explanation.to_string().contains(piece), "{explanation}");
    }
}

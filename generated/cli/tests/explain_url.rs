//! `explain --url`, against servers on this machine that speak TLS.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    process::{Command, Output},
    sync::Arc,
    thread::{self, JoinHandle},
    time::{Duration, SystemTime},
};

use gatewright_runtime::{
    context::{Context as _, SystemContext},
    time::Timestamp,
};
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, date_time_ymd};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    crypto::ring::default_provider,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
    server::WebPkiClientVerifier,
};
use tokio::net::TcpSocket;

const API: &str = "abc123.execute-api.eu-west-1.amazonaws.com";
const WILDCARD: &str = "*.execute-api.eu-west-1.amazonaws.com";

/// An authority, and the path of its certificate.
struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pem: String,
    file: std::path::PathBuf,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().unwrap();
        let pem = params.self_signed(&key).unwrap().pem();
        let file = std::env::temp_dir().join(format!("gatewright-url-{}-{name}.pem", std::process::id()));
        std::fs::write(&file, &pem).unwrap();
        Self { issuer: Issuer::new(params, key), pem, file }
    }

    fn serve(&self, names: &[&str]) -> Server {
        self.serve_with_clock(names, |_| {}, false, SystemContext.now())
    }

    /// A server that greets once, and responds to the next request with its clock.
    fn serve_with_clock(
        &self,
        names: &[&str],
        adjust: impl FnOnce(&mut CertificateParams),
        asks_certificate: bool,
        clock: SystemTime,
    ) -> Server {
        let names: Vec<_> = names.iter().map(|name| (*name).to_owned()).collect();
        let mut params = CertificateParams::new(names).unwrap();
        adjust(&mut params);
        let key = KeyPair::generate().unwrap();
        let chain = vec![params.signed_by(&key, &self.issuer).unwrap().der().clone()];
        let provider = Arc::new(default_provider());
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.pem.as_bytes()).unwrap()).unwrap();
        let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
            .with_safe_default_protocol_versions()
            .unwrap();
        let builder = if asks_certificate {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider);
            builder.with_client_cert_verifier(verifier.allow_unauthenticated().build().unwrap())
        } else {
            builder.with_no_client_auth()
        };
        let key = PrivateKeyDer::try_from(key.serialize_der()).unwrap();
        let config = Arc::new(builder.with_single_cert(chain, key).unwrap());
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let reply = format!(
            "HTTP/1.1 403 Forbidden\r\nDate: {}\r\nContent-Length: 0\r\n\r\n",
            Timestamp::from(clock).http_date()
        );
        let asked = thread::spawn(move || {
            let (socket, _) = listener.accept().unwrap();
            let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), socket);
            let mut asked = Vec::new();
            let mut piece = [0; 1024];
            while let Ok(length @ 1..) = stream.read(&mut piece) {
                asked.extend_from_slice(&piece[..length]);
                if asked.ends_with(b"\r\n\r\n") {
                    let _ = stream.write_all(reply.as_bytes()).and_then(|()| stream.flush());
                }
            }
            String::from_utf8(asked).unwrap()
        });
        Server { port, asked }
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.file);
    }
}

struct Server {
    port: u16,
    asked: JoinHandle<String>,
}

fn explain(arguments: &[&str]) -> (Option<i32>, String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatewright"));
    let Output { status, stdout, stderr } =
        command.env_clear().arg("explain").args(arguments).output().unwrap();
    (status.code(), String::from_utf8(stdout).unwrap(), String::from_utf8(stderr).unwrap())
}

/// The explanation for a host that is our server, and the requests that it received.
#[track_caller]
fn explained(authority: &Authority, server: Server, host: &str, more: &[&str]) -> (String, String) {
    let url = format!("https://{host}:{}/prod/pets?secret=1", server.port);
    let fixed = ["--url", &url, "--address", "127.0.0.1", "--root-certificates"];
    let file = authority.file.to_str().unwrap();
    let (code, stdout, stderr) = explain(&[&fixed[..], &[file], more].concat());
    assert_eq!((code, stderr.as_str()), (Some(0), ""), "{stdout}");
    assert!(!stdout.contains("secret"), "{stdout}");
    (stdout, server.asked.join().unwrap())
}

#[track_caller]
fn contains_all(text: &str, pieces: &[&str]) {
    for piece in pieces {
        assert!(text.contains(piece), "{piece:?} is not in\n{text}");
    }
}

#[test]
fn an_api_in_order() {
    let authority = Authority::new("order");
    let server = authority.serve(&[WILDCARD]);
    let port = server.port;
    let (text, asked) = explained(&authority, server, API, &[]);
    contains_all(
        &text,
        &[
            &format!("{API}:{port} responds, and its certificate is for this name"),
            "the name belongs to the API abc123 in eu-west-1",
            "127.0.0.1 (private)",
            &format!("the certificate is for: {WILDCARD}"),
            "this machine's clock agrees with the server's",
            "refuses public ones",
        ],
    );
    // No API is called: the request has another host.
    assert!(asked.starts_with("HEAD / HTTP/1.1\r\nHost: clock.invalid\r\n"), "{asked}");
    assert!(!asked.to_lowercase().contains("authorization"), "{asked}");
}

#[test]
fn other_hosts_are_called_only_on_request() {
    let authority = Authority::new("quiet");
    let (text, asked) = explained(&authority, authority.serve(&["api.example.com"]), "api.example.com", &[]);
    assert_eq!(asked, "");
    contains_all(&text, &["the clocks were not compared", "shows neither API nor region", "are in order"]);
    let fast = SystemContext.now() - Duration::from_secs(60 * 60);
    let server = authority.serve_with_clock(&["api.example.com"], |_| {}, false, fast);
    let (text, asked) = explained(&authority, server, "api.example.com", &["--clock"]);
    assert!(asked.starts_with("HEAD / HTTP/1.1\r\nHost: clock.invalid\r\n"), "{asked}");
    contains_all(&text, &[" s ahead of the server's", "off by more than signatures allow", "NTP"]);
}

#[test]
fn a_custom_domain_that_points_to_the_default_host() {
    let authority = Authority::new("domain");
    let (text, asked) = explained(&authority, authority.serve(&[WILDCARD]), "api.example.com", &["--clock"]);
    assert_eq!(asked, "");
    contains_all(
        &text,
        &[
            "the certificate is for other names",
            WILDCARD,
            "eu-west-1 has no custom domain of this name",
            "get-domain-name --domain-name api.example.com --query regionalDomainName",
            "us-east-1 for edge-optimized domains",
        ],
    );
}

#[test]
fn certificates_that_are_not_trusted() {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let (text, _) = explained(&ours, theirs.serve(&[WILDCARD]), API, &[]);
    contains_all(&text, &["is not trusted here", "company's proxy"]);
    let expired = |params: &mut CertificateParams| {
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(2021, 1, 1);
    };
    let (text, _) =
        explained(&ours, ours.serve_with_clock(&[WILDCARD], expired, false, SystemContext.now()), API, &[]);
    contains_all(&text, &["2021-01-01", "clock"]);
}

#[test]
fn mutual_tls_is_seen() {
    let authority = Authority::new("mutual");
    let server = authority.serve_with_clock(&["api.example.com"], |_| {}, true, SystemContext.now());
    let (text, _) = explained(&authority, server, "api.example.com", &[]);
    contains_all(&text, &["requests a client certificate", "Call with a certificate"]);
}

#[test]
fn hosts_that_cannot_be_reached() {
    // Bound, to keep others from the port, and not listened to.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let nobody = socket.local_addr().unwrap().port();
    let (code, text, _) =
        explain(&["--url", &format!("https://{API}:{nobody}/"), "--address", "127.0.0.1", "--json"]);
    assert_eq!(code, Some(0));
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert!(json["summary"].as_str().unwrap().contains("the connection is refused"), "{json:#}");
    contains_all(&text, &["security group", "the address was set to 127.0.0.1 (private)"]);
    assert_eq!(json["known_responses"][0], "connect-timeout", "{json:#}");
    // No API is on this machine.
    for host in ["127.0.0.1", "localhost"] {
        let (_, text, _) = explain(&["--url", &format!("https://{host}:{nobody}/")]);
        contains_all(&text, &["The server on this machine is not running"]);
        assert!(!text.contains("security group") && !text.contains("custom domain"), "{text}");
    }
    // A label that is too long is not sent to a name server.
    let host = "a".repeat(64) + ".example";
    let (_, text, _) = explain(&["--url", &format!("https://{host}/")]);
    contains_all(&text, &["nslookup", "has no DNS record"]);
}

#[test]
fn invalid_urls() {
    for (arguments, expected) in [
        (&["--url", "http://a.example/"][..], "does not begin with https://"),
        (&["--url", "a b"], "this is not a URL"),
        (&["--url", "https://ann:secret@a.example/"], "this one carries a user name or password"),
        (&["--url", "https://a.example:84430/"], "this one has a port that is not between 1 and 65535"),
        (&["--url", "https://a.example:443O/pets?id=1"], "a port that is not between 1 and 65535"),
        (&["--url", "wss://a.example:0"], "a port that is not between 1 and 65535"),
        (&["--url", "https://a.example/", "--status", "403"], "need --message"),
        (&["--message", "-", "--clock"], "cannot be used with"),
        (&["--url", "https://a.example/", "saved.json"], "cannot be used with"),
        (&["--url", "https://a.example/", "--address", "here"], "invalid value 'here' for '--address <IP>'"),
        (&["--url", "https://a.example/", "--root-certificates", "/none"], "cannot read /none"),
    ] {
        let (code, stdout, stderr) = explain(arguments);
        assert_eq!((code, stdout.as_str()), (Some(2), ""), "{stderr}");
        assert!(stderr.contains(expected) && !stderr.contains("secret"), "{stderr}");
    }
}

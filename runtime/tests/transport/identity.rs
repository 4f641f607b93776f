//! Certificates of clients, and TLS configurations of callers.

use std::{error::Error, sync::Arc};

use gatewright_runtime::transport::{
    Cryptography, HttpTransportBuilder, SettingError, TransportErrorKind,
    rustls::{
        self, ClientConfig, RootCertStore, ServerConfig,
        crypto::{CryptoProvider, aws_lc_rs, ring},
        pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
        server::WebPkiClientVerifier,
        version::{TLS12, TLS13},
    },
};
use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P384_SHA384, PKCS_ED25519};
use tokio::io::AsyncWriteExt;
use tokio_rustls::TlsAcceptor;

use crate::{
    authority::{Authority, serve},
    drivers::Driver,
    support::{OK, Server, builder, chain, get, ok, read_request, with_both},
};

with_both! {
    a_server_that_requires_a_certificate,
    the_issuers_are_sent_too,
    a_configuration_of_the_caller,
    a_configuration_keeps_its_certificate,
    the_protocol_of_a_configuration_is_http,
    the_cryptography_is_chosen_by_the_builder,
}

/// A certificate of this authority for a client, and its key, in PEM.
fn client(authority: &Authority) -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let certificate = authority.certify(&CertificateParams::new(["client".to_owned()]).unwrap(), &key);
    (certificate.pem(), key.serialize_pem())
}

/// What a server requires of its clients, besides a certificate.
struct Requires<'a> {
    clients: &'a Authority,
    versions: Vec<&'static rustls::SupportedProtocolVersion>,
    provider: CryptoProvider,
}

impl<'a> Requires<'a> {
    fn certificates_of(clients: &'a Authority) -> Self {
        Self { clients, versions: vec![&TLS12, &TLS13], provider: ring::default_provider() }
    }

    /// Responds with the name of the client.
    async fn serve(self, servers: &Authority) -> (Server, String) {
        let provider = Arc::new(self.provider);
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.clients.pem.as_bytes()).unwrap()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider));
        let key = KeyPair::generate().unwrap();
        let certificate = servers.certify(&CertificateParams::new(["localhost".to_owned()]).unwrap(), &key);
        let config = ServerConfig::builder_with_provider(provider)
            .with_protocol_versions(&self.versions)
            .unwrap()
            .with_client_cert_verifier(verifier.build().unwrap())
            .with_single_cert(
                vec![certificate.der().clone()],
                PrivateKeyDer::try_from(key.serialize_der()).unwrap(),
            )
            .unwrap();
        serve(TlsAcceptor::from(Arc::new(config)), |mut socket| async move {
            while read_request(&mut socket).await.is_some() {
                let count = socket.get_ref().1.peer_certificates().unwrap().len();
                socket
                    .write_all(format!("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{count}").as_bytes())
                    .await?;
                socket.flush().await?;
            }
            Ok(())
        })
        .await
    }
}

async fn a_server_that_requires_a_certificate(driver: Driver) {
    let (servers, clients) = (Authority::new("servers"), Authority::new("clients"));
    for version in [&TLS12, &TLS13] {
        let requires = Requires { versions: vec![version], ..Requires::certificates_of(&clients) };
        let (server, url) = requires.serve(&servers).await;
        let trusting = || builder().root_certificates(&servers.pem).unwrap();
        let (certificate, key) = client(&clients);
        let transport = driver.build(trusting().client_certificate(&certificate, &key).unwrap());
        for _ in 0..2 {
            assert_eq!(ok(transport.send(get(&url)).await), "1");
        }
        assert_eq!(server.connections(), 1);

        let (certificate, key) = client(&servers);
        for (builder, alert) in [
            (trusting(), ["CertificateRequired", "HandshakeFailure"]),
            (trusting().client_certificate(certificate, key).unwrap(), ["UnknownCA", "UnknownCA"]),
        ] {
            let error = driver.build(builder).send(get(&url)).await.unwrap_err();
            assert_eq!(error.kind(), TransportErrorKind::Tls);
            let text = chain(&error);
            assert!(alert.iter().any(|alert| text.contains(alert)), "{text}");
        }
    }
}

/// A server knows the root only.
async fn the_issuers_are_sent_too(driver: Driver) {
    let root = Authority::new("root");
    let between = root.authority_below("between");
    let (_server, url) = Requires::certificates_of(&root).serve(&root).await;
    let (certificate, key) = client(&between);
    let builder = || builder().root_certificates(&root.pem).unwrap();
    let whole = [&certificate, &between.pem, &key].map(String::as_str).concat();
    let transport = driver.build(builder().client_certificate(&whole, &whole).unwrap());
    assert_eq!(ok(transport.send(get(&url)).await), "2");
    let transport = driver.build(builder().client_certificate(certificate, key).unwrap());
    assert_eq!(transport.send(get(&url)).await.unwrap_err().kind(), TransportErrorKind::Tls);
}

fn trusting(authority: &Authority) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.pem.as_bytes()).unwrap()).unwrap();
    roots
}

/// The roots, and the versions.
async fn a_configuration_of_the_caller(driver: Driver) {
    let (ours, theirs) = (Authority::new("ours"), Authority::new("theirs"));
    let (_server, url) = serve(ours.acceptor("localhost", |_| {}), |mut socket| async move {
        while read_request(&mut socket).await.is_some() {
            assert_eq!(socket.get_ref().1.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_2));
            socket.write_all(OK.as_bytes()).await?;
            socket.flush().await?;
        }
        Ok(())
    })
    .await;
    let config = |roots| {
        ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS12])
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth()
    };
    let transport = driver.build(builder().rustls_config(config(trusting(&ours))).unwrap());
    assert_eq!(ok(transport.send(get(&url)).await), "ok");
    // A custom configuration verifies, too.
    let transport = driver.build(builder().rustls_config(config(trusting(&theirs))).unwrap());
    let error = transport.send(get(&url)).await.unwrap_err();
    assert!(error.source().unwrap().to_string().contains("UnknownIssuer"), "{}", chain(&error));
}

async fn a_configuration_keeps_its_certificate(driver: Driver) {
    let authority = Authority::new("ours");
    let (_server, url) = Requires::certificates_of(&authority).serve(&authority).await;
    let (certificate, key) = client(&authority);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(trusting(&authority))
        .with_client_auth_cert(
            vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    let transport = driver.build(builder().rustls_config(Arc::new(config)).unwrap());
    assert_eq!(ok(transport.send(get(&url)).await), "1");
}

/// A server that also has HTTP/2 would choose it.
async fn the_protocol_of_a_configuration_is_http(driver: Driver) {
    let authority = Authority::new("ours");
    let (_server, url) = serve(authority.acceptor("localhost", |_| {}), |mut socket| async move {
        assert_eq!(socket.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        socket.flush().await
    })
    .await;
    let mut config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(trusting(&authority))
        .with_no_client_auth();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let transport = driver.build(builder().rustls_config(config).unwrap());
    assert_eq!(ok(transport.send(get(&url)).await), "ok");
}

/// Only one of the crates has the key exchange that the server insists on.
async fn the_cryptography_is_chosen_by_the_builder(driver: Driver) {
    let authority = Authority::new("ours");
    let provider = CryptoProvider {
        kx_groups: vec![aws_lc_rs::kx_group::X25519MLKEM768],
        ..aws_lc_rs::default_provider()
    };
    let requires = Requires { versions: vec![&TLS13], provider, ..Requires::certificates_of(&authority) };
    let (_server, url) = requires.serve(&authority).await;
    let (certificate, key) = client(&authority);
    let build = |builder: HttpTransportBuilder| {
        let builder = builder.root_certificates(&authority.pem).unwrap();
        driver.build(builder.client_certificate(&certificate, &key).unwrap())
    };
    let transport = build(builder().cryptography(Cryptography::AwsLcRs));
    assert_eq!(ok(transport.send(get(&url)).await), "1");
    assert_eq!(Cryptography::default(), Cryptography::Ring);
    for builder in [builder(), builder().cryptography(Cryptography::Ring)] {
        let error = build(builder).send(get(&url)).await.unwrap_err();
        assert!(chain(&error).contains("HandshakeFailure"), "{}", chain(&error));
    }
}

#[track_caller]
fn refused(built: Result<HttpTransportBuilder, SettingError>, expected: &str) {
    let text = built.unwrap_err().to_string();
    assert!(text.starts_with(expected), "{text}");
}

#[test]
fn files_that_cannot_be_used_say_why() {
    let (ours, key) = client(&Authority::new("ours"));
    let (_, other) = client(&Authority::new("ours"));
    let check = |certificates: &str, key: &str, expected: &str| {
        for cryptography in [Cryptography::Ring, Cryptography::AwsLcRs] {
            refused(builder().cryptography(cryptography).client_certificate(certificates, key), expected);
        }
    };
    check("", &key, "client certificate[0]: not a PEM file");
    check(&key, &key, "client certificate[0]: the file has no certificate");
    check(&ours.replace("MII", "M*I"), &key, "client certificate[0]: not Base64");
    check(
        "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
        &key,
        "client certificate[0]: not a cert",
    );
    check(&format!("{ours}-----BEGIN CERTIFICATE-----\n"), &key, "client certificate[1]: no line `-----END");
    check(&ours, "", "key of the client certificate: not a PEM file");
    check(&ours, &ours, "key of the client certificate: the file has no PRIVATE KEY");
    check(
        &ours,
        &key.replace("PRIVATE", "ENCRYPTED PRIVATE"),
        "key of the client certificate: it is encrypted; `openssl",
    );
    check(
        &ours,
        &key.replace("PRIVATE", "DSA PRIVATE"),
        "key of the client certificate: a DSA PRIVATE KEY; `openssl",
    );
    check(&ours, &format!("{key}{other}"), "key of the client certificate: the file has several keys");
    check(
        &ours,
        &key.replace("MIG", "MII"),
        "key of the client certificate: the key's kind is not supported",
    );
    let old =
        "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
    check(&ours, old, "key of the client certificate: not Base64; a key with `Proc-Type` is encrypted");
    check(&ours, &other, "client certificate: the key belongs to another certificate");
}

#[test]
fn keys_of_every_kind_are_read() {
    let authority = Authority::new("ours");
    for kind in [&PKCS_ECDSA_P384_SHA384, &PKCS_ED25519] {
        let key = KeyPair::generate_for(kind).unwrap();
        let certificate = authority.certify(&CertificateParams::new([]).unwrap(), &key);
        for cryptography in [Cryptography::Ring, Cryptography::AwsLcRs] {
            let builder = builder().cryptography(cryptography);
            let builder = builder.client_certificate(certificate.pem(), key.serialize_pem()).unwrap();
            assert!(format!("{builder:?}").contains("certificates: 1"));
        }
    }
}

/// Settings that would have no effect are refused, in either order.
#[test]
fn a_configuration_and_certificates_exclude_each_other() {
    let authority = Authority::new("ours");
    let (certificate, key) = client(&authority);
    let config = || {
        let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
        let config = config.with_safe_default_protocol_versions().unwrap();
        config.with_root_certificates(trusting(&authority)).with_no_client_auth()
    };
    let own = || builder().rustls_config(config()).unwrap();
    refused(own().root_certificates(&authority.pem), "root_certificates: rustls_config is set");
    refused(
        own().additional_root_certificates(&authority.pem),
        "additional_root_certificates: rustls_config",
    );
    refused(own().client_certificate(&certificate, &key), "client_certificate: rustls_config is set");
    for builder in [
        builder().root_certificates(&authority.pem),
        builder().additional_root_certificates(&authority.pem),
        builder().client_certificate(&certificate, &key),
    ] {
        refused(builder.unwrap().rustls_config(config()), "rustls_config: certificates are set");
    }
}

#[test]
fn the_key_is_not_shown() {
    let (certificate, key) = client(&Authority::new("ours"));
    let builder = builder().client_certificate(&certificate, &key).unwrap();
    let shown = format!(
        "{builder:?} {builder:#?} {:?} {:?}",
        builder.clone().build(),
        builder.clone().build_blocking()
    );
    assert!(shown.contains("ClientCertificate { certificates: 1, .. }"), "{shown}");
    for line in key.lines().chain(certificate.lines()) {
        assert!(!shown.contains(line), "{shown}");
    }
}

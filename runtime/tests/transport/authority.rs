//! Certificates made here, and servers that show them.

use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, DnType, IsCa, Issuer, KeyPair};
use rustls::{ServerConfig, crypto::CryptoProvider, pki_types::PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::{TlsAcceptor, server::TlsStream};

use crate::{
    drivers::Driver,
    support::{Client, Server, builder},
};

/// A certificate authority and the PEM of its certificate.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) pem: String,
}

impl Authority {
    pub(crate) fn new(name: &str) -> Self {
        let (params, key) = Self::params(name);
        let pem = params.self_signed(&key).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    /// An authority that this one certifies.
    pub(crate) fn authority_below(&self, name: &str) -> Self {
        let (params, key) = Self::params(name);
        let pem = params.signed_by(&key, &self.issuer).unwrap().pem();
        Self { issuer: Issuer::new(params, key), pem }
    }

    fn params(name: &str) -> (CertificateParams, KeyPair) {
        let mut params = CertificateParams::new([]).unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        (params, KeyPair::generate().unwrap())
    }

    pub(crate) fn certify(&self, params: &CertificateParams, key: &KeyPair) -> Certificate {
        params.signed_by(key, &self.issuer).unwrap()
    }

    /// Accepts TLS with a certificate for `name`.
    pub(crate) fn acceptor(&self, name: &str, adjust: impl FnOnce(&mut CertificateParams)) -> TlsAcceptor {
        let mut params = CertificateParams::new([name.to_owned()]).unwrap();
        adjust(&mut params);
        let key = KeyPair::generate().unwrap();
        let certificate = self.certify(&params, &key);
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

    pub(crate) fn transport(&self, driver: Driver) -> Client {
        driver.build(builder().root_certificates(&self.pem).unwrap())
    }
}

fn provider() -> CryptoProvider {
    #[cfg(feature = "ring")]
    return rustls::crypto::ring::default_provider();
    #[cfg(not(feature = "ring"))]
    return rustls::crypto::aws_lc_rs::default_provider();
}

/// Hands every session to `handle`; the URL says `localhost`.
pub(crate) async fn serve<F, H>(acceptor: TlsAcceptor, handle: F) -> (Server, String)
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

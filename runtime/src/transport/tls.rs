//! TLS: whom to trust.

use std::{error::Error as StdError, io, sync::Arc, sync::OnceLock};

use rustls::{
    ClientConfig, RootCertStore,
    pki_types::{CertificateDer, pem::PemObject as _},
};
use rustls_native_certs::CertificateResult;

use super::SettingError;

pub(super) type BoxError = Box<dyn StdError + Send + Sync>;

/// TLS as a client speaks it. The system's roots are read when the first connection needs them.
#[derive(Default)]
pub(super) struct Tls {
    roots: Option<Arc<RootCertStore>>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    /// Trusts `roots`, or the system's where there are none.
    pub(super) fn new(roots: Option<RootCertStore>) -> Self {
        Self { roots: roots.map(Arc::new), config: OnceLock::new() }
    }

    /// How to greet a server.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, BoxError> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let roots = match &self.roots {
            Some(roots) => Arc::clone(roots),
            None => Arc::new(system_roots(rustls_native_certs::load_native_certs())?),
        };
        let mut config = ClientConfig::builder_with_provider(Arc::new(crate::crypto::tls_provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::clone(self.config.get_or_init(|| Arc::new(config))))
    }
}

/// The certificates of a PEM file, or the one of a DER file.
pub(super) fn parse_roots(bytes: &[u8]) -> Result<RootCertStore, SettingError> {
    let is_pem = bytes.windows(10).any(|window| window == b"-----BEGIN");
    let certificates = if is_pem {
        CertificateDer::pem_slice_iter(bytes)
            .collect::<Result<Vec<_>, _>>()
            .map_err(|error| SettingError::new(format!("root certificates: not PEM: {error}")))?
    } else {
        vec![CertificateDer::from(bytes)]
    };
    let mut roots = RootCertStore::empty();
    for (index, certificate) in certificates.into_iter().enumerate() {
        roots.add(certificate.into_owned()).map_err(|error| {
            SettingError::new(format!("root certificates[{index}]: not a certificate in PEM or DER: {error}"))
        })?;
    }
    if roots.is_empty() {
        return Err(SettingError::new("root certificates: no certificate in it"));
    }
    Ok(roots)
}

/// Stores are known to hold a certificate or two that no one can read: the others count.
fn system_roots(found: CertificateResult) -> Result<RootCertStore, String> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if !roots.is_empty() {
        return Ok(roots);
    }
    let mut text = "no root certificate could be loaded from the system".to_owned();
    for error in found.errors {
        text = format!("{text}: {error}");
    }
    Err(text + "; install the package ca-certificates, set SSL_CERT_FILE, or pass root certificates")
}

/// The reason itself rather than the I/O error around it, whose `source` would skip it.
pub(super) fn unwrapped(error: io::Error) -> BoxError {
    match error.downcast::<rustls::Error>() {
        Ok(error) => error.into(),
        Err(error) => error.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_system_root() {
        let error = system_roots(CertificateResult::default()).unwrap_err();
        assert_eq!(
            error,
            "no root certificate could be loaded from the system; install the package ca-certificates, \
             set SSL_CERT_FILE, or pass root certificates"
        );
    }

    #[track_caller]
    fn check(bytes: &[u8], error: &str) {
        let text = parse_roots(bytes).unwrap_err().to_string();
        assert!(text.starts_with(error), "{text}");
    }

    #[test]
    fn bad_roots() {
        check(b"", "root certificates[0]: not a certificate in PEM or DER");
        check(b"garbage", "root certificates[0]: not a certificate in PEM or DER");
        check(
            b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "root certificates[0]: not a certificate in PEM or DER",
        );
        check(
            b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
            "root certificates: no certificate in it",
        );
        check(b"-----BEGIN CERTIFICATE-----\nAAAA\n", "root certificates: not PEM");
    }

    #[test]
    fn good_roots() {
        let key = rcgen::KeyPair::generate().unwrap();
        let certificate = rcgen::CertificateParams::new([]).unwrap().self_signed(&key).unwrap();
        assert_eq!(parse_roots(certificate.der()).unwrap().len(), 1);
        let twice = certificate.pem().repeat(2);
        assert_eq!(parse_roots(twice.as_bytes()).unwrap().len(), 2);
    }
}

//! TLS: whom to trust.

use std::{error::Error as StdError, io, sync::Arc, sync::OnceLock};

use rustls::{ClientConfig, RootCertStore};
use rustls_native_certs::CertificateResult;

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
}

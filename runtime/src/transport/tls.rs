//! TLS, and the trusted authorities.

use std::{error::Error as StdError, io, sync::Arc, sync::OnceLock};

use rustls::{ClientConfig, RootCertStore};
use rustls_native_certs::CertificateResult;

use super::{SettingError, certificates::parse_roots};
use crate::wire::NoRootCertificates;

pub(super) type BoxError = Box<dyn StdError + Send + Sync>;

/// Certificate authorities of a file.
#[derive(Clone, Debug)]
pub(crate) struct Authorities(Arc<RootCertStore>);

impl Authorities {
    /// Reads a file in PEM or DER.
    pub(crate) fn parse(file: &[u8]) -> Result<Self, SettingError> {
        parse_roots(file).map(|roots| Self(Arc::new(roots)))
    }
}

/// TLS of a client. The system's roots are read when the first connection needs them.
#[derive(Default)]
pub(super) struct Tls {
    authorities: Option<Authorities>,
    more: Option<Authorities>,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    /// Trusts these authorities, or the system's if there are none, and `more`.
    pub(super) fn new(authorities: Option<Authorities>, more: Option<Authorities>) -> Self {
        Self { authorities, more, config: OnceLock::new() }
    }

    fn roots(&self) -> Result<Arc<RootCertStore>, NoRootCertificates> {
        let roots = match &self.authorities {
            Some(Authorities(roots)) => Ok(Arc::clone(roots)),
            None => system_roots(rustls_native_certs::load_native_certs()).map(Arc::new),
        };
        let Some(Authorities(more)) = &self.more else { return roots };
        // Then the system's roots may be missing.
        let Ok(roots) = roots else { return Ok(Arc::clone(more)) };
        let mut roots = Arc::unwrap_or_clone(roots);
        roots.extend(more.roots.iter().cloned());
        Ok(Arc::new(roots))
    }

    /// The configuration of handshakes.
    pub(super) fn config(&self) -> Result<Arc<ClientConfig>, BoxError> {
        if let Some(config) = self.config.get() {
            return Ok(Arc::clone(config));
        }
        let mut config = ClientConfig::builder_with_provider(Arc::new(cryptography()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(self.roots()?)
            .with_no_client_auth();
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::clone(self.config.get_or_init(|| Arc::new(config))))
    }
}

/// The readable roots: stores often have a few certificates that cannot be read.
fn system_roots(found: CertificateResult) -> Result<RootCertStore, NoRootCertificates> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if !roots.is_empty() {
        return Ok(roots);
    }
    Err(NoRootCertificates(found.errors.iter().map(ToString::to_string).collect()))
}

/// The cryptography of TLS, from the same crate as that of signatures.
fn cryptography() -> rustls::crypto::CryptoProvider {
    #[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
    use rustls::crypto::aws_lc_rs as provider;
    #[cfg(feature = "ring")]
    use rustls::crypto::ring as provider;

    provider::default_provider()
}

/// The reason itself instead of the I/O error around it, whose `source` would skip the reason.
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
            error.to_string(),
            "no root certificate could be loaded from the system; install the package ca-certificates, \
             set SSL_CERT_FILE, or pass root certificates"
        );
    }
}

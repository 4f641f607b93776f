//! TLS, and the trusted authorities.

use std::{error::Error as StdError, fmt, io, sync::Arc, sync::OnceLock};

use rustls::{ClientConfig, RootCertStore};
use rustls_native_certs::CertificateResult;

use super::{Cryptography, SettingError, certificates::parse_roots, client_certificate::ClientCertificate};
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

/// The TLS settings of a transport.
#[derive(Clone, Debug, Default)]
pub(super) struct TlsSettings {
    /// The trusted authorities, instead of the system's.
    pub(super) authorities: Option<Authorities>,
    /// Authorities that are trusted in addition.
    pub(super) more: Option<Authorities>,
    pub(super) client_certificate: Option<ClientCertificate>,
    pub(super) cryptography: Cryptography,
    /// Replaces all of the above.
    pub(super) own: Option<OwnConfig>,
}

/// A configuration of the caller, which may have secrets.
#[derive(Clone)]
pub(super) struct OwnConfig(pub(super) Arc<ClientConfig>);

impl fmt::Debug for OwnConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClientConfig { .. }")
    }
}

/// TLS of a client. The system's roots are read when the first connection needs them.
pub(super) struct Tls {
    settings: TlsSettings,
    config: OnceLock<Arc<ClientConfig>>,
}

impl Tls {
    pub(super) fn new(settings: TlsSettings) -> Self {
        Self { settings, config: OnceLock::new() }
    }

    fn roots(&self) -> Result<Arc<RootCertStore>, NoRootCertificates> {
        let roots = match &self.settings.authorities {
            Some(Authorities(roots)) => Ok(Arc::clone(roots)),
            None => system_roots(rustls_native_certs::load_native_certs()).map(Arc::new),
        };
        let Some(Authorities(more)) = &self.settings.more else { return roots };
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
        let mut config = match &self.settings.own {
            Some(OwnConfig(own)) => ClientConfig::clone(own),
            None => self.made()?,
        };
        config.alpn_protocols = vec![b"http/1.1".to_vec()];
        Ok(Arc::clone(self.config.get_or_init(|| Arc::new(config))))
    }

    fn made(&self) -> Result<ClientConfig, BoxError> {
        let config = ClientConfig::builder_with_provider(Arc::new(self.settings.cryptography.provider()))
            .with_safe_default_protocol_versions()?
            .with_root_certificates(self.roots()?);
        Ok(match &self.settings.client_certificate {
            Some(certificate) => config.with_client_cert_resolver(certificate.resolver()),
            None => config.with_no_client_auth(),
        })
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

//! Certificates with which clients identify themselves to servers.

use std::{fmt, sync::Arc};

use rustls::{
    Error, InconsistentKeys,
    client::ResolvesClientCert,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs1KeyDer, PrivatePkcs8KeyDer, PrivateSec1KeyDer},
    sign::{CertifiedKey, SingleCertAndKey},
};

use super::{
    Cryptography, SettingError,
    pem::{sections, text_of},
};

/// A certificate, the certificates of its issuers, and its key.
#[derive(Clone)]
pub(super) struct ClientCertificate(Arc<CertifiedKey>);

impl ClientCertificate {
    /// Reads two PEM files, which may be the same one.
    pub(super) fn parse(
        certificates: &[u8],
        key: &[u8],
        cryptography: Cryptography,
    ) -> Result<Self, SettingError> {
        let chain = chain(certificates)?;
        let key = self::key(key)?;
        let certified = CertifiedKey::from_der(chain, key, &cryptography.provider());
        certified.map(|certified| Self(Arc::new(certified))).map_err(|why| match why {
            Error::InconsistentKeys(InconsistentKeys::KeyMismatch) => SettingError::new(
                "client certificate: the key belongs to another certificate; the first certificate of the file must be \
                 the key's, followed by its issuers'",
            ),
            Error::InvalidCertificate(_) => {
                SettingError::new(format!("client certificate[0]: not a certificate: {why}"))
            }
            // rustls says only that it failed, or names the library's error.
            _ => fail("the key's kind is not supported, or it is damaged; use RSA, ECDSA (P-256, P-384) or Ed25519"),
        })
    }

    pub(super) fn resolver(&self) -> Arc<dyn ResolvesClientCert> {
        Arc::new(SingleCertAndKey::from(Arc::clone(&self.0)))
    }
}

/// Without the key.
impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").field("certificates", &self.0.cert.len()).finish_non_exhaustive()
    }
}

/// The certificates of a file, which may also have the key.
fn chain(file: &[u8]) -> Result<Vec<CertificateDer<'static>>, SettingError> {
    let error = |index, problem: &str| SettingError::new(format!("client certificate[{index}]: {problem}"));
    let Some(text) = text_of(file) else { return Err(error(0, "not a PEM file")) };
    let mut chain = Vec::new();
    for section in sections(&text) {
        let section = section.map_err(|problem| error(chain.len(), &problem))?;
        if matches!(section.label, "CERTIFICATE" | "X509 CERTIFICATE") {
            let der = section.der().map_err(|problem| error(chain.len(), &problem))?;
            chain.push(CertificateDer::from(der.to_vec()));
        }
    }
    if chain.is_empty() { Err(error(0, "the file has no certificate")) } else { Ok(chain) }
}

/// The key of a file, which may also have certificates.
fn key(file: &[u8]) -> Result<PrivateKeyDer<'static>, SettingError> {
    let Some(text) = text_of(file) else { return Err(fail("not a PEM file")) };
    let mut found = None;
    for section in sections(&text) {
        let section = section.map_err(|problem| fail(&problem))?;
        let read: fn(Vec<u8>) -> PrivateKeyDer<'static> = match section.label {
            "PRIVATE KEY" => |der| PrivatePkcs8KeyDer::from(der).into(),
            "RSA PRIVATE KEY" => |der| PrivatePkcs1KeyDer::from(der).into(),
            "EC PRIVATE KEY" => |der| PrivateSec1KeyDer::from(der).into(),
            "ENCRYPTED PRIVATE KEY" => {
                return Err(fail(
                    "it is encrypted; `openssl pkey -in encrypted.pem -out key.pem` decrypts it",
                ));
            }
            label if label.ends_with("PRIVATE KEY") => {
                let problem = format!("a {label}; `openssl pkey` writes a PRIVATE KEY");
                return Err(fail(&problem));
            }
            _ => continue,
        };
        // The reason would name a byte of the key.
        let der = section
            .der()
            .map_err(|_| fail("not Base64; a key with `Proc-Type` is encrypted, see `openssl pkey`"))?;
        if found.replace(read(der.to_vec())).is_some() {
            return Err(fail("the file has several keys"));
        }
    }
    found.ok_or_else(|| fail("the file has no PRIVATE KEY"))
}

fn fail(problem: &str) -> SettingError {
    SettingError::new(format!("key of the client certificate: {problem}"))
}

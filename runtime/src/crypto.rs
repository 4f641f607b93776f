//! The one place that names a cryptography crate; `ring` and `aws-lc-rs` share an API.

#[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
use aws_lc_rs as provider;
#[cfg(feature = "ring")]
use ring as provider;

pub(crate) use provider::{digest, hmac};
use provider::rand::{SecureRandom as _, SystemRandom};

/// The cryptography of TLS.
pub(crate) fn tls_provider() -> rustls::crypto::CryptoProvider {
    #[cfg(feature = "ring")]
    return rustls::crypto::ring::default_provider();
    #[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
    return rustls::crypto::aws_lc_rs::default_provider();
}

/// Fills `bytes` from the operating system's generator.
pub(crate) fn fill_random(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the operating system provides randomness");
}

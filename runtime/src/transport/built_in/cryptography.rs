//! The crate that has the cryptography of TLS.

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
compile_error!("TLS needs cryptography: enable the feature `ring` (the default) or `aws-lc-rs`");

use rustls::crypto::CryptoProvider;

/// The crate whose cryptography TLS uses, if several features are enabled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Cryptography {
    /// The crate `ring`. The default if its feature is enabled.
    #[cfg(feature = "ring")]
    #[default]
    Ring,
    /// The crate `aws-lc-rs`. The default if the feature `ring` is disabled.
    #[cfg(feature = "aws-lc-rs")]
    #[cfg_attr(not(feature = "ring"), default)]
    AwsLcRs,
}

impl Cryptography {
    pub(super) fn provider(self) -> CryptoProvider {
        match self {
            #[cfg(feature = "ring")]
            Self::Ring => rustls::crypto::ring::default_provider(),
            #[cfg(feature = "aws-lc-rs")]
            Self::AwsLcRs => rustls::crypto::aws_lc_rs::default_provider(),
        }
    }
}

//! Cryptography of `ring` or `aws-lc-rs`, which share an API.

#[cfg(all(feature = "aws-lc-rs", not(feature = "ring")))]
use aws_lc_rs as provider;
#[cfg(feature = "ring")]
use ring as provider;

use provider::{
    digest, hmac,
    rand::{SecureRandom as _, SystemRandom},
};

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    digest::digest(&digest::SHA256, bytes).as_ref().try_into().expect("SHA-256 gives 32 bytes")
}

/// SHA-1 of `bytes`, for names and signatures of old protocols.
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    let digest = digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes);
    digest.as_ref().try_into().expect("SHA-1 gives 20 bytes")
}

/// Fills `bytes` from the operating system's generator.
pub fn fill_random(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the operating system provides randomness");
}

macro_rules! hmac {
    ($doc:literal, $name:ident, $algorithm:ident, $len:literal) => {
        #[doc = $doc]
        #[derive(Clone, Debug)]
        pub struct $name(hmac::Key);

        impl $name {
            /// A key of this secret.
            pub fn new(secret: &[u8]) -> Self {
                Self(hmac::Key::new(hmac::$algorithm, secret))
            }

            /// The authentication code of `bytes`.
            pub fn sign(&self, bytes: &[u8]) -> [u8; $len] {
                hmac::sign(&self.0, bytes)
                    .as_ref()
                    .try_into()
                    .expect("the algorithm has codes of this length")
            }

            /// Whether `code` is the authentication code of `bytes`. Takes the same time wherever they differ, so that
            /// it does not reveal how much of a guess is right.
            pub fn verify(&self, bytes: &[u8], code: &[u8]) -> bool {
                hmac::verify(&self.0, bytes, code).is_ok()
            }
        }
    };
}

hmac!("A key of HMAC-SHA256.", HmacSha256, HMAC_SHA256, 32);
hmac!("A key of HMAC-SHA1, for old protocols.", HmacSha1, HMAC_SHA1_FOR_LEGACY_USE_ONLY, 20);

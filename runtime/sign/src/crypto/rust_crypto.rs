//! Cryptography in pure Rust, for targets without a C compiler.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use sha1::Sha1;
use sha2::{Digest as _, Sha256};

/// SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// SHA-1 of `bytes`, for names and signatures of old protocols.
pub fn sha1(bytes: &[u8]) -> [u8; 20] {
    Sha1::digest(bytes).into()
}

/// Fills `bytes` from the operating system's generator.
pub fn fill_random(bytes: &mut [u8]) {
    #[cfg(not(all(target_family = "wasm", target_os = "unknown")))]
    let filled = getrandom::fill(bytes);
    #[cfg(all(target_family = "wasm", target_os = "unknown"))]
    let filled =
        if bytes.is_empty() { Ok(()) } else { Err("this target has none: implement `Context::random`") };
    filled.expect("the operating system provides randomness");
}

macro_rules! hmac {
    ($doc:literal, $name:ident, $hash:ident, $len:literal) => {
        #[doc = $doc]
        #[derive(Clone)]
        pub struct $name(Hmac<$hash>);

        impl $name {
            /// A key of this secret.
            pub fn new(secret: &[u8]) -> Self {
                Self(Hmac::new_from_slice(secret).expect("a key has any length"))
            }

            /// The authentication code of `bytes`.
            pub fn sign(&self, bytes: &[u8]) -> [u8; $len] {
                self.0.clone().chain_update(bytes).finalize().into_bytes().into()
            }

            /// Whether `code` is the authentication code of `bytes`. Takes the same time wherever they differ, so that
            /// it does not reveal how much of a guess is right.
            pub fn verify(&self, bytes: &[u8], code: &[u8]) -> bool {
                self.0.clone().chain_update(bytes).verify_slice(code).is_ok()
            }
        }

        /// Without the key.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name)).finish_non_exhaustive()
            }
        }
    };
}

hmac!("A key of HMAC-SHA256.", HmacSha256, Sha256, 32);
hmac!("A key of HMAC-SHA1, for old protocols.", HmacSha1, Sha1, 20);

//! The hashes of a signature, by every available implementation.

use std::hint::black_box;

use hmac::{KeyInit as _, Mac as _};
use sha2::Digest as _;

use crate::contenders::{REGION, SECRET, SERVICE};

/// SHA-256 and its HMAC.
pub(crate) trait Hash {
    type Key;

    fn digest(text: &[u8]) -> [u8; 32];
    fn key(bytes: &[u8]) -> Self::Key;
    fn mac(key: &Self::Key, text: &[u8]) -> [u8; 32];
}

/// The hashed parts of a signature: payload, canonical request, string to sign.
#[derive(Clone)]
pub(crate) struct Texts(pub(crate) [Vec<u8>; 3]);

impl Texts {
    /// With a derived key.
    pub(crate) fn cached<H: Hash>(self) -> impl FnMut() {
        let key = H::key(&[b'k'; 32]);
        move || self.hash::<H>(&key)
    }

    /// With a key derived first.
    pub(crate) fn uncached<H: Hash>(self) -> impl FnMut() {
        let start = ["AWS4", SECRET].concat().into_bytes();
        move || {
            let steps = [b"20260101".as_slice(), REGION.as_bytes(), SERVICE.as_bytes(), b"aws4_request"];
            let key = steps.iter().fold(H::key(black_box(&start)), |key, step| H::key(&H::mac(&key, step)));
            self.hash::<H>(&key);
        }
    }

    fn hash<H: Hash>(&self, key: &H::Key) {
        let Self([payload, canonical, to_sign]) = self;
        black_box(H::digest(black_box(payload)));
        black_box(H::digest(black_box(canonical)));
        black_box(H::mac(key, black_box(to_sign)));
    }
}

pub(crate) struct Sha2;

impl Hash for Sha2 {
    type Key = hmac::Hmac<sha2::Sha256>;

    fn digest(text: &[u8]) -> [u8; 32] {
        sha2::Sha256::digest(text).into()
    }

    fn key(bytes: &[u8]) -> Self::Key {
        Self::Key::new_from_slice(bytes).expect("HMAC takes keys of any length")
    }

    fn mac(key: &Self::Key, text: &[u8]) -> [u8; 32] {
        let mut mac = key.clone();
        mac.update(text);
        mac.finalize().into_bytes().into()
    }
}

/// `ring` and `aws-lc-rs` share an API.
macro_rules! hash {
    ($name:ident, $provider:ident) => {
        pub(crate) struct $name;

        impl Hash for $name {
            type Key = $provider::hmac::Key;

            fn digest(text: &[u8]) -> [u8; 32] {
                let digest = $provider::digest::digest(&$provider::digest::SHA256, text);
                digest.as_ref().try_into().expect("SHA-256 gives 32 bytes")
            }

            fn key(bytes: &[u8]) -> Self::Key {
                $provider::hmac::Key::new($provider::hmac::HMAC_SHA256, bytes)
            }

            fn mac(key: &Self::Key, text: &[u8]) -> [u8; 32] {
                $provider::hmac::sign(key, text).as_ref().try_into().expect("HMAC-SHA256 gives 32 bytes")
            }
        }
    };
}

hash!(Ring, ring);
hash!(AwsLc, aws_lc_rs);

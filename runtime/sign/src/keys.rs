//! Signing keys, derived once a day.

use std::{
    fmt,
    sync::{Mutex, PoisonError},
};

use zeroize::Zeroizing;

use super::sigv4::Scope;
use crate::crypto::HmacSha256;

/// Enough for two identities in two regions, or for one identity around midnight.
const CAPACITY: usize = 4;

/// A cache of derived signing keys, shared by the calls of a client.
///
/// A key is found by the value of its secret, so that rotated credentials never use an old key. `Debug` shows no
/// secrets.
#[derive(Default)]
pub struct SigningKeys {
    entries: Mutex<Vec<Entry>>,
}

struct Entry {
    day: [u8; 8],
    secret: Zeroizing<String>,
    region: String,
    service: String,
    key: HmacSha256,
}

impl SigningKeys {
    /// An empty cache.
    pub fn new() -> Self {
        Self::default()
    }

    /// The key of a day; if it is not cached, it is derived and replaces the oldest key.
    pub(super) fn get(&self, secret: &str, day: [u8; 8], scope: &Scope<'_>) -> HmacSha256 {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(entry) = entries.iter().find(|entry| entry.is(secret, day, scope)) {
            return entry.key.clone();
        }
        let key = derive(secret, day, scope);
        if entries.len() == CAPACITY {
            entries.remove(0);
        }
        entries.push(Entry {
            day,
            secret: Zeroizing::new(secret.to_owned()),
            region: scope.region.to_owned(),
            service: scope.service.to_owned(),
            key: key.clone(),
        });
        key
    }
}

impl Entry {
    fn is(&self, secret: &str, day: [u8; 8], scope: &Scope<'_>) -> bool {
        self.day == day
            && *self.secret == secret
            && self.region == scope.region
            && self.service == scope.service
    }
}

impl fmt::Debug for SigningKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKeys").finish_non_exhaustive()
    }
}

/// The chain of HMACs from the secret to the key of a day, region and service. Intermediate values are overwritten; the
/// keys themselves belong to the cryptography crate, which does not overwrite them.
pub(super) fn derive(secret: &str, day: [u8; 8], scope: &Scope<'_>) -> HmacSha256 {
    let start = Zeroizing::new([b"AWS4", secret.as_bytes()].concat());
    [&day, scope.region.as_bytes(), scope.service.as_bytes(), b"aws4_request"]
        .into_iter()
        .fold(HmacSha256::new(&start), |key, step| HmacSha256::new(&*Zeroizing::new(key.sign(step))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCOPE: Scope<'_> = Scope { region: "us-east-1", service: "storagegateway" };

    #[track_caller]
    fn check(keys: &SigningKeys, secret: &str, day: [u8; 8], scope: &Scope<'_>) {
        let probe = |key: HmacSha256| key.sign(b"probe");
        assert_eq!(probe(keys.get(secret, day, scope)), probe(derive(secret, day, scope)));
    }

    #[test]
    fn a_kept_key_is_the_derived_one() {
        let keys = SigningKeys::new();
        for _ in 0..2 {
            check(&keys, "secret", *b"20120910", &SCOPE);
            check(&keys, "rotated", *b"20120910", &SCOPE);
            check(&keys, "secret", *b"20120911", &SCOPE);
            check(&keys, "secret", *b"20120910", &Scope { region: "us-east-2", ..SCOPE });
            check(&keys, "secret", *b"20120910", &Scope { service: "sts", ..SCOPE });
        }
        assert_eq!(keys.entries.lock().unwrap().len(), CAPACITY);
    }

    #[test]
    fn debug_shows_no_secret() {
        let keys = SigningKeys::new();
        keys.get("hush", *b"20120910", &SCOPE);
        assert!(!format!("{keys:?}").contains("hush"));
    }
}

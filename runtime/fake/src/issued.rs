//! Temporary credentials that fakes issue and accept.
//!
//! Credentials are derived from the fake's own secret and need no memory: id and secret follow from the session token,
//! which contains the expiry, the response that issued the credentials, and an authentication code over both. Every
//! fake with the same credentials accepts them, in any process.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use crate::{Secret, context::Context, credentials::Credentials, crypto::HmacSha256, time::Timestamp};
use gatewright_core::vendor::Vendor;

/// Length of the authentication code at the beginning of a token.
const CODE: usize = 32;

/// The caller: the response that issued the caller's credentials; null for the fake's own credentials.
#[derive(Debug, Default)]
pub(super) struct Caller(pub(super) Value);

/// A fake as an issuer.
#[derive(Clone, Copy)]
pub(super) struct Issuer<'a> {
    /// The fake's own credentials.
    pub(super) own: &'a Credentials,
    /// Determines the beginning of ids.
    pub(super) vendor: Vendor,
}

impl Issuer<'_> {
    /// Issues credentials that contain the response that they are part of.
    pub(super) fn issue(
        self,
        response: &Value,
        expires_at: SystemTime,
        context: &dyn Context,
    ) -> Credentials {
        let mut nonce = [0; 8];
        context.random(&mut nonce);
        let claims = json!({
            "nonce": u64::from_be_bytes(nonce),
            "expires": Timestamp::from(expires_at).seconds(),
            "response": response,
        });
        let claims = claims.to_string();
        let code = self.key().sign(claims.as_bytes());
        let token = STANDARD.encode([code.as_slice(), claims.as_bytes()].concat());
        self.derive(&token).with_expiry(expires_at)
    }

    /// The credentials of a request with this access key id and session token: the fake's own, or issued ones.
    pub(super) fn find(self, id: &str, token: Option<&str>) -> Option<(Credentials, Caller)> {
        if id == self.own.access_key_id() {
            return Some((self.own.clone(), Caller::default()));
        }
        let token = token?;
        let bytes = STANDARD.decode(token).ok()?;
        let (code, claims) = bytes.split_at_checked(CODE)?;
        if !self.key().verify(claims, code) {
            return None;
        }
        let mut claims: Value = serde_json::from_slice(claims).ok()?;
        let expires_at = SystemTime::UNIX_EPOCH + Duration::from_secs(claims.get("expires")?.as_u64()?);
        let credentials = self.derive(token).with_expiry(expires_at);
        let caller = Caller(claims.get_mut("response")?.take());
        (id == credentials.access_key_id()).then_some((credentials, caller))
    }

    fn key(self) -> HmacSha256 {
        HmacSha256::new(self.own.secret_access_key().expose().as_bytes())
    }

    fn derive(self, token: &str) -> Credentials {
        const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let derived = |label: &str| self.key().sign([label, token].concat().as_bytes());
        let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).map(|letter| char::from(*letter));
        let beginning = match self.vendor {
            Vendor::Aws => "ASIA",
            Vendor::AlibabaCloud => "STS.",
        };
        let id: String = derived("id").iter().take(16).filter_map(letter).collect();
        let [secret @ .., _, _] = derived("secret");
        Credentials::new([beginning, &id].concat(), Secret::new(STANDARD.encode(secret)))
            .with_session_token(Secret::new(token))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::SystemContext;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    #[test]
    fn whoever_has_the_same_secret_accepts_what_was_issued() {
        let own = Credentials::new("AKIDEXAMPLE", Secret::new("secret"));
        let issuer = Issuer { own: &own, vendor: Vendor::Aws };
        let end = SystemTime::UNIX_EPOCH + HOUR;
        let response = json!({ "Arn": "arn:aws:sts::1:assumed-role/a/b" });
        let keys = issuer.issue(&response, end, &SystemContext);
        assert_ne!(keys.session_token(), issuer.issue(&response, end, &SystemContext).session_token());
        let token = keys.session_token().unwrap().expose();

        let (found, caller) = issuer.find(keys.access_key_id(), Some(token)).unwrap();
        assert_eq!(found.secret_access_key(), keys.secret_access_key());
        assert_eq!((found.session_token(), found.expires_at()), (keys.session_token(), Some(end)));
        assert_eq!(caller.0, response);

        let another = Credentials::new("AKIDEXAMPLE", Secret::new("another"));
        let another = Issuer { own: &another, ..issuer };
        assert!(another.find(keys.access_key_id(), Some(token)).is_none(), "another secret");
        assert!(issuer.find("ASIAANOTHER", Some(token)).is_none(), "another id");
        let changed = STANDARD.decode(token).unwrap().iter().map(|byte| byte ^ 1).collect::<Vec<_>>();
        let changed = STANDARD.encode(changed);
        for token in [None, Some(""), Some("AAAA"), Some("token"), Some(changed.as_str())] {
            assert!(issuer.find(keys.access_key_id(), token).is_none(), "{token:?}");
        }
        let (found, caller) = issuer.find("AKIDEXAMPLE", None).unwrap();
        assert_eq!((found.secret_access_key().expose().as_str(), caller.0), ("secret", Value::Null));
    }

    #[test]
    fn ids_begin_as_those_of_the_vendor() {
        let own = Credentials::new("LTAIEXAMPLE", Secret::new("secret"));
        let id = |vendor| {
            let issued = Issuer { own: &own, vendor }.issue(
                &Value::Null,
                SystemTime::UNIX_EPOCH + HOUR,
                &SystemContext,
            );
            issued.access_key_id().to_owned()
        };
        assert!(id(Vendor::Aws).starts_with("ASIA") && id(Vendor::AlibabaCloud).starts_with("STS."));
    }
}

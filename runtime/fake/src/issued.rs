//! Temporary credentials that fakes issue and accept.
//!
//! Credentials are derived from the fake's own secret and need no memory: id and secret follow from the session token,
//! which contains the expiry, the response that issued the credentials, and an authentication code over both. Every
//! fake with the same credentials accepts them, in any process.

use std::time::{Duration, SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use crate::{Secret, context::Context, credentials::Credentials, crypto::HmacSha256, time::Timestamp};
use gatewright_core::percent::read_query;

/// Length of the authentication code at the beginning of a token.
const CODE: usize = 32;

/// The caller: the response that issued the caller's credentials; null for the fake's own credentials.
#[derive(Debug, Default)]
pub(super) struct Caller(pub(super) Value);

/// Issues credentials that contain the response that they are part of.
pub(super) fn issue(
    own: &Credentials,
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
    let code = key(own).sign(claims.as_bytes());
    derive(own, &STANDARD.encode([code.as_slice(), claims.as_bytes()].concat())).with_expiry(expires_at)
}

/// The credentials that a request was signed with: the fake's own, or those issued with its session token.
pub(super) fn find(own: &Credentials, id: &str, request: &Request<Bytes>) -> Option<(Credentials, Caller)> {
    if id == own.access_key_id() {
        return Some((own.clone(), Caller::default()));
    }
    let token = token(request)?;
    let bytes = STANDARD.decode(&token).ok()?;
    let (code, claims) = bytes.split_at_checked(CODE)?;
    if !key(own).verify(claims, code) {
        return None;
    }
    let mut claims: Value = serde_json::from_slice(claims).ok()?;
    let expires_at = SystemTime::UNIX_EPOCH + Duration::from_secs(claims.get("expires")?.as_u64()?);
    let credentials = derive(own, &token).with_expiry(expires_at);
    let caller = Caller(claims.get_mut("response")?.take());
    (id == credentials.access_key_id()).then_some((credentials, caller))
}

fn key(own: &Credentials) -> HmacSha256 {
    HmacSha256::new(own.secret_access_key().expose().as_bytes())
}

fn derive(own: &Credentials, token: &str) -> Credentials {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let derived = |label: &str| key(own).sign([label, token].concat().as_bytes());
    let letter = |byte: &u8| LETTERS.get(usize::from(byte & 31)).map(|letter| char::from(*letter));
    let id: String = derived("id").iter().take(16).filter_map(letter).collect();
    let [secret @ .., _, _] = derived("secret");
    Credentials::new(format!("ASIA{id}"), Secret::new(STANDARD.encode(secret)))
        .with_session_token(Secret::new(token))
}

fn token(request: &Request<Bytes>) -> Option<String> {
    const NAME: &str = "X-Amz-Security-Token";
    if let Some(token) = request.headers().get(NAME) {
        return token.to_str().ok().map(ToOwned::to_owned);
    }
    let parameters = read_query(request.uri().query().unwrap_or_default());
    let (_, token) = parameters.into_iter().find(|(name, _)| name == NAME.as_bytes())?;
    String::from_utf8(token).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::context::SystemContext;

    const HOUR: Duration = Duration::from_secs(60 * 60);

    fn request(token: &str) -> Request<Bytes> {
        Request::get("/").header("x-amz-security-token", token).body(Bytes::new()).unwrap()
    }

    #[test]
    fn whoever_has_the_same_secret_accepts_what_was_issued() {
        let own = Credentials::new("AKIDEXAMPLE", Secret::new("secret"));
        let end = SystemTime::UNIX_EPOCH + HOUR;
        let response = json!({ "Arn": "arn:aws:sts::1:assumed-role/a/b" });
        let issued = issue(&own, &response, end, &SystemContext);
        assert_ne!(issued.session_token(), issue(&own, &response, end, &SystemContext).session_token());
        let token = issued.session_token().unwrap().expose();

        let (found, caller) = find(&own, issued.access_key_id(), &request(token)).unwrap();
        assert_eq!(found.secret_access_key(), issued.secret_access_key());
        assert_eq!((found.session_token(), found.expires_at()), (issued.session_token(), Some(end)));
        assert_eq!(caller.0, response);
        let query = gatewright_core::percent::encode_query(token.as_bytes());
        let presigned = Request::get(format!("/?X-Amz-Security-Token={query}")).body(Bytes::new()).unwrap();
        assert!(find(&own, issued.access_key_id(), &presigned).is_some());

        let another = Credentials::new("AKIDEXAMPLE", Secret::new("another"));
        assert!(find(&another, issued.access_key_id(), &request(token)).is_none(), "another secret");
        assert!(find(&own, "ASIAANOTHER", &request(token)).is_none(), "another id");
        let changed = STANDARD.decode(token).unwrap().iter().map(|byte| byte ^ 1).collect::<Vec<_>>();
        for token in ["", "AAAA", "token", &STANDARD.encode(changed)] {
            assert!(find(&own, issued.access_key_id(), &request(token)).is_none(), "{token}");
        }
        let (found, caller) = find(&own, "AKIDEXAMPLE", &request("")).unwrap();
        assert_eq!((found.secret_access_key().expose().as_str(), caller.0), ("secret", Value::Null));
    }
}

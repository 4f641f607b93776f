//! Signature version 1.0 by vectors: three published ones, the others made with the vendor's own signer.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use gatewright_runtime::{
    Secret,
    credentials::Credentials,
    sign::{Signable, acs3, rpc_v1::Signer, rpc_verify::Verifier},
    time::Timestamp,
    transport::Request,
};
use proptest::{collection::vec, prelude::*};
use serde_json::Value;

const SIGNED: [&str; 6] =
    ["AccessKeyId", "SecurityToken", "SignatureMethod", "SignatureNonce", "SignatureVersion", "Timestamp"];

fn vectors() -> Vec<Value> {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("data/rpc-v1-signatures.json")).unwrap();
    assert_eq!(vectors.len(), 28);
    vectors
}

fn credentials(vector: &Value) -> Credentials {
    let credentials =
        Credentials::new(text(vector, "access_key_id"), Secret::new(text(vector, "access_key_secret")));
    match vector["signed_params"].get("SecurityToken") {
        Some(token) => credentials.with_session_token(Secret::new(token.as_str().unwrap())),
        None => credentials,
    }
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_else(|| panic!("{name} of {value}"))
}

fn encoded(text: &str) -> String {
    let kept = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    text.bytes()
        .map(|byte| if kept(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect()
}

/// The request as it is before it is signed.
fn request(vector: &Value) -> Request {
    let in_body = vector.get("body_params").and_then(Value::as_object);
    let query: Vec<_> = vector["signed_params"]
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| {
            !SIGNED.contains(&name.as_str()) && !in_body.is_some_and(|body| body.contains_key(*name))
        })
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value.as_str().unwrap())))
        .collect();
    let mut request = http::Request::builder()
        .method(text(vector, "method"))
        .uri(format!("https://example.com/?{}", query.join("&")));
    let mut body = Bytes::new();
    if in_body.is_some() {
        request = request.header("content-type", "application/x-www-form-urlencoded");
        body = text(vector, "body").to_owned().into();
    }
    request.body(body).unwrap()
}

#[test]
fn every_vector() {
    for vector in &vectors() {
        let name = text(vector, "name");
        let credentials = credentials(vector);
        let time = Timestamp::parse_date_time(text(vector, "timestamp")).unwrap();
        let signer = Signer::new(&credentials, SystemTime::from(time), text(vector, "nonce"));
        let mut request = request(vector);
        let texts = signer.explain(&request).unwrap();
        assert_eq!(texts.canonical_query(), text(vector, "canonical_query"), "{name}");
        assert_eq!(texts.string_to_sign(), text(vector, "string_to_sign"), "{name}");
        assert_eq!(texts.signature(), text(vector, "signature"), "{name}");

        signer.sign(&mut request).unwrap();
        let query = request.uri().query().unwrap().to_owned();
        let signature = format!("Signature={}", encoded(text(vector, "signature")));
        assert!(query.split('&').any(|pair| pair == signature), "{name}: {query}");
        // Signing again replaces the signature, nonce and time.
        signer.sign(&mut request).unwrap();
        assert_eq!(request.uri().query().unwrap(), query, "{name}");
        assert!(!format!("{texts:?}").contains("Timestamp"), "{texts:?}");
    }
}

#[test]
fn the_vendors_own_requests_are_accepted() {
    for vector in &vectors() {
        let name = text(vector, "name");
        let mut request = request(vector);
        *request.uri_mut() = format!("https://example.com/?{}", query_of(vector)).parse().unwrap();
        let time = Timestamp::parse_date_time(text(vector, "timestamp")).unwrap();
        let service = Verifier::new(SystemTime::from(time) - Duration::from_secs(15 * 60));
        let response = service.verify(&Signable::of(&request), |id| {
            assert_eq!(id, text(vector, "access_key_id"));
            Some(credentials(vector))
        });
        let verified = response.unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(verified.nonce, text(vector, "nonce"), "{name}");
        assert_eq!(verified.signed_at, SystemTime::from(time), "{name}");
    }
}

/// The query as the vendor's signer sends it.
fn query_of(vector: &Value) -> String {
    let body = vector.get("body_params").and_then(Value::as_object);
    let in_query = |name: &str| !body.is_some_and(|body| body.contains_key(name));
    let pairs = text(vector, "canonical_query").split('&');
    let query: Vec<_> = pairs.filter(|pair| in_query(pair.split('=').next().unwrap())).collect();
    format!("{}&Signature={}", query.join("&"), encoded(text(vector, "signature")))
}

#[track_caller]
fn check_refused(change: impl FnOnce(String) -> String, code: &str, status: u16, message: &str) {
    let credentials = Credentials::new("id", Secret::new("secret")).with_session_token(Secret::new("token"));
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(498_708 * 60 * 60);
    let mut request =
        http::Request::post("https://example.com/?Action=List&Version=1&A=1").body(Bytes::new()).unwrap();
    Signer::new(&credentials, noon, "nonce").sign(&mut request).unwrap();
    *request.uri_mut() = change(request.uri().to_string()).parse().unwrap();
    let find = |id: &str| (id == "id").then(|| credentials.clone());
    let error = Verifier::new(noon).verify(&Signable::of(&request), find).unwrap_err();
    assert_eq!((&*error.code(), error.status()), (code, status));
    assert!(error.to_string().contains(message), "{error}");
    assert!(!format!("{error:?}").contains("token"), "{error:?}");
}

#[test]
fn changed_requests_are_refused() {
    let replace = |from: &'static str, to: &'static str| {
        move |uri: String| {
            assert!(uri.contains(from), "{uri}");
            uri.replace(from, to)
        }
    };
    let mismatch = "server string to sign is:POST&%2F&A%3D2%26AccessKeyId%3Did%26Action%3DList%26";
    check_refused(replace("A=1", "A=2"), "SignatureDoesNotMatch", 400, mismatch);
    check_refused(replace("Signature=", "Signature=AAAA"), "SignatureDoesNotMatch", 400, "is:POST");
    check_refused(replace("SecurityToken=token", "SecurityToken=t"), "SignatureDoesNotMatch", 400, "is:POST");
    for name in
        ["AccessKeyId", "Signature", "SignatureMethod", "SignatureNonce", "SignatureVersion", "Timestamp"]
    {
        let message = format!("{name} is mandatory");
        let change = |uri: String| uri.replace(&format!("&{name}="), &format!("&No{name}="));
        check_refused(change, &format!("Missing{name}"), 400, &message);
    }
    check_refused(replace("HMAC-SHA1", "HMAC-SHA256"), "InvalidSignatureMethod", 400, "method");
    check_refused(replace("=1.0", "=2.0"), "InvalidSignatureVersion", 400, "SignatureVersion");
    check_refused(replace("T12%3A00", "%2012%3A00"), "InvalidTimeStamp.Format", 400, "well formatted");
    check_refused(replace("12%3A00%3A00Z", "12%3A15%3A01Z"), "InvalidTimeStamp.Expired", 400, "expired");
    check_refused(replace("12%3A00%3A00Z", "11%3A44%3A59Z"), "InvalidTimeStamp.Expired", 400, "expired");
    check_refused(replace("12%3A00%3A00Z", "12%3A15%3A00Z"), "SignatureDoesNotMatch", 400, "is:POST");
    check_refused(replace("KeyId=id", "KeyId=other"), "InvalidAccessKeyId.NotFound", 404, "not found");
}

#[test]
fn tokens_and_forms_are_checked() {
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(498_708 * 60 * 60);
    let plain = Credentials::new("id", Secret::new("secret"));
    let verify = |signed: &Credentials, known: &Credentials, body: &'static str| {
        let mut request = http::Request::post("https://example.com/?Action=List")
            .header("content-type", "application/x-www-form-urlencoded; charset=UTF-8")
            .body("Name=a+b&Empty".into())
            .unwrap();
        Signer::new(signed, noon, "nonce").sign(&mut request).unwrap();
        *request.body_mut() = body.into();
        Verifier::new(noon)
            .verify(&Signable::of(&request), |_| Some(known.clone()))
            .map_err(|error| error.code())
    };
    let good = "Name=a%20b&Empty=";
    assert!(verify(&plain, &plain, good).is_ok());
    assert_eq!(verify(&plain, &plain, "Name=a&Empty=").unwrap_err(), "SignatureDoesNotMatch");
    let session = plain.clone().with_session_token(Secret::new("token"));
    assert_eq!(verify(&plain, &session, good).unwrap_err(), "InvalidSecurityToken.Malformed");
    assert_eq!(verify(&session, &plain, good).unwrap_err(), "InvalidSecurityToken.Malformed");
    let ended = session.clone().with_expiry(noon);
    assert_eq!(verify(&session, &ended, good).unwrap_err(), "InvalidSecurityToken.Expired");
}

proptest! {
    #[test]
    fn what_is_signed_is_accepted(
        pairs in vec((".{1,8}", ".{0,8}"), 0..6),
        secret in "[!-~]{1,20}",
        token in proptest::option::of("[!-~]{1,20}"),
        acs3: bool,
    ) {
        let mut credentials = Credentials::new("id", Secret::new(secret));
        if let Some(token) = token {
            credentials = credentials.with_session_token(Secret::new(token));
        }
        let query: Vec<_> = pairs.iter().map(|(name, value)| format!("&{}={}", encoded(name), encoded(value))).collect();
        let uri = format!("https://example.com/?Action=List&Version=1{}", query.concat());
        let mut request = http::Request::post(uri).body(Bytes::from_static(b"body")).unwrap();
        let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(498_708 * 60 * 60);
        if acs3 {
            acs3::Signer::new(&credentials, noon, "nonce").sign(&mut request).unwrap();
        } else {
            Signer::new(&credentials, noon, "nonce").sign(&mut request).unwrap();
        }
        let verified = Verifier::new(noon).verify(&Signable::of(&request), |_| Some(credentials.clone()));
        prop_assert_eq!(verified.unwrap().nonce, "nonce");
    }

    #[test]
    fn whatever_arrives_is_read(query in "\\PC{0,60}", authorization in "(ACS3-HMAC-SHA256 )?[ -~]{0,80}", date in "[-0-9:TZ]{0,20}") {
        let mut headers = http::HeaderMap::new();
        headers.insert("x-acs-date", date.parse().unwrap());
        headers.insert("x-acs-signature-nonce", date.parse().unwrap());
        let target = format!("/?{query}&Timestamp={date}&AccessKeyId=a&Signature=b&SignatureNonce=c");
        let verify = |headers: &http::HeaderMap| {
            let request = Signable::new("POST", &target, headers, b"");
            Verifier::new(SystemTime::UNIX_EPOCH).verify(&request, |_| Some(Credentials::new("a", Secret::new("b"))))
        };
        prop_assert!(verify(&headers).is_err());
        headers.insert("authorization", authorization.parse().unwrap());
        prop_assert!(verify(&headers).is_err());
    }
}

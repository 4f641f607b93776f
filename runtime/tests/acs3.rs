//! ACS3-HMAC-SHA256 by vectors, made with the vendor's current Python client, `alibabacloud-tea-openapi` 0.4.6.
//!
//! `Client.call_api` was called with a `DaraCore.do_action` that keeps the request instead of sending it, and with
//! `Utils.get_timestamp` and `Utils.get_nonce` that give fixed values. `authorization_over_all_headers` is what
//! `Utils.get_authorization` gives for the request as it is (but for a plain `user-agent`), `authorization` what it gives
//! for the headers that must be signed: `host`, `content-type` and `x-acs-*`.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::time::{Duration, SystemTime};

use gatewright_runtime::{
    Secret,
    credentials::Credentials,
    sign::{
        Signable,
        acs3::Signer,
        rpc_verify::{Verifier, VerifyError},
        sigv4::SignError,
    },
    time::Timestamp,
    transport::Request,
};
use serde_json::Value;

fn vectors() -> Vec<Value> {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("data/acs3-signatures.json")).unwrap();
    assert_eq!(vectors.len(), 31);
    vectors
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

fn credentials(vector: &Value) -> Credentials {
    let credentials =
        Credentials::new(text(vector, "access_key_id"), Secret::new(text(vector, "access_key_secret")));
    match vector["security_token"].as_str() {
        Some(token) => credentials.with_session_token(Secret::new(token)),
        None => credentials,
    }
}

fn time(vector: &Value) -> SystemTime {
    Timestamp::parse_date_time(text(&vector["headers"], "x-acs-date")).unwrap().into()
}

/// The request as the vendor's client sends it but for `authorization`; `extra` are parameters before its own.
fn request(vector: &Value, extra: &[(&str, &str)], has_header: impl Fn(&str) -> bool) -> Request {
    let own = vector["query"].as_object().unwrap();
    let own = own.iter().map(|(name, value)| (name.as_str(), value.as_str().unwrap()));
    let query: Vec<_> = extra
        .iter()
        .copied()
        .chain(own)
        .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
        .collect();
    let host = text(&vector["headers"], "host");
    let mut request = http::Request::builder().method(text(vector, "method")).uri(format!(
        "https://{host}{}?{}",
        text(vector, "path"),
        query.join("&")
    ));
    for (name, value) in vector["headers"].as_object().unwrap() {
        if has_header(name) {
            request = request.header(name, value.as_str().unwrap());
        }
    }
    request.body(text(vector, "body").to_owned().into()).unwrap()
}

/// The request as our protocol makes it.
fn unsigned(vector: &Value) -> Request {
    let ours = ["action", "content-sha256", "date", "security-token", "signature-nonce", "version"];
    let headers = &vector["headers"];
    let parameters = [("Version", text(headers, "x-acs-version")), ("Action", text(headers, "x-acs-action"))];
    request(vector, &parameters, |name| {
        name != "host" && !name.strip_prefix("x-acs-").is_some_and(|name| ours.contains(&name))
    })
}

#[test]
fn every_vector() {
    for vector in &vectors() {
        let name = text(vector, "name");
        let credentials = credentials(vector);
        let nonce = text(&vector["headers"], "x-acs-signature-nonce");
        let signer = Signer::new(&credentials, time(vector), nonce);
        let mut request = unsigned(vector);
        let texts = signer.explain(&request).unwrap();
        assert_eq!(texts.canonical_request().to_string(), text(vector, "canonical_request"), "{name}");
        assert_eq!(texts.string_to_sign().to_string(), text(vector, "string_to_sign"), "{name}");
        let authorization = text(vector, "authorization");
        assert_eq!(Some(texts.signature()), authorization.rsplit('=').next(), "{name}");

        signer.sign(&mut request).unwrap();
        assert_eq!(request.headers()["authorization"], authorization, "{name}");
        let parameters = request.uri().query().unwrap_or_default();
        let line = text(vector, "canonical_request").lines().nth(2).unwrap();
        assert_eq!(parameters, line, "{name}: what is sent is what is signed");
        let once = format!("{:?}", request.headers());
        assert!(!once.contains("tdG9rZW4") && !once.contains("Signature="), "{once}");
        assert!(!format!("{texts:?}").contains("tdG9rZW4"), "{texts:?}");
        // Signing again replaces everything.
        Signer::new(&credentials, SystemTime::UNIX_EPOCH, "another").sign(&mut request).unwrap();
        signer.sign(&mut request).unwrap();
        assert_eq!(request.headers()["authorization"], authorization, "{name}");
        assert_eq!(signer.explain(&request).unwrap(), texts, "{name}");
    }
}

#[test]
fn the_vendors_own_requests_are_accepted() {
    for vector in &vectors() {
        let name = text(vector, "name");
        let credentials = credentials(vector);
        for authorization in ["authorization", "authorization_over_all_headers"] {
            let mut request = request(vector, &[], |_| true);
            let value = text(vector, authorization).parse().unwrap();
            request.headers_mut().insert("authorization", value);
            let service = Verifier::new(time(vector) + Duration::from_secs(15 * 60));
            let response = service.verify(&Signable::of(&request), |id| {
                assert_eq!(id, "testid");
                Some(credentials.clone())
            });
            let verified = response.unwrap_or_else(|error| panic!("{name}: {error}"));
            assert_eq!(verified.nonce, text(&vector["headers"], "x-acs-signature-nonce"));
            assert_eq!(verified.signed_at, time(vector));
        }
    }
}

#[track_caller]
fn check_refused(change: impl FnOnce(&mut Request), code: &str) {
    let credentials = Credentials::new("id", Secret::new("secret")).with_session_token(Secret::new("token"));
    let noon = SystemTime::UNIX_EPOCH + Duration::from_secs(498_708 * 60 * 60);
    let mut request = http::Request::post("https://example.com/?Action=List&Version=2018-05-11&A=1")
        .header("content-type", "text/plain")
        .body("body".into())
        .unwrap();
    Signer::new(&credentials, noon, "nonce").sign(&mut request).unwrap();
    change(&mut request);
    let find = |id: &str| (id == "id").then(|| credentials.clone());
    let error = Verifier::new(noon).verify(&Signable::of(&request), find).unwrap_err();
    assert_eq!(error.code(), code);
}

#[test]
fn changed_requests_are_refused() {
    let set = |name: &'static str, value: &'static str| {
        move |request: &mut Request| drop(request.headers_mut().insert(name, value.parse().unwrap()))
    };
    let remove = |name: &'static str| move |request: &mut Request| drop(request.headers_mut().remove(name));
    check_refused(set("x-acs-action", "Delete"), "SignatureDoesNotMatch");
    check_refused(set("host", "example.org"), "SignatureDoesNotMatch");
    check_refused(set("x-acs-new", "header"), "IncompleteSignature");
    check_refused(|request| *request.body_mut() = "other".into(), "SignatureDoesNotMatch");
    check_refused(|request| *request.uri_mut() = "/?A=2".parse().unwrap(), "SignatureDoesNotMatch");
    check_refused(|request| *request.method_mut() = http::Method::GET, "SignatureDoesNotMatch");
    check_refused(set("x-acs-date", "2026-11-22 12:00:00"), "InvalidTimeStamp.Format");
    check_refused(set("x-acs-date", "2026-11-22T12:15:01Z"), "InvalidTimeStamp.Expired");
    check_refused(remove("x-acs-date"), "MissingTimestamp");
    check_refused(set("x-acs-signature-nonce", ""), "MissingSignatureNonce");
    check_refused(remove("x-acs-action"), "MissingAction");
    check_refused(remove("x-acs-content-sha256"), "IncompleteSignature");
    check_refused(remove("content-type"), "SignatureDoesNotMatch");
    check_refused(remove("authorization"), "MissingAccessKeyId");
    check_refused(set("authorization", "Bearer x"), "IncompleteSignature");
    check_refused(set("authorization", "ACS3-HMAC-SHA256 Credential=id"), "IncompleteSignature");
    for names in ["host;host", "HOST;host"] {
        check_refused(
            |request| {
                let signed = request.headers()["authorization"]
                    .to_str()
                    .unwrap()
                    .replace(";host;", &format!(";{names};"));
                request.headers_mut().insert("authorization", signed.parse().unwrap());
            },
            "IncompleteSignature",
        );
    }
    let unknown = "ACS3-HMAC-SHA256 Credential=x,SignedHeaders=content-type;host;x-acs-action;x-acs-content-sha256;\
        x-acs-date;x-acs-security-token;x-acs-signature-nonce;x-acs-version,Signature=00";
    check_refused(set("authorization", unknown), "InvalidAccessKeyId.NotFound");
}

#[test]
fn what_cannot_be_signed() {
    let credentials = Credentials::new("id", Secret::new("secret"));
    let sign = |uri: &str, nonce: &str, time| {
        let mut request = http::Request::post(uri).body("".into()).unwrap();
        Signer::new(&credentials, time, nonce).sign(&mut request)
    };
    let epoch = SystemTime::UNIX_EPOCH;
    assert_eq!(sign("/", "n", epoch), Err(SignError::Host));
    assert_eq!(sign("https://h/", "n\n", epoch), Err(SignError::Characters("nonce")));
    assert_eq!(sign("https://h/?Action=a%0d%0ax:y", "n", epoch), Err(SignError::Characters("Action")));
    assert_eq!(sign("https://h/", "n", epoch - Duration::from_secs(1)), Err(SignError::Time));
    assert!(matches!(VerifyError::NonceUsed.status(), 400));
}

//! Verification of signatures, valid and invalid.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use gatewright_runtime::{
    Secret,
    credentials::Credentials,
    sign::{
        Signable,
        sigv4::{Scope, SignError, Signer, parse_time},
        verify::{Verifier, VerifyError},
    },
};
use http::{HeaderValue, Request};

const SCOPE: Scope<'_> = Scope { region: "us-east-1", service: "execute-api" };
const HOST: &str = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";

fn noon() -> SystemTime {
    parse_time("20261122T120000Z").unwrap()
}

fn credentials() -> Credentials {
    Credentials::new("AKIAIOSFODNN7EXAMPLE", Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"))
}

fn request() -> Request<Bytes> {
    Request::get(format!("https://{HOST}/prod/pets")).body(Bytes::new()).unwrap()
}

fn signed_by(credentials: &Credentials, scope: Scope<'_>, time: SystemTime) -> Request<Bytes> {
    let mut request = request();
    Signer::new(credentials, scope, time).sign(&mut request).unwrap();
    request
}

fn signed() -> Request<Bytes> {
    signed_by(&credentials(), SCOPE, noon())
}

/// Signed, and then another `authorization` header.
fn authorized(authorization: &str) -> Request<Bytes> {
    let mut request = signed();
    request.headers_mut().insert("authorization", HeaderValue::from_str(authorization).unwrap());
    request
}

/// The signed request with a part of its `authorization` header replaced.
fn altered(from: &str, to: &str) -> Request<Bytes> {
    let authorization = signed().headers()["authorization"].to_str().unwrap().to_owned();
    assert!(authorization.contains(from), "{authorization}");
    authorized(&authorization.replacen(from, to, 1))
}

fn verify(request: &Request<Bytes>) -> Result<(), VerifyError> {
    verify_for(request, Some(credentials()), noon())
}

fn verify_for(
    request: &Request<Bytes>,
    known: Option<Credentials>,
    now: SystemTime,
) -> Result<(), VerifyError> {
    Verifier::new(SCOPE, now).verify(&Signable::of(request), |_| known).map(drop)
}

#[track_caller]
fn check(outcome: Result<(), VerifyError>, exception: &str, message: &str) {
    let error = outcome.unwrap_err();
    assert_eq!(error.to_string(), message);
    assert_eq!(error.exception(), exception);
}

#[track_caller]
fn check_mismatch(request: &Request<Bytes>) {
    assert!(matches!(verify(request), Err(VerifyError::Mismatch(_))), "{:?}", verify(request));
}

#[test]
fn right_signatures() {
    let verified =
        Verifier::new(SCOPE, noon()).verify(&Signable::of(&signed()), |_| Some(credentials())).unwrap();
    assert_eq!((verified.access_key_id.as_str(), verified.signed_at), ("AKIAIOSFODNN7EXAMPLE", noon()));

    let session =
        credentials().with_session_token(Secret::new("token")).with_expiry(noon() + Duration::from_secs(1));
    verify_for(&signed_by(&session, SCOPE, noon()), Some(session), noon()).unwrap();
}

#[test]
fn requests_without_a_signature() {
    check(verify(&request()), "MissingAuthenticationTokenException", "Missing Authentication Token");
}

#[test]
fn authorizations_that_cannot_be_read() {
    let incomplete = "IncompleteSignatureException";
    check(
        verify(&authorized("Bearer abc")),
        incomplete,
        "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with \
         Base64): 'w1Xc6WwWEogNEZQP/dkBTThsJT4MNlKmzQanIm970rY='.",
    );
    check(
        verify(&authorized("AWS4-HMAC-SHA256")),
        incomplete,
        "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. \
         Authorization header requires 'SignedHeaders' parameter. ",
    );
    check(
        verify(&altered("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1")),
        incomplete,
        "Unsupported AWS 'algorithm': 'AWS4-HMAC-SHA1'",
    );
    check(
        verify(&altered("/aws4_request", "")),
        incomplete,
        "Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, \
         got 'AKIAIOSFODNN7EXAMPLE/20261122/us-east-1/execute-api'",
    );
    check(
        verify(&altered("SignedHeaders=host;", "SignedHeaders=")),
        incomplete,
        "'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.",
    );
    let mut no_date = signed();
    no_date.headers_mut().remove("x-amz-date");
    check(
        verify(&no_date),
        incomplete,
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    );
    let mut bad_date = signed();
    bad_date.headers_mut().insert("x-amz-date", HeaderValue::from_static("2026-11-22T12:00:00Z"));
    check(
        verify(&bad_date),
        incomplete,
        "Date must be in ISO-8601 'basic format'. Got '2026-11-22T12:00:00Z'.",
    );
    let mut twice = signed();
    *twice.uri_mut() = format!("https://{HOST}/prod/pets?X-Amz-Algorithm=AWS4-HMAC-SHA256").parse().unwrap();
    check(
        verify(&twice),
        incomplete,
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    );
}

/// Each name would repeat the value of its header in the text that is verified.
#[test]
fn signed_headers_are_named_once() {
    for (names, name) in [("host;host;", "host"), ("HOST;host;", "host"), ("a;b;A;host;", "A")] {
        let request = altered("SignedHeaders=host;", &format!("SignedHeaders={names}"));
        let message = format!("'SignedHeaders' must not contain '{name}' more than once.");
        check(verify(&request), "IncompleteSignatureException", &message);
    }
    let mut presigned = request();
    let url =
        Signer::new(&credentials(), SCOPE, noon()).presign(&presigned, Duration::from_secs(60)).unwrap();
    let twice = url.to_string().replace("SignedHeaders=host", "SignedHeaders=host%3Bhost");
    *presigned.uri_mut() = twice.parse().unwrap();
    let message = "'SignedHeaders' must not contain 'host' more than once.";
    check(verify(&presigned), "IncompleteSignatureException", message);

    // What would be 20 GB is refused before anything is computed.
    let mut request = altered("SignedHeaders=host;", &format!("SignedHeaders={}host;", "x;".repeat(100_000)));
    request.headers_mut().insert("x", "v".repeat(200_000).parse().unwrap());
    assert!(matches!(verify(&request), Err(VerifyError::Malformed(_))));
}

#[test]
fn clocks_that_differ() {
    let at = |seconds| {
        let now = noon() + Duration::from_secs(5 * 60);
        verify_for(&signed_by(&credentials(), SCOPE, now + seconds), Some(credentials()), now)
    };
    at(Duration::from_secs(5 * 60)).unwrap();
    let late = signed();
    verify_for(&late, Some(credentials()), noon() + Duration::from_secs(5 * 60)).unwrap();
    check(
        verify_for(&late, Some(credentials()), noon() + Duration::from_secs(18 * 60)),
        "InvalidSignatureException",
        "Signature expired: 20261122T120000Z is now earlier than 20261122T121300Z (20261122T121800Z - 5 min.)",
    );
    check(
        at(Duration::from_secs(301)),
        "InvalidSignatureException",
        "Signature not yet current: 20261122T121001Z is still later than 20261122T121000Z \
         (20261122T120500Z + 5 min.)",
    );
}

#[test]
fn other_scopes() {
    let invalid = "InvalidSignatureException";
    let scope = Scope { region: "eu-west-1", service: "apigateway" };
    check(
        verify(&signed_by(&credentials(), scope, noon())),
        invalid,
        "Credential should be scoped to a valid region, not 'eu-west-1'. \
         Credential should be scoped to correct service: 'execute-api'. ",
    );
    check(
        verify(&altered("/aws4_request", "/aws5_request")),
        invalid,
        "Credential should be scoped with a valid terminator: 'aws4_request', not 'aws5_request'. ",
    );
    check(
        verify(&altered("/20261122/", "/20261121/")),
        invalid,
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: \
         '20261121' != '20261122', from '20261122T120000Z'.",
    );
}

#[test]
fn identities_that_are_not_known() {
    let unknown = "UnrecognizedClientException";
    let message = "The security token included in the request is invalid.";
    let session = credentials().with_session_token(Secret::new("token"));
    check(verify_for(&signed(), None, noon()), unknown, message);
    check(verify_for(&signed(), Some(session.clone()), noon()), unknown, message);
    check(verify(&signed_by(&session, SCOPE, noon())), unknown, message);
    let other = credentials().with_session_token(Secret::new("another"));
    check(verify_for(&signed_by(&session, SCOPE, noon()), Some(other), noon()), unknown, message);
    check(
        verify_for(&signed(), Some(credentials().with_expiry(noon())), noon()),
        "ExpiredTokenException",
        "The security token included in the request is expired",
    );
}

#[test]
fn what_is_changed_on_the_way_is_noticed() {
    let mut body = signed();
    *body.body_mut() = Bytes::from_static(b" ");
    check_mismatch(&body);
    let mut method = signed();
    *method.method_mut() = http::Method::POST;
    check_mismatch(&method);
    for target in ["/prod/pets/", "/prod/Pets", "/prod/pets?a=1"] {
        let mut moved = signed();
        *moved.uri_mut() = format!("https://{HOST}{target}").parse().unwrap();
        check_mismatch(&moved);
    }
    let mut host = signed();
    host.headers_mut().insert("host", HeaderValue::from_static("api.example.com"));
    check_mismatch(&host);
    host.headers_mut().remove("host");
    check_mismatch(&host);
    check_mismatch(&altered("Signature=", "Signature=00"));
    check_mismatch(&altered("Signature=", "Signature=zz"));
    check_mismatch(&signed_by(
        &Credentials::new("AKIAIOSFODNN7EXAMPLE", Secret::new("other")),
        SCOPE,
        noon(),
    ));

    let mut unsigned = signed();
    unsigned.headers_mut().insert("x-forwarded-for", HeaderValue::from_static("10.0.0.1"));
    verify(&unsigned).unwrap();
}

#[test]
fn a_mismatch_shows_what_was_computed() {
    let other = Credentials::new("AKIAIOSFODNN7EXAMPLE", Secret::new("other"));
    let request = signed_by(&other, SCOPE, noon());
    let ours = Signer::new(&credentials(), SCOPE, noon()).explain(&Signable::of(&request)).unwrap();
    assert_eq!(verify(&request), Err(VerifyError::Mismatch(Box::new(ours.clone()))));
    let message = format!(
        "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access \
         Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this \
         request should have been\n'{}'\n\nThe String-to-Sign should have been\n'{}'\n",
        ours.canonical_request(),
        ours.string_to_sign()
    );
    check(verify(&request), "InvalidSignatureException", &message);
}

#[test]
fn presigned_urls() {
    let presign = |seconds| {
        let url =
            Signer::new(&credentials(), SCOPE, noon()).presign(&request(), Duration::from_secs(seconds));
        let mut request = request();
        *request.uri_mut() = url.unwrap();
        request.headers_mut().insert("host", HeaderValue::from_static(HOST));
        request
    };
    let verify_at = |request: &Request<Bytes>, seconds| {
        verify_for(request, Some(credentials()), noon() + Duration::from_secs(seconds))
    };
    verify_at(&presign(3600), 3600).unwrap();
    check(
        verify_at(&presign(3600), 3601),
        "InvalidSignatureException",
        "Signature expired: 20261122T120000Z is now earlier than 20261122T120001Z (20261122T130001Z - 60 min.)",
    );
    let longer = presign(3600).uri().to_string().replace("Expires=3600", "Expires=7200");
    let mut request = presign(3600);
    *request.uri_mut() = longer.parse().unwrap();
    check_mismatch(&request);
    let endless = longer.replace("Expires=7200", "Expires=604801");
    *request.uri_mut() = endless.parse().unwrap();
    assert!(matches!(verify(&request), Err(VerifyError::Malformed(_))));
    *request.uri_mut() =
        format!("https://{HOST}/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=").parse().unwrap();
    check(
        verify(&request),
        "IncompleteSignatureException",
        "AWS query-string parameters must include 'X-Amz-Credential'. AWS query-string parameters must include \
         'X-Amz-Expires'. AWS query-string parameters must include 'X-Amz-Signature'. AWS query-string parameters \
         must include 'X-Amz-SignedHeaders'. ",
    );
}

/// Whoever sends a presigned request takes `Host` from its URL: as it is signed, without a default port.
#[test]
fn presigned_urls_name_the_signed_host() {
    for (url, named) in [
        ("https://api.example:443/a", "https://api.example/a?"),
        ("https://api.example:80/a", "https://api.example:80/a?"),
        ("http://127.0.0.1:80", "http://127.0.0.1/?"),
        ("http://[::1]:8080/", "http://[::1]:8080/?"),
        ("https://[2001:db8::1]:443/", "https://[2001:db8::1]/?"),
    ] {
        let request = Request::get(url).body(Bytes::new()).unwrap();
        let url =
            Signer::new(&credentials(), SCOPE, noon()).presign(&request, Duration::from_secs(60)).unwrap();
        assert!(url.to_string().starts_with(named), "{url}");
        let mut request = Request::get(&url).body(Bytes::new()).unwrap();
        let host = HeaderValue::from_str(url.authority().unwrap().as_str()).unwrap();
        request.headers_mut().insert("host", host);
        verify(&request).unwrap();
    }
}

#[test]
fn requests_that_cannot_be_signed() {
    let sign = |credentials: &Credentials, scope, time| {
        Signer::new(credentials, scope, time).sign(&mut request()).unwrap_err()
    };
    let identity = SignError::Characters("access key id, region or service");
    let injected = Credentials::new("AKID\r\nx-injected: 1", Secret::new("secret"));
    assert_eq!(sign(&injected, SCOPE, noon()), identity);
    assert_eq!(sign(&credentials(), Scope { region: "us\neast", ..SCOPE }, noon()), identity);
    let token = credentials().with_session_token(Secret::new("a\r\nx-injected: 1"));
    assert_eq!(sign(&token, SCOPE, noon()), SignError::Characters("session token"));
    assert_eq!(sign(&credentials(), SCOPE, SystemTime::UNIX_EPOCH - Duration::from_secs(1)), SignError::Time);

    let credentials = credentials();
    let signer = Signer::new(&credentials, SCOPE, noon());
    for expires_in in [Duration::ZERO, Duration::from_millis(999), Duration::from_secs(604_801)] {
        assert_eq!(signer.presign(&request(), expires_in), Err(SignError::Expiry));
    }
    let mut without_host = Request::get("/").body(Bytes::new()).unwrap();
    assert_eq!(signer.sign(&mut without_host), Err(SignError::Host));
    assert_eq!(signer.explain(&Signable::of(&without_host)), Err(SignError::Host));
}

#[test]
fn secrets_are_not_shown() {
    let session = credentials().with_session_token(Secret::new("hush"));
    let mut request = request();
    let signer = Signer::new(&session, SCOPE, noon());
    let shown =
        format!("{signer:?} {:?}", signer.presign_target(&Signable::of(&signed()), Duration::from_secs(9)));
    assert!(!shown.contains("hush") && !shown.contains("EXAMPLEKEY"), "{shown}");
    signer.sign(&mut request).unwrap();
    assert!(request.headers()["authorization"].is_sensitive());
    assert!(request.headers()["x-amz-security-token"].is_sensitive());
    assert!(!format!("{:?}", signer.explain(&Signable::of(&request))).contains("hush"));
}

#[test]
fn a_token_of_an_earlier_signature_goes() {
    let mut request = signed_by(&credentials().with_session_token(Secret::new("old")), SCOPE, noon());
    Signer::new(&credentials(), SCOPE, noon()).sign(&mut request).unwrap();
    assert_eq!(request.headers(), signed().headers());
}

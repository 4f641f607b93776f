//! Signing vectors: a folder each, with the request as it is before it is signed.

#![expect(clippy::unwrap_used, clippy::panic, reason = "tests fail by panicking")]

use std::{
    fs,
    path::Path,
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use gatewright_runtime::{
    Secret,
    credentials::Credentials,
    sign::{
        Signable,
        sigv4::{
            ContentHash, Explanation, PathEncoding, PathNormalization, Scope, SessionToken, Settings, Signer,
            SigningKeys, parse_time,
        },
        verify::Verifier,
    },
};
use http::{HeaderMap, HeaderValue, Request, header::HOST};

const NOON: &str = "20261122T120000Z";
const API: Scope<'_> = Scope { region: "eu-west-1", service: "execute-api" };
const GATEWAY: Scope<'_> = Scope { region: "eu-central-1", service: "storagegateway" };

/// A folder of `tests/sigv4`, and what is not in its files.
struct Vector {
    name: &'static str,
    credentials: Credentials,
    scope: Scope<'static>,
    time: &'static str,
    settings: Settings,
}

impl Vector {
    fn new(name: &'static str, scope: Scope<'static>) -> Self {
        let credentials =
            Credentials::new("AKIAIOSFODNN7EXAMPLE", Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
        Self { name, credentials, scope, time: NOON, settings: Settings::default() }
    }

    fn with_token(mut self) -> Self {
        let token = "FwoGZXIvYXdzEXAMPLE//////////wEaDHh0b2tlbg+/==";
        self.credentials = self.credentials.with_session_token(Secret::new(token));
        self
    }

    fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    fn at(mut self, time: &'static str) -> Self {
        self.time = time;
        self
    }

    fn now(&self) -> SystemTime {
        parse_time(self.time).unwrap()
    }

    fn signer(&self) -> Signer<'_> {
        Signer::new(&self.credentials, self.scope, self.now()).settings(self.settings)
    }

    fn file(&self, file: &str) -> String {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sigv4").join(self.name).join(file);
        let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        text.strip_suffix('\n').map(str::to_owned).unwrap_or(text)
    }

    /// Method and target, a line a header, an empty line, the body.
    fn request(&self) -> Request<Bytes> {
        let text = self.file("request");
        let (head, body) = text.split_once("\n\n").unwrap_or((text.trim_end(), ""));
        let mut lines = head.lines();
        let (method, target) = lines.next().unwrap().split_once(' ').unwrap();
        let headers: Vec<_> = lines.map(|line| line.split_once(':').unwrap()).collect();
        let host = headers.iter().find(|(name, _)| *name == "Host").unwrap().1.trim();
        let mut request = Request::builder().method(method).uri(format!("https://{host}{target}"));
        for (name, value) in headers {
            request = request.header(name, value);
        }
        request.body(Bytes::from(body.to_owned())).unwrap()
    }

    #[track_caller]
    fn compare(&self, explanation: &Explanation) {
        assert_eq!(explanation.canonical_request().to_string(), self.file("canonical"));
        assert_eq!(explanation.string_to_sign().to_string(), self.file("string_to_sign"));
    }

    #[track_caller]
    fn verify(&self, request: &Signable<'_>) {
        let verifier = Verifier::new(self.scope, self.now()).settings(self.settings);
        let outcome = verifier.verify(request, |id| {
            assert_eq!(id, self.credentials.access_key_id());
            Some(self.credentials.clone())
        });
        assert_eq!(outcome.unwrap().signed_at, self.now());
    }
}

/// Signs in headers.
#[track_caller]
fn check(vector: &Vector) {
    let mut request = vector.request();
    vector.compare(&vector.signer().explain(&Signable::of(&request)).unwrap());
    let keys = SigningKeys::new();
    // The second time with a kept key, and over the headers of the first signature.
    for _ in 0..2 {
        vector.signer().keys(&keys).sign(&mut request).unwrap();
        assert_eq!(request.headers()["authorization"], vector.file("authorization"));
        assert_eq!(request.headers()["x-amz-date"], vector.time);
        let token = request.headers().get("x-amz-security-token").map(|token| token.to_str().unwrap());
        assert_eq!(token, vector.credentials.session_token().map(|token| token.expose().as_str()));
    }
    vector.verify(&Signable::of(&request));
}

/// Signs in the query.
#[track_caller]
fn check_presigned(vector: &Vector, seconds: u64) {
    let request = vector.request();
    let expires_in = Duration::from_secs(seconds);
    let presigned = vector.signer().presign_target(&Signable::of(&request), expires_in).unwrap();
    vector.compare(presigned.explanation());
    assert_eq!(presigned.target(), vector.file("target"));
    let url = vector.signer().presign(&request, expires_in).unwrap();
    assert_eq!(url.to_string(), format!("https://{}{}", request.uri().host().unwrap(), presigned.target()));
    vector.verify(&Signable::new("GET", presigned.target(), request.headers(), b""));
}

#[test]
fn list_gateways_us_east_1() {
    let scope = Scope { region: "us-east-1", service: "storagegateway" };
    check(&Vector::new("list-gateways-us-east-1", scope).at("20120910T000000Z"));
}

#[test]
fn list_gateways_us_east_2() {
    let scope = Scope { region: "us-east-2", service: "storagegateway" };
    check(&Vector::new("list-gateways-us-east-2", scope).at("20120910T000000Z"));
}

#[test]
fn session_token() {
    check(&Vector::new("session-token", GATEWAY).with_token());
}

#[test]
fn session_token_unsigned() {
    let settings = Settings::default().session_token(SessionToken::Unsigned);
    check(&Vector::new("session-token-unsigned", GATEWAY).with_token().settings(settings));
}

#[test]
fn headers() {
    check(&Vector::new("headers", API));
}

#[test]
fn query() {
    check(&Vector::new("query", API));
}

fn of_s3() -> Settings {
    Settings::default()
        .path_encoding(PathEncoding::Single)
        .path_normalization(PathNormalization::AsIs)
        .content_hash(ContentHash::Sent)
}

#[test]
fn content_hash_single_encoding() {
    let scope = Scope { region: "eu-west-1", service: "s3" };
    check(&Vector::new("content-hash-single-encoding", scope).settings(of_s3()));
}

#[test]
fn presigned() {
    check_presigned(&Vector::new("presigned", API), 900);
}

#[test]
fn presigned_session_token() {
    check_presigned(&Vector::new("presigned-session-token", API).with_token(), 3600);
}

#[test]
fn presigned_session_token_unsigned() {
    let settings = Settings::default().session_token(SessionToken::Unsigned);
    let vector = Vector::new("presigned-session-token-unsigned", API).with_token();
    check_presigned(&vector.settings(settings), 3600);
}

/// The example of S3's documentation ("Authenticating Requests: Using Query Parameters").
#[test]
fn presigned_s3() {
    let scope = Scope { region: "us-east-1", service: "s3" };
    check_presigned(&Vector::new("presigned-s3", scope).settings(of_s3()).at("20130524T000000Z"), 86_400);
}

/// S3 expects a presigned URL to cover the body that the header states, and none without it.
#[test]
fn presigned_s3_bodies() {
    let (hash, other) = (
        "230d8358dc8e8890b4c58deeb62912ee2f20357ae92a5cc861b98e68fe31acb5",
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    );
    let scope = Scope { region: "us-east-1", service: "s3" };
    let vector = Vector::new("presigned-s3", scope).settings(of_s3());
    let unsigned = "UNSIGNED-PAYLOAD";
    for (header, payload, accepted) in [
        (None, unsigned, &[b"body".as_slice(), b"other", b""][..]),
        (Some(unsigned), unsigned, &[b"body", b"other", b""]),
        (Some(hash), hash, &[b"body"]),
        (Some(other), other, &[b""]),
    ] {
        let mut headers = HeaderMap::from_iter([(HOST, HeaderValue::from_static("b.s3.amazonaws.com"))]);
        if let Some(header) = header {
            headers.insert("x-amz-content-sha256", HeaderValue::from_static(header));
        }
        let request = Signable::new("PUT", "/key", &headers, b"body");
        let presigned = vector.signer().presign_target(&request, Duration::from_secs(60)).unwrap();
        let canonical = presigned.explanation().canonical_request().to_string();
        assert_eq!(canonical.lines().last(), Some(payload));
        let verifier = Verifier::new(scope, vector.now()).settings(of_s3());
        for body in [b"body".as_slice(), b"other", b""] {
            let sent = Signable::new("PUT", presigned.target(), &headers, body);
            let outcome = verifier.verify(&sent, |_| Some(vector.credentials.clone()));
            let is_accepted = accepted.contains(&body);
            assert_eq!(outcome.is_ok(), is_accepted, "{header:?} {body:?} {outcome:?}");
        }
    }
}

/// Signed by botocore, without a hash of the body.
#[test]
fn unsigned_bodies_of_s3() {
    let scope = Scope { region: "us-east-1", service: "s3" };
    let vector = Vector::new("presigned-s3", scope);
    let authorization = "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261122/us-east-1/s3/aws4_request, \
                         SignedHeaders=host;x-amz-content-sha256;x-amz-date, \
                         Signature=d4ef36f4dfe31ccab312811a960c07911422fd5cdb0a1c77d8a888a69b3eb2b5";
    let request = Request::put("/key")
        .header(HOST, "b.s3.amazonaws.com")
        .header("x-amz-content-sha256", "UNSIGNED-PAYLOAD")
        .header("x-amz-date", NOON)
        .header("authorization", authorization)
        .body("any body")
        .unwrap();
    let accepted = |settings| {
        let verifier = Verifier::new(scope, vector.now()).settings(settings);
        let signer = verifier.verify(&Signable::of(&request), |_| Some(vector.credentials.clone()));
        signer.map(|signer| signer.covers_body).ok()
    };
    assert_eq!(accepted(of_s3()), Some(false), "as S3 does");
    assert_eq!(
        accepted(of_s3().content_hash(ContentHash::Omitted)),
        None,
        "other services require the body's hash"
    );
}

/// The work grows with the request, not with its square: one request takes about as long as sixteen that have a sixteenth
/// of its parameters, segments or headers.
#[test]
fn long_requests_are_signed_in_proportion() {
    // In the order that is hardest to sort by insertion.
    let names = |count: usize| (0..count).rev().map(|index| format!("x-{index:06}"));
    let query = |count| "/?".to_owned() + &names(count).map(|name| name + "=1").collect::<Vec<_>>().join("&");
    let path = |count| "/a/../b".repeat(count);
    for (what, size) in [("query", 4000), ("path", 20_000), ("headers", 1500)] {
        let work = |size, times| {
            let [mut target, mut headers] = ["/".to_owned(), "host".to_owned()].map(|text| vec![text]);
            match what {
                "query" => target = vec![query(size)],
                "path" => target = vec![path(size)],
                _ => headers.extend(names(size)),
            }
            let value = HeaderValue::from_static("1");
            let headers = headers.into_iter().map(|name| (name.parse().unwrap(), value.clone())).collect();
            let request = Signable::new("GET", &target[0], &headers, b"");
            let vector = Vector::new("query", API);
            cpu_time(|| {
                for _ in 0..times {
                    vector.signer().presign_target(&request, Duration::from_secs(60)).unwrap();
                }
            })
        };
        let Some((small, large)) = work(size, 16).zip(work(16 * size, 1)) else {
            eprintln!("SKIPPED: this system does not count a thread's time in /proc/thread-self/schedstat");
            return;
        };
        // By the square it would take sixteen times as long.
        assert!(
            large < 5 * small,
            "{what}: {small} ns for 16 requests, and {large} ns for one like them together"
        );
    }
}

/// Nanoseconds that this thread computed, whatever else the machine does meanwhile.
fn cpu_time(work: impl FnOnce()) -> Option<u64> {
    let computed =
        || fs::read_to_string("/proc/thread-self/schedstat").ok()?.split(' ').next()?.parse::<u64>().ok();
    let before = computed()?;
    work();
    // The system counts at its own pace, every few milliseconds.
    Some(computed()?.saturating_sub(before).max(4_000_000))
}

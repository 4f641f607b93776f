//! Signatures compared with the crate `aws-sigv4`, over random requests.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_sigv4::http_request::{
    PayloadChecksumKind, PercentEncodingMode, SessionTokenMode, SignableBody, SignableRequest,
    SignatureLocation, SigningSettings, UriPathNormalizationMode, sign,
};
use aws_sigv4::sign::v4;
use bytes::Bytes;
use gatewright_runtime::{
    Secret,
    credentials::Credentials,
    sign::{
        Signable,
        sigv4::{
            ContentHash, PathEncoding, PathNormalization, Scope, SessionToken, Settings, Signer, SigningKeys,
        },
        verify::Verifier,
    },
};
use http::Request;
use proptest::{collection::vec, option, prelude::*, sample::select};

/// A request and all that goes into its signature.
#[derive(Clone, Debug)]
struct Case {
    method: &'static str,
    path: String,
    query: Option<String>,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    token: Option<String>,
    secret: String,
    region: String,
    time: SystemTime,
    /// Path encoded twice, path normalized, payload hash sent, session token signed.
    flags: [bool; 4],
}

fn cases() -> impl Strategy<Value = Case> {
    let path_part = select(vec![
        "/",
        "//",
        "/.",
        "/..",
        "/...",
        "/a",
        "/B9",
        "/%20",
        "/%2F",
        "/%e6",
        "/~",
        "/a.b",
        "/+",
        "/:@!$&'()*,;=",
        "x",
    ]);
    // No escapes that are not UTF-8: the oracle replaces such bytes, and here they stay.
    let query_part = select(vec![
        "a",
        "B",
        "=",
        "&",
        "a-b",
        "a.b",
        "%20",
        "%2B",
        "+",
        "%2f",
        "%E6%97%A5",
        "~",
        "/",
        "?",
        "%-",
        "%4~",
        ":@!$'()*,;",
    ]);
    let name =
        prop_oneof!["[a-c]", "x-[a-z0-9-]{1,12}", Just("content-type".into()), Just("User-Agent".into())];
    let value = prop_oneof!["[ -~]{0,40}", "[ a]{0,12}"];
    let request = (
        select(vec!["GET", "POST", "PUT", "DELETE"]),
        vec(path_part, 0..8).prop_map(|parts| format!("/{}", parts.concat().trim_start_matches('/'))),
        option::of(vec(query_part, 0..12).prop_map(|parts| parts.concat())),
        vec((name, value), 0..8),
        vec(any::<u8>(), 0..300),
    );
    let signer = (
        option::of("[!-~]{1,200}"),
        "[!-~]{1,80}",
        "[a-z]{2}-[a-z]{4,9}-[0-9]",
        (0..253_402_300_800_u64).prop_map(|seconds| UNIX_EPOCH + Duration::from_secs(seconds)),
        any::<[bool; 4]>(),
    );
    (request, signer).prop_map(
        |((method, path, query, headers, body), (token, secret, region, time, flags))| Case {
            method,
            path,
            query,
            headers,
            body,
            token,
            secret,
            region,
            time,
            flags,
        },
    )
}

impl Case {
    fn request(&self) -> Request<Bytes> {
        let query = self.query.as_ref().map(|query| format!("?{query}")).unwrap_or_default();
        let uri = format!("https://api.example.com{}{query}", self.path);
        let mut request = Request::builder().method(self.method).uri(uri).header("host", "api.example.com");
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        request.body(self.body.clone().into()).unwrap()
    }

    fn credentials(&self) -> Credentials {
        let keys = Credentials::new("AKIDEXAMPLE", Secret::new(&self.secret));
        match &self.token {
            Some(token) => keys.with_session_token(Secret::new(token)),
            None => keys,
        }
    }

    fn scope(&self) -> Scope<'_> {
        Scope { region: &self.region, service: "execute-api" }
    }

    fn settings(&self) -> Settings {
        let [double, normalize, hash_sent, token_signed] = self.flags;
        let mut settings = Settings::default();
        if !double {
            settings = settings.path_encoding(PathEncoding::Single);
        }
        if !normalize {
            settings = settings.path_normalization(PathNormalization::AsIs);
        }
        if hash_sent {
            settings = settings.content_hash(ContentHash::Sent);
        }
        if !token_signed {
            settings = settings.session_token(SessionToken::Unsigned);
        }
        settings
    }

    /// What `aws-sigv4` makes of it; `expires_in` asks for a presigned URL.
    fn oracle(&self, expires_in: Option<Duration>) -> Request<Bytes> {
        let identity =
            aws_credential_types::Credentials::new("AKIDEXAMPLE", &self.secret, self.token.clone(), None, "");
        let identity = identity.into();
        let [double, normalize, hash_sent, token_signed] = self.flags;
        let mut settings = SigningSettings::default();
        settings.percent_encoding_mode =
            if double { PercentEncodingMode::Double } else { PercentEncodingMode::Single };
        settings.uri_path_normalization_mode = UriPathNormalizationMode::from(normalize);
        settings.payload_checksum_kind =
            if hash_sent { PayloadChecksumKind::XAmzSha256 } else { PayloadChecksumKind::NoHeader };
        settings.session_token_mode =
            if token_signed { SessionTokenMode::Include } else { SessionTokenMode::Exclude };
        settings.expires_in = expires_in;
        if expires_in.is_some() {
            settings.signature_location = SignatureLocation::QueryParams;
        }
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name("execute-api")
            .time(self.time)
            .settings(settings)
            .build()
            .unwrap()
            .into();
        let mut request = self.request();
        let headers = request.headers().iter().map(|(name, value)| (name.as_str(), value.to_str().unwrap()));
        let body = match expires_in {
            // As its SDK does for S3.
            Some(_) if hash_sent => SignableBody::UnsignedPayload,
            _ => SignableBody::Bytes(request.body()),
        };
        let uri = request.uri().to_string();
        let signable = SignableRequest::new(request.method().as_str(), uri, headers, body).unwrap();
        let (instructions, _) = sign(signable, &params).unwrap().into_parts();
        instructions.apply_to_request_http1x(&mut request);
        request
    }
}

fn sorted_query(request: &http::Uri) -> Vec<&str> {
    let mut pairs: Vec<_> = request.query().unwrap_or_default().split('&').collect();
    pairs.sort_unstable();
    pairs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn headers(case in cases()) {
        let credentials = case.credentials();
        let signer = Signer::new(&credentials, case.scope(), case.time).settings(case.settings());
        let mut request = case.request();
        signer.sign(&mut request).unwrap();

        let oracle = case.oracle(None);
        let explanation = signer.explain(&Signable::of(&case.request())).unwrap();
        prop_assert_eq!(request.headers(), oracle.headers(), "{}", explanation.canonical_request());

        let verifier = Verifier::new(case.scope(), case.time).settings(case.settings());
        verifier.verify(&Signable::of(&oracle), |_| Some(credentials.clone())).unwrap();
    }

    #[test]
    fn presigned_urls(case in cases(), seconds in 1..604_801_u64) {
        let credentials = case.credentials();
        let signer = Signer::new(&credentials, case.scope(), case.time).settings(case.settings());
        let expires_in = Duration::from_secs(seconds);
        let url = signer.presign(&case.request(), expires_in).unwrap();

        let oracle = case.oracle(Some(expires_in));
        let explanation = signer.presign_target(&Signable::of(&case.request()), expires_in).unwrap();
        prop_assert_eq!(
            sorted_query(&url),
            sorted_query(oracle.uri()),
            "{}", explanation.explanation().canonical_request()
        );

        let verifier = Verifier::new(case.scope(), case.time + expires_in).settings(case.settings());
        verifier.verify(&Signable::of(&oracle), |_| Some(credentials.clone())).unwrap();
    }

    #[test]
    fn kept_keys_sign_alike(many in vec(cases(), 1..12)) {
        let keys = SigningKeys::new();
        for case in many.iter().chain(&many) {
            let credentials = case.credentials();
            let signer = Signer::new(&credentials, case.scope(), case.time);
            let (mut kept, mut fresh) = (case.request(), case.request());
            signer.keys(&keys).sign(&mut kept).unwrap();
            signer.sign(&mut fresh).unwrap();
            prop_assert_eq!(kept.headers(), fresh.headers());
        }
    }
}

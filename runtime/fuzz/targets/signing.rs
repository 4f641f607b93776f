//! Signatures compared with those of the crate `aws-sigv4`.
#![no_main]

use std::time::{Duration, UNIX_EPOCH};

use arbitrary::Arbitrary;
use aws_sigv4::{
    http_request::{
        PayloadChecksumKind, PercentEncodingMode, SessionTokenMode, SignableBody, SignableRequest,
        SigningSettings, UriPathNormalizationMode, sign,
    },
    sign::v4,
};
use gatewright_runtime::{
    Secret,
    credentials::Credentials,
    sign::{
        Signable,
        sigv4::{ContentHash, PathEncoding, PathNormalization, Scope, SessionToken, Settings, Signer},
        verify::Verifier,
    },
};
use http::{HeaderName, HeaderValue, Request};
use libfuzzer_sys::{Corpus, fuzz_target};

#[derive(Arbitrary, Debug)]
struct Case<'a> {
    path: &'a str,
    query: Option<&'a str>,
    headers: Vec<(&'a str, &'a str)>,
    body: &'a [u8],
    token: Option<&'a str>,
    secret: &'a str,
    seconds: u32,
    double: bool,
    normalize: bool,
    hash_sent: bool,
    token_signed: bool,
}

impl Case<'_> {
    fn request(&self) -> Option<Request<Vec<u8>>> {
        let query = self.query.map(|query| format!("?{query}")).unwrap_or_default();
        let uri = format!("https://api.example.com/{}{query}", self.path);
        let mut request = Request::builder().method("POST").uri(uri).header("host", "api.example.com");
        for (name, value) in &self.headers {
            let name = name.parse::<HeaderName>().ok().filter(|name| name.as_str().starts_with("x-"))?;
            // The oracle takes visible ASCII only.
            let value = value.bytes().all(|byte| (b' '..=b'~').contains(&byte)).then_some(*value)?;
            request = request.header(name, HeaderValue::from_str(value).ok()?);
        }
        request.body(self.body.to_vec()).ok()
    }
}

fuzz_target!(|case: Case<'_>| -> Corpus { compare(&case).map_or(Corpus::Reject, |()| Corpus::Keep) });

fn compare(case: &Case<'_>) -> Option<()> {
    let visible = |text: &str| !text.is_empty() && text.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
    if !visible(case.secret) || !case.token.is_none_or(visible) {
        return None;
    }
    let mut ours = case.request()?;
    // The oracle replaces escapes that are not UTF-8, and knows no other bytes.
    let decoded = percent_decoded(ours.uri().query().unwrap_or_default())?;
    // A parameter or header of the signature itself makes a request ambiguous, which services refuse.
    let is_of_signature = |text: &str| text.to_ascii_lowercase().contains("x-amz-");
    let has_own = ours.uri().query().is_some_and(is_of_signature)
        || String::from_utf8_lossy(&decoded).to_ascii_lowercase().contains("x-amz-")
        || ours.headers().keys().any(|name| is_of_signature(name.as_str()));
    if has_own {
        return None;
    }
    if !ours.uri().to_string().is_ascii() || String::from_utf8(decoded).is_err() {
        return None;
    }
    let credentials = Credentials::new("AKIDEXAMPLE", Secret::new(case.secret));
    let credentials = match case.token {
        Some(token) => credentials.with_session_token(Secret::new(token)),
        None => credentials,
    };
    let mut settings = Settings::default();
    if !case.double {
        settings = settings.path_encoding(PathEncoding::Single);
    }
    if !case.normalize {
        settings = settings.path_normalization(PathNormalization::AsIs);
    }
    if case.hash_sent {
        settings = settings.content_hash(ContentHash::Sent);
    }
    if !case.token_signed {
        settings = settings.session_token(SessionToken::Unsigned);
    }
    let scope = Scope { region: "us-east-1", service: "execute-api" };
    let time = UNIX_EPOCH + Duration::from_secs(case.seconds.into());
    Signer::new(&credentials, scope, time).settings(settings).sign(&mut ours).expect("it can be signed");

    let oracle = oracle(case)?;
    assert_eq!(ours.headers(), oracle.headers());
    let verifier = Verifier::new(scope, time).settings(settings);
    verifier.verify(&Signable::of(&ours), |_| Some(credentials.clone())).expect("our signature is accepted");
    let mut changed = ours.clone();
    changed.body_mut().push(b'x');
    verifier.verify(&Signable::of(&changed), |_| Some(credentials)).expect_err("another body was signed");
    Some(())
}

fn oracle(case: &Case<'_>) -> Option<Request<Vec<u8>>> {
    let token = case.token.map(str::to_owned);
    let identity = aws_credential_types::Credentials::new("AKIDEXAMPLE", case.secret, token, None, "").into();
    let mut settings = SigningSettings::default();
    settings.percent_encoding_mode =
        if case.double { PercentEncodingMode::Double } else { PercentEncodingMode::Single };
    settings.uri_path_normalization_mode = UriPathNormalizationMode::from(case.normalize);
    settings.payload_checksum_kind =
        if case.hash_sent { PayloadChecksumKind::XAmzSha256 } else { PayloadChecksumKind::NoHeader };
    settings.session_token_mode =
        if case.token_signed { SessionTokenMode::Include } else { SessionTokenMode::Exclude };
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region("us-east-1")
        .name("execute-api")
        .time(UNIX_EPOCH + Duration::from_secs(case.seconds.into()))
        .settings(settings)
        .build()
        .ok()?
        .into();
    let mut request = case.request()?;
    let headers: Option<Vec<_>> = request
        .headers()
        .iter()
        .map(|(name, value)| Some((name.as_str().to_owned(), value.to_str().ok()?.to_owned())))
        .collect();
    let headers = headers?;
    let headers = headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    let uri = request.uri().to_string();
    let body = request.body().clone();
    let signable = SignableRequest::new("POST", uri, headers, SignableBody::Bytes(&body)).ok()?;
    let (instructions, _) = sign(signable, &params).ok()?.into_parts();
    instructions.apply_to_request_http1x(&mut request);
    Some(request)
}

/// `None` where an escape is cut, which the oracle reads otherwise.
fn percent_decoded(text: &str) -> Option<Vec<u8>> {
    let mut bytes = text.bytes();
    let mut decoded = Vec::new();
    while let Some(byte) = bytes.next() {
        let mut digit = || char::from(bytes.next()?).to_digit(16);
        decoded.push(if byte == b'%' { u8::try_from(digit()? * 16 + digit()?).ok()? } else { byte });
    }
    Some(decoded)
}

//! ACS3-HMAC-SHA256: the signature of RPC services in a header, over headers, parameters and body.
//!
//! The newer of two signatures: the secret is never used with SHA-1, and the body is covered in every format.
//!
//! ```
//! use std::time::SystemTime;
//! use bytes::Bytes;
//! # mod gatewright {
//! #     pub use gatewright_sign::{self as sign, Secret};
//! #     pub mod credentials { pub use gatewright_sign::Credentials; }
//! # }
//! use gatewright::{Secret, credentials::Credentials, sign::acs3::Signer};
//!
//! let credentials = Credentials::new("testid", Secret::new("testsecret"));
//! let mut request = http::Request::post("https://example.com/?Action=DescribeRegions&Version=2014-05-26")
//!     .body(Bytes::new())?;
//!
//! Signer::new(&credentials, SystemTime::UNIX_EPOCH, "a-number-used-once").sign(&mut request)?;
//!
//! assert_eq!(request.uri().query(), None);
//! assert_eq!(request.headers()["x-acs-action"], "DescribeRegions");
//! let authorization = request.headers()["authorization"].to_str()?;
//! assert!(authorization.starts_with("ACS3-HMAC-SHA256 Credential=testid,SignedHeaders=host;x-acs-action;"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::time::SystemTime;

use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AUTHORIZATION, CONTENT_TYPE, HOST},
};

use super::{
    auth::{Auth, Scheme, Signing},
    canonical::Signable,
    explanation::Explanation,
    host,
    rpc_v1::{
        parameters::{canonical, replace_query, write_time},
        scheme,
    },
    settings::Settings,
    sigv4::{SignError, sensitive},
    texts::{CanonicalRequest, SignedTexts, StringToSign, lossy},
};
use crate::{
    crypto::{HmacSha256, hex, sha256},
    identity::Credentials,
    percent::read_query,
    signatures::{ACS3, SignatureKind},
    wire::Request,
};

pub(super) const ALGORITHM: &str = ACS3.algorithm;
pub(super) const X_ACS_ACTION: HeaderName = HeaderName::from_static("x-acs-action");
pub(super) const X_ACS_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-acs-content-sha256");
pub(super) const X_ACS_DATE: HeaderName = HeaderName::from_static("x-acs-date");
pub(super) const X_ACS_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-acs-security-token");
pub(super) const X_ACS_SIGNATURE_NONCE: HeaderName = HeaderName::from_static("x-acs-signature-nonce");
pub(super) const X_ACS_VERSION: HeaderName = HeaderName::from_static("x-acs-version");

/// Signs requests of one identity at one moment, with one nonce.
///
/// A signature covers `host`, `content-type` and every header whose name begins with `x-acs-`. The parameters `Action`
/// and `Version` become the headers `x-acs-action` and `x-acs-version`, as in the vendor's own clients; all other
/// parameters stay in the query, sorted.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    credentials: &'a Credentials,
    time: SystemTime,
    nonce: &'a str,
}

impl<'a> Signer<'a> {
    /// A signer for one attempt: the service refuses a nonce that it has seen.
    pub fn new(credentials: &'a Credentials, time: SystemTime, nonce: &'a str) -> Self {
        Self { credentials, time, nonce }
    }

    /// Adds `host`, the `x-acs-` headers and `authorization`. Signing again replaces these headers.
    ///
    /// # Errors
    /// [`SignError`] if the request or the signer cannot be written as a signature requires.
    pub fn sign(&self, request: &mut Request) -> Result<(), SignError> {
        self.complete(request)?;
        let names = signed_names(request.headers());
        let texts = self.texts(request, &names);
        let id = self.credentials.access_key_id();
        let (names, signature) = (names.join(";"), texts.signature());
        let value = format!("{ALGORITHM} Credential={id},SignedHeaders={names},Signature={signature}");
        request.headers_mut().insert(AUTHORIZATION, sensitive(value.into_bytes(), "access key id")?);
        Ok(())
    }

    /// The texts that [`sign`](Self::sign) computes its signature from.
    ///
    /// # Errors
    /// The errors of [`sign`](Self::sign).
    pub fn explain(&self, request: &Request) -> Result<Explanation, SignError> {
        let mut request = request.clone();
        self.complete(&mut request)?;
        Ok(self.texts(&request, &signed_names(request.headers())))
    }

    /// Everything that the signature covers.
    fn complete(&self, request: &mut Request) -> Result<(), SignError> {
        let mut parameters = read_query(request.uri().query().unwrap_or_default());
        for (name, header) in [("Action", X_ACS_ACTION), ("Version", X_ACS_VERSION)] {
            if let Some(at) = parameters.iter().position(|(parameter, _)| parameter == name.as_bytes()) {
                let (_, value) = parameters.remove(at);
                request.headers_mut().insert(header, plain(value, name)?);
            }
        }
        replace_query(request.uri_mut(), &canonical(parameters))?;
        if let Some(host) = host::replacement(request.headers(), request.uri())? {
            request.headers_mut().insert(HOST, host);
        }
        let payload_hash = hex(&sha256(request.body()));
        let headers = request.headers_mut();
        headers.insert(X_ACS_CONTENT_SHA256, plain(payload_hash.to_vec(), "hash")?);
        headers.insert(X_ACS_DATE, plain(write_time(self.time)?.into_bytes(), "time")?);
        headers.insert(X_ACS_SIGNATURE_NONCE, plain(self.nonce.into(), "nonce")?);
        // A token of an earlier signature must not remain.
        headers.remove(X_ACS_SECURITY_TOKEN);
        if let Some(token) = self.credentials.session_token() {
            headers.insert(X_ACS_SECURITY_TOKEN, sensitive(token.expose().as_str().into(), "session token")?);
        }
        Ok(())
    }

    fn texts(&self, request: &Request, names: &[&str]) -> Explanation {
        let payload_hash = hex(&sha256(request.body()));
        let canonical_request = canonical_request(&Signable::of(request), names, &payload_hash);
        let string_to_sign = string_to_sign(&canonical_request);
        let signature = hex(&key(self.credentials).sign(string_to_sign.to_string().as_bytes()));
        Explanation { canonical_request, string_to_sign, signature: lossy(&signature) }
    }
}

impl Auth {
    /// ACS3-HMAC-SHA256, in a header: [`acs3`](crate::acs3).
    pub const ACS3: Self = Self::of(&Acs3);
}

scheme!(Acs3, ACS3, |_, explanation: Explanation| explanation.into());

/// The signing key: the secret, unchanged.
pub(super) fn key(credentials: &Credentials) -> HmacSha256 {
    HmacSha256::new(credentials.secret_access_key().expose().as_bytes())
}

/// Names of the headers to sign, sorted.
fn signed_names(headers: &HeaderMap) -> Vec<&str> {
    let is_signed =
        |name: &&HeaderName| **name == HOST || **name == CONTENT_TYPE || name.as_str().starts_with("x-acs-");
    let mut names: Vec<_> = headers.keys().filter(is_signed).map(HeaderName::as_str).collect();
    names.sort_unstable();
    names
}

/// The canonical request.
pub(super) fn canonical_request(
    request: &Signable<'_>,
    names: &[&str],
    payload_hash: &[u8; 64],
) -> CanonicalRequest {
    let line = |name: &&str| {
        let values = request.headers.get_all(*name).iter();
        let mut values: Vec<_> =
            values.map(|value| String::from_utf8_lossy(value.as_bytes()).trim().to_owned()).collect();
        values.sort_unstable();
        ((*name).to_owned(), values.join(","))
    };
    CanonicalRequest {
        method: request.method.to_owned(),
        path: if request.path.is_empty() { "/" } else { request.path }.to_owned(),
        query: canonical(read_query(request.query)),
        headers: names.iter().map(line).collect(),
        has_empty_line: true,
        names: Some(names.join(";")),
        payload_hash: Some(lossy(payload_hash)),
    }
}

/// The string to sign: algorithm and hash of the canonical request.
pub(super) fn string_to_sign(canonical_request: &CanonicalRequest) -> StringToSign {
    let hash = hex(&sha256(canonical_request.to_string().as_bytes()));
    StringToSign {
        algorithm: Some(ALGORITHM.to_owned()),
        hash: Some(lossy(&hash)),
        ..StringToSign::default()
    }
}

/// Makes a header value.
fn plain(text: Vec<u8>, what: &'static str) -> Result<HeaderValue, SignError> {
    HeaderValue::try_from(text).map_err(|_| SignError::Characters(what))
}

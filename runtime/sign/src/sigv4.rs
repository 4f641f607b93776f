//! AWS Signature Version 4.
//!
//! ```
//! use std::time::SystemTime;
//! use bytes::Bytes;
//! # mod gatewright {
//! #     pub use gatewright_sign::{self as sign, Secret};
//! #     pub mod credentials { pub use gatewright_sign::Credentials; }
//! # }
//! use gatewright::{Secret, credentials::Credentials, sign::sigv4::{Scope, Signer}};
//!
//! let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
//! let scope = Scope { region: "us-east-1", service: "storagegateway" };
//! let mut request = http::Request::post("https://storagegateway.us-east-1.amazonaws.com/")
//!     .header("x-amz-target", "StorageGateway_20130630.ListGateways")
//!     .body(Bytes::from_static(b"{}"))?;
//!
//! Signer::new(&credentials, scope, SystemTime::UNIX_EPOCH).sign(&mut request)?;
//!
//! let authorization = request.headers()["authorization"].to_str()?;
//! assert!(authorization.contains("SignedHeaders=host;x-amz-date;x-amz-target"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::{fmt, time::SystemTime};

use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue,
    header::{AUTHORIZATION, HOST},
};

use zeroize::Zeroizing;

use super::{
    canonical::{Covered, Signable},
    explanation::Texts,
    headers::SignedHeaders,
    host, keys,
    stamp::Stamp,
};
pub use super::{
    explanation::Explanation,
    keys::SigningKeys,
    presigned::Presigned,
    settings::{ContentHash, PathEncoding, PathNormalization, SessionToken, Settings},
};
use crate::{
    crypto::{hex, sha256},
    identity::Credentials,
    signatures::SIGV4,
};

pub(super) const ALGORITHM: &str = SIGV4.algorithm;
pub(super) const X_AMZ_DATE: HeaderName = HeaderName::from_static("x-amz-date");
pub(super) const X_AMZ_SECURITY_TOKEN: HeaderName = HeaderName::from_static("x-amz-security-token");
pub(super) const X_AMZ_CONTENT_SHA256: HeaderName = HeaderName::from_static("x-amz-content-sha256");

/// The region and service that a signature is valid for. With the day, they are the credential scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scope<'a> {
    /// Region: `us-east-1`.
    pub region: &'a str,
    /// Signing name of the service: `storagegateway`.
    pub service: &'a str,
}

impl Scope<'_> {
    pub(super) fn write(&self, out: &mut Vec<u8>, stamp: &Stamp) {
        let [region, service] = [self.region, self.service].map(str::as_bytes);
        for part in [&stamp.day(), b"/".as_slice(), region, b"/", service, b"/aws4_request"] {
            out.extend_from_slice(part);
        }
    }
}

/// Signs requests of one identity for one scope at one moment.
///
/// A signature covers every header of the request except those that proxies change, such as `user-agent`.
#[derive(Clone, Copy, Debug)]
pub struct Signer<'a> {
    pub(super) credentials: &'a Credentials,
    pub(super) scope: Scope<'a>,
    time: SystemTime,
    pub(super) settings: Settings,
    keys: Option<&'a SigningKeys>,
}

impl<'a> Signer<'a> {
    /// A signer with the default settings, which derives the key for each signature.
    pub fn new(credentials: &'a Credentials, scope: Scope<'a>, time: SystemTime) -> Self {
        Self { credentials, scope, time, settings: Settings::default(), keys: None }
    }

    /// Sets how the service's signatures differ from the default.
    #[must_use]
    pub fn settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Caches derived keys, which more than halves the time of a signature.
    #[must_use]
    pub fn keys(mut self, keys: &'a SigningKeys) -> Self {
        self.keys = Some(keys);
        self
    }

    /// Adds `host`, `x-amz-date`, the headers that the settings require, and `authorization`. Signing again replaces
    /// these headers.
    ///
    /// # Errors
    /// [`SignError`] if the request or the signer cannot be written as a signature requires.
    pub fn sign<B: AsRef<[u8]>>(&self, request: &mut http::Request<B>) -> Result<(), SignError> {
        let stamp = self.stamp()?;
        if let Some(host) = host::replacement(request.headers(), request.uri())? {
            request.headers_mut().insert(HOST, host);
        }
        let payload_hash = hex(&sha256(request.body().as_ref()));
        self.add_headers(request.headers_mut(), &stamp, &payload_hash)?;
        let headers = SignedHeaders::all(request.headers());
        let texts = self.texts(&self.covered(&Signable::of(request), &headers, &payload_hash), &stamp);
        let authorization = self.authorization(&texts, &self.signature(&texts, &stamp))?;
        request.headers_mut().insert(AUTHORIZATION, authorization);
        if self.settings.session_token == SessionToken::Unsigned {
            self.add_token(request.headers_mut())?;
        }
        Ok(())
    }

    /// The texts that [`sign`](Self::sign) computes its signature from. The request must have a `host` header.
    ///
    /// # Errors
    /// The errors of [`sign`](Self::sign).
    pub fn explain(&self, request: &Signable<'_>) -> Result<Explanation, SignError> {
        let stamp = self.stamp()?;
        if !request.headers.contains_key(HOST) {
            return Err(SignError::Host);
        }
        let payload_hash = hex(&sha256(request.body));
        let mut headers = request.headers.clone();
        self.add_headers(&mut headers, &stamp, &payload_hash)?;
        let signed = SignedHeaders::all(&headers);
        let request = Signable { headers: &headers, ..*request };
        let covered = self.covered(&request, &signed, &payload_hash);
        let texts = self.texts(&covered, &stamp);
        Ok(texts.explain(&covered, &stamp, &self.signature(&texts, &stamp)))
    }

    pub(super) fn stamp(&self) -> Result<Stamp, SignError> {
        Stamp::from_time(self.time).ok_or(SignError::Time)
    }

    pub(super) fn covered<'c>(
        &self,
        request: &'c Signable<'c>,
        headers: &'c SignedHeaders<'c>,
        payload_hash: &'c [u8],
    ) -> Covered<'c> {
        Covered { request, headers, payload_hash, settings: self.settings }
    }

    pub(super) fn texts(&self, covered: &Covered<'_>, stamp: &Stamp) -> Texts {
        Texts::new(covered, stamp, &self.scope)
    }

    pub(super) fn signature(&self, texts: &Texts, stamp: &Stamp) -> [u8; 64] {
        let secret = self.credentials.secret_access_key().expose();
        let key = match self.keys {
            Some(keys) => keys.get(secret, stamp.day(), &self.scope),
            None => keys::derive(secret, stamp.day(), &self.scope),
        };
        hex(&key.sign(texts.string_to_sign()))
    }

    /// Adds the headers that are signed.
    fn add_headers(
        &self,
        headers: &mut HeaderMap,
        stamp: &Stamp,
        payload_hash: &[u8; 64],
    ) -> Result<(), SignError> {
        let value = |bytes| HeaderValue::from_bytes(bytes).expect("digits and letters are a header value");
        headers.insert(X_AMZ_DATE, value(stamp.as_bytes()));
        if self.settings.content_hash == ContentHash::Sent {
            headers.insert(X_AMZ_CONTENT_SHA256, value(payload_hash));
        }
        // A token of an earlier signature must not remain.
        headers.remove(X_AMZ_SECURITY_TOKEN);
        if self.settings.session_token == SessionToken::Signed {
            self.add_token(headers)?;
        }
        Ok(())
    }

    fn add_token(&self, headers: &mut HeaderMap) -> Result<(), SignError> {
        if let Some(token) = self.credentials.session_token() {
            headers.insert(X_AMZ_SECURITY_TOKEN, sensitive(token.expose().as_str().into(), "session token")?);
        }
        Ok(())
    }

    fn authorization(&self, texts: &Texts, signature: &[u8; 64]) -> Result<HeaderValue, SignError> {
        let value = [
            b"AWS4-HMAC-SHA256 Credential=".as_slice(),
            self.credentials.access_key_id().as_bytes(),
            b"/",
            texts.scope(),
            b", SignedHeaders=",
            texts.header_names(),
            b", Signature=",
            signature,
        ];
        sensitive(value.concat(), "access key id, region or service")
    }
}

/// Reads the value of `x-amz-date`: `20130524T000000Z`.
pub fn parse_time(text: &str) -> Option<SystemTime> {
    Stamp::parse(text).map(|stamp| stamp.time())
}

/// Makes a header value that `Debug` does not show and whose last clone overwrites it.
pub(super) fn sensitive(bytes: Vec<u8>, what: &'static str) -> Result<HeaderValue, SignError> {
    let mut value = HeaderValue::from_maybe_shared(Bytes::from_owner(Zeroizing::new(bytes)))
        .map_err(|_| SignError::Characters(what))?;
    value.set_sensitive(true);
    Ok(value)
}

/// Why a request cannot be signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignError {
    /// The time is outside the years 1970 to 9999.
    Time,
    /// Neither the request's URI nor its headers name the host.
    Host,
    /// The named part has characters that a header cannot hold.
    Characters(&'static str),
    /// The validity of a presigned URL is not between a second and a week.
    Expiry,
    /// With its parameters, the URL is too long or invalid.
    Target,
}

impl fmt::Display for SignError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the request cannot be signed: ")?;
        match self {
            Self::Time => f.write_str("the clock is outside the years 1970 to 9999"),
            Self::Host => f.write_str("no host in its URI or headers"),
            Self::Characters(what) => write!(f, "the {what} has characters that a header cannot hold"),
            Self::Expiry => f.write_str("a presigned URL is valid for 1 s to 7 days"),
            Self::Target => f.write_str("with its parameters, the URL is too long or malformed"),
        }
    }
}

impl std::error::Error for SignError {}

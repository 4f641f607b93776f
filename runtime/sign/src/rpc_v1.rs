//! Signature version 1.0 of RPC services: HMAC-SHA1 over all parameters, sorted.
//!
//! ```
//! use std::time::SystemTime;
//! use bytes::Bytes;
//! # mod gatewright {
//! #     pub use gatewright_sign::{self as sign, Secret};
//! #     pub mod credentials { pub use gatewright_sign::Credentials; }
//! # }
//! use gatewright::{Secret, credentials::Credentials, sign::rpc_v1::Signer};
//!
//! let credentials = Credentials::new("testid", Secret::new("testsecret"));
//! let mut request = http::Request::post("https://example.com/?Action=DescribeRegions&Version=2014-05-26")
//!     .body(Bytes::new())?;
//!
//! Signer::new(&credentials, SystemTime::UNIX_EPOCH, "a-number-used-once").sign(&mut request)?;
//!
//! assert!(request.uri().query().is_some_and(|query| query.contains("&Signature=")));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod parameters;

use std::{fmt, time::SystemTime};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use self::parameters::{ADDED, canonical, read_form, replace_query, write_time};
use super::{
    auth::{Auth, Scheme, Signing},
    rpc_text::{canonical_request, string_to_sign},
    settings::Settings,
    sigv4::SignError,
    texts::SignedTexts,
};
use crate::{
    crypto::HmacSha1,
    identity::Credentials,
    percent::{Pair, read_query},
    signatures::{RPC_V1, SignatureKind},
    wire::Request,
};

/// Signs requests of one identity at one moment, with one nonce.
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

    /// Puts the common parameters and the signature into the query, sorted. Parameters in a form in the body are signed
    /// too, and stay there.
    ///
    /// # Errors
    /// [`SignError`] if the time cannot be written, or the query becomes too long for a URI.
    pub fn sign(&self, request: &mut Request) -> Result<(), SignError> {
        let texts = self.explain(request)?;
        let mut pairs = self.complete(read_query(request.uri().query().unwrap_or_default()))?;
        pairs.push((b"Signature".to_vec(), texts.signature.into_bytes()));
        replace_query(request.uri_mut(), &canonical(pairs))
    }

    /// The texts that [`sign`](Self::sign) computes its signature from.
    ///
    /// # Errors
    /// The errors of [`sign`](Self::sign).
    pub fn explain(&self, request: &Request) -> Result<Explanation, SignError> {
        let mut pairs = self.complete(read_query(request.uri().query().unwrap_or_default()))?;
        pairs.extend(read_form(request.headers(), request.body()));
        Ok(Explanation::new(request.method().as_str(), canonical(pairs), self.credentials))
    }

    /// Adds the common parameters of the signature.
    fn complete(&self, mut pairs: Vec<Pair>) -> Result<Vec<Pair>, SignError> {
        let time = write_time(self.time)?;
        let token = self.credentials.session_token().map(|token| ("SecurityToken", token.expose().as_str()));
        let ours = [
            ("AccessKeyId", self.credentials.access_key_id()),
            ("SignatureMethod", RPC_V1.algorithm),
            ("SignatureNonce", self.nonce),
            ("SignatureVersion", "1.0"),
            ("Timestamp", &time),
        ];
        pairs.retain(|(name, _)| !ADDED.iter().any(|added| added.as_bytes() == name));
        pairs.extend(
            ours.into_iter().chain(token).map(|(name, value)| (name.into(), value.as_bytes().to_vec())),
        );
        Ok(pairs)
    }
}

impl Auth {
    /// Signature version 1.0 of RPC services, in the query: [`rpc_v1`](crate::rpc_v1).
    pub const RPC_V1: Self = Self::of(&RpcV1);
}

/// Declares a kind of signature of RPC services, whose `Signer` takes credentials, time and nonce; `$texts` are the signed
/// texts by its explanation of a request.
macro_rules! scheme {
    ($scheme:ident, $kind:expr, $texts:expr) => {
        #[derive(Debug)]
        struct $scheme;

        impl $scheme {
            fn signer<'a>(signing: &Signing<'a>) -> Signer<'a> {
                Signer::new(signing.credentials, signing.time, signing.nonce)
            }
        }

        impl Scheme for $scheme {
            fn kind(&self) -> &'static SignatureKind {
                $kind
            }

            fn sign(
                &self,
                _: Settings,
                signing: &Signing<'_>,
                request: &mut Request,
            ) -> Result<(), SignError> {
                Self::signer(signing).sign(request)
            }

            fn stamp(&self, time: SystemTime, request: &mut Request) -> Result<(), SignError> {
                crate::rpc_v1::stamp(time, request)
            }

            fn explain(
                &self,
                _: Settings,
                signing: &Signing<'_>,
                request: &Request,
            ) -> Result<SignedTexts, SignError> {
                Self::signer(signing).explain(request).map(|explanation| $texts(request, explanation))
            }
        }
    };
}
pub(super) use scheme;

scheme!(RpcV1, RPC_V1, |request: &Request, explanation: Explanation| {
    SignedTexts::new(canonical_request(request.method().as_str(), explanation.canonical_query), None)
});

/// Adds the time to a request without a signature, for both kinds of signature, as the vendor's own clients do.
pub(super) fn stamp(time: SystemTime, request: &mut Request) -> Result<(), SignError> {
    const NAME: &str = "Timestamp";
    let mut pairs = read_query(request.uri().query().unwrap_or_default());
    pairs.retain(|(name, _)| name != NAME.as_bytes());
    pairs.push((NAME.into(), write_time(time)?.into_bytes()));
    replace_query(request.uri_mut(), &canonical(pairs))
}

/// The signing key: the secret, followed by `&`.
pub(super) fn key(credentials: &Credentials) -> HmacSha1 {
    let key = Zeroizing::new([credentials.secret_access_key().expose(), "&"].concat());
    HmacSha1::new(key.as_bytes())
}

/// The texts that a signature was computed from. They may contain the session token; `Debug` shows only the signature.
#[derive(Clone, PartialEq, Eq)]
pub struct Explanation {
    canonical_query: String,
    string_to_sign: String,
    signature: String,
}

impl Explanation {
    pub(super) fn new(method: &str, canonical_query: String, credentials: &Credentials) -> Self {
        let string_to_sign = string_to_sign(method, &canonical_query);
        let signature = STANDARD.encode(key(credentials).sign(string_to_sign.as_bytes()));
        Self { canonical_query, string_to_sign, signature }
    }

    /// Every parameter but the signature, sorted and percent-encoded.
    pub fn canonical_query(&self) -> &str {
        &self.canonical_query
    }

    /// Method, path and canonical query, percent-encoded once more.
    pub fn string_to_sign(&self) -> &str {
        &self.string_to_sign
    }

    /// The signature in Base64, before it is percent-encoded.
    pub fn signature(&self) -> &str {
        &self.signature
    }
}

impl fmt::Debug for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation").field("signature", &self.signature).finish_non_exhaustive()
    }
}

//! Signatures of cloud requests: pure functions of request, credentials, scope, time and nonce.
//!
//! [`sign`](sign()) signs a request for AWS in one call. [`sigv4`] has all of AWS Signature Version 4, in headers and
//! in presigned URLs; with the feature `verify`, `verify` checks such signatures as a service does. `rpc_v1` and
//! `acs3`, with the feature `rpc-v1`, sign for Alibaba Cloud's RPC services, and `rpc_verify` checks both. [`Auth`] is
//! any of these signatures, for clients that choose one.
//!
//! Times and randomness are arguments: no function reads a clock. The crate has no HTTP client; a request is an
//! [`http::Request`], which you send with any client.
//!
//! This crate is also a part of `gatewright-runtime`. The modules [`secrets`] and [`crypto`] and some methods of
//! [`Auth`] are public for that crate only, and may change with any release.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs, clippy::exhaustive_enums, clippy::indexing_slicing)]
#![forbid(unsafe_code)]
#![allow(clippy::missing_panics_doc, reason = "an `expect` states why it cannot fail")]

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs", feature = "rust-crypto")))]
compile_error!(
    "gatewright needs cryptography: enable the feature `ring` (the default), `aws-lc-rs` or `rust-crypto`"
);

#[cfg(feature = "rpc-v1")]
pub mod acs3;
mod auth;
mod canonical;
pub mod crypto;
mod explanation;
mod headers;
mod host;
pub mod identity;
mod keys;
mod pasted;
mod presigned;
mod rpc_text;
#[cfg(feature = "rpc-v1")]
pub mod rpc_v1;
#[cfg(all(feature = "rpc-v1", feature = "verify"))]
pub mod rpc_verify;
pub mod secrets;
mod settings;
mod signed_request;
pub mod sigv4;
mod stamp;
mod texts;
#[cfg(feature = "verify")]
pub mod verify;

use std::time::SystemTime;

pub use auth::{Auth, Signing};
pub use canonical::Signable;
pub use signed_request::SignedRequest;
pub use signed_request::parse_time;
pub use stamp::Stamp;
pub use texts::{CanonicalRequest, SignedTexts, StringToSign};

use self::sigv4::{Scope, SignError, Signer};
pub use gatewright_core::secret::Secret;
use gatewright_core::{civil, mask, percent, secret, signatures, text, time, vendor, wire};
pub use identity::Credentials;

/// Signs a request for your own HTTP client: AWS Signature Version 4, in headers.
///
/// Send the signed request unchanged: to this URL, with these headers and this body, by a client that does not encode
/// the path again. The path must already be percent-encoded; the signed `Host` is the header if there is one, else the
/// URL's host. Sign again for each attempt: a signature is valid for five minutes.
///
/// ```
/// use std::time::SystemTime;
/// # mod gatewright {
/// #     pub use gatewright_sign::{self as sign, Secret};
/// #     pub mod credentials { pub use gatewright_sign::Credentials; }
/// # }
/// use gatewright::{Secret, credentials::Credentials, sign::{self, sigv4::Scope}};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", Secret::new("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"));
/// let scope = Scope { region: "eu-west-1", service: "execute-api" };
/// let mut request = http::Request::post("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/pets")
///     .header("content-type", "application/json")
///     .body(r#"{"name": "Rex"}"#)?;
///
/// sign::sign(&mut request, &credentials, scope, SystemTime::UNIX_EPOCH)?;
///
/// let authorization = request.headers()["authorization"].to_str()?;
/// assert!(authorization.contains("SignedHeaders=content-type;host;x-amz-date"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SignError`] if the request cannot be written as a signature requires.
pub fn sign<B: AsRef<[u8]>>(
    request: &mut http::Request<B>,
    credentials: &Credentials,
    scope: Scope<'_>,
    time: SystemTime,
) -> Result<(), SignError> {
    Signer::new(credentials, scope, time).sign(request)
}

/// The examples of the README are compiled as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

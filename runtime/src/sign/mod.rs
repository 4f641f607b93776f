//! Signatures: pure functions of request, credentials, scope, time and nonce.
//!
//! [`sigv4`] signs for AWS, as a header or as a presigned URL; with the feature `fake`, `verify` is the other side of it.
//! `rpc_v1` and `acs3`, behind the feature `rpc-v1`, sign for RPC services, and `rpc_verify` is the other side of
//! both. [`Auth`] is any of them, as a client uses it.

#[cfg(feature = "rpc-v1")]
pub mod acs3;
mod auth;
mod canonical;
mod explanation;
mod headers;
mod host;
mod keys;
mod pasted;
mod presigned;
mod rpc_text;
#[cfg(feature = "rpc-v1")]
pub mod rpc_v1;
#[cfg(feature = "fake")]
pub mod rpc_verify;
mod settings;
mod signed_request;
pub mod sigv4;
mod stamp;
mod texts;
#[cfg(feature = "fake")]
pub mod verify;

use std::time::SystemTime;

pub use auth::Auth;
pub(crate) use auth::Signing;
pub use canonical::Signable;
pub use signed_request::SignedRequest;
pub(crate) use signed_request::parse_time;
#[cfg(feature = "fake")]
pub(crate) use stamp::Stamp;
pub use texts::{CanonicalRequest, SignedTexts, StringToSign};

use self::sigv4::{Scope, SignError, Signer};
use crate::identity::Credentials;

/// Signs a request that you send by an HTTP client of your own: AWS Signature Version 4, in headers.
///
/// Send it as it is then: to this URL, with these headers and this body, by a client that does not encode the path once
/// more. The path must already be percent-encoded; `Host` is signed as in the headers, else as in the URL
/// has it. Sign again for each attempt: a signature is valid for five minutes.
///
/// ```
/// use std::time::SystemTime;
/// use gatewright_runtime::{credentials::Credentials, sign, sign::sigv4::Scope};
///
/// let credentials = Credentials::new("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY");
/// let scope = Scope { region: "eu-west-1", service: "execute-api" };
/// let mut request = http::Request::post("https://a1b2c3d4e5.execute-api.eu-west-1.amazonaws.com/prod/pets")
///     .header("content-type", "application/json")
///     .body(r#"{"name": "Rex"}"#)?;
///
/// sign(&mut request, &credentials, scope, SystemTime::UNIX_EPOCH)?;
///
/// let authorization = request.headers()["authorization"].to_str()?;
/// assert!(authorization.contains("SignedHeaders=content-type;host;x-amz-date"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`SignError`] where the request cannot be brought into the form of a signature.
pub fn sign<B: AsRef<[u8]>>(
    request: &mut http::Request<B>,
    credentials: &Credentials,
    scope: Scope<'_>,
    time: SystemTime,
) -> Result<(), SignError> {
    Signer::new(credentials, scope, time).sign(request)
}

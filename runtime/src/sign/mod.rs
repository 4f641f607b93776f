//! Signatures: pure functions of request, credentials, scope, time and nonce.
//!
//! [`sigv4`] signs for AWS, as a header or as a presigned URL; with the feature `fake`, `verify` is the other side of it.
//! `rpc_v1` and `acs3`, behind features of these names, sign for RPC services, and `rpc_verify` is the other side of
//! both. [`Auth`] is any of them, as a client uses it.

#[cfg(feature = "acs3")]
pub mod acs3;
#[cfg(all(feature = "acs3", feature = "fake"))]
mod acs3_claim;
mod auth;
mod canonical;
#[cfg(feature = "fake")]
mod claim;
mod encoding;
mod explanation;
mod headers;
mod host;
mod keys;
#[cfg(feature = "rpc-v1")]
pub(crate) mod parameters;
mod presigned;
#[cfg(feature = "rpc-v1")]
pub mod rpc_v1;
#[cfg(all(feature = "rpc-v1", feature = "fake"))]
pub mod rpc_verify;
mod settings;
pub mod sigv4;
mod stamp;
#[cfg(feature = "fake")]
pub mod verify;

pub use auth::Auth;
pub(crate) use auth::Signing;
pub use canonical::Signable;
pub(crate) use encoding::{decode, encode_query};
#[cfg(feature = "aliyun-rpc")]
pub(crate) use encoding::{encode, is_unreserved};

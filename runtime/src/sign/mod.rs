//! Signatures: pure functions of request, credentials, scope and time.
//!
//! [`sigv4`] signs for AWS, as a header or as a presigned URL; with the feature `fake`, `verify` is the other side of it.

mod canonical;
#[cfg(feature = "fake")]
mod claim;
mod encoding;
mod explanation;
mod headers;
mod host;
mod keys;
mod presigned;
mod settings;
pub mod sigv4;
mod stamp;
#[cfg(feature = "fake")]
pub mod verify;

pub use canonical::Signable;
pub(crate) use encoding::encode_query;

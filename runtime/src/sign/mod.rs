//! Signatures: pure functions of request, credentials, scope and time.
//!
//! [`sigv4`] signs for AWS, as a header or as a presigned URL; [`verify`](mod@verify) is the other side of it.

mod canonical;
mod claim;
mod explanation;
mod host;
mod keys;
mod presigned;
pub mod sigv4;
mod stamp;
pub mod verify;

pub use canonical::{PathEncoding, PathNormalization, Signable};

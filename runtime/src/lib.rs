//! The handwritten base of Gatewright's clients.
//!
//! A request struct is encoded ([`protocol`]), signed ([`sign`]), sent ([`transport`]) and its answer decoded into a
//! response struct or an [`Error`]; the [`exchange`] between them decides about attempts. Nothing here knows a service:
//! what differs is said by the tables that the generated crate passes in ([`ServiceInfo`]).
//!
//! Users reach what they need of this crate through `gatewright`.

#![deny(missing_docs, clippy::exhaustive_enums, clippy::indexing_slicing)]
#![forbid(unsafe_code)]

#[cfg(not(any(feature = "ring", feature = "aws-lc-rs")))]
compile_error!("gatewright needs cryptography: enable the feature `ring` (the default) or `aws-lc-rs`");

pub mod context;
pub mod credentials;
mod crypto;
pub mod endpoint;
mod service;
pub mod sign;
pub mod time;
pub mod transport;

use std::{future::Future, pin::Pin};

pub use service::{Category, ServiceInfo, WireError};

/// A future that a trait object returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

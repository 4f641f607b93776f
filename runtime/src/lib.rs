//! The handwritten base of Gatewright's clients.
//!
//! A request struct is encoded ([`protocol`]), signed ([`mod@sign`]), sent ([`transport`]), and the response decoded into a
//! response struct or an [`Error`]; a sans-I/O state machine decides about attempts. Nothing here names a service: what
//! differs is in the types and tables of the generated crate ([`Operation`], [`ServiceInfo`]).
//!
//! Users reach what they need of this crate through `gatewright`.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs, clippy::exhaustive_enums, clippy::indexing_slicing)]
#![forbid(unsafe_code)]
// A feature gates public items, dependencies, and modules that take time to compile; what only they use is not gated.
#![cfg_attr(
    not(all(
        feature = "aliyun-rpc",
        feature = "async",
        feature = "blocking",
        feature = "credentials",
        feature = "raw-http"
    )),
    allow(
        dead_code,
        unnameable_types,
        unreachable_pub,
        unused_imports,
        unused_macros,
        reason = "used by items of disabled features"
    )
)]

#[cfg(not(any(feature = "async-driver", feature = "blocking-driver")))]
compile_error!(
    "gatewright needs a way to make calls: enable the feature `async` (the default) or `blocking`, or `async-driver` or \
     `blocking-driver` with a transport of your own"
);

mod builder;
mod call;
mod client;
pub mod context;
pub mod credentials;
mod driver;
#[cfg(feature = "dynamic")]
pub mod dynamic;
pub mod error;
mod exchange;
pub mod hook;
mod operation;
mod pages;
mod profile;
mod provider;
#[cfg(feature = "raw-http")]
pub mod raw_http;
pub mod retry;
pub mod settings;
/// The context of tests: a link to a file of the crate `gatewright-fake`, which depends on this crate. Packages have a copy.
#[cfg(test)]
#[allow(dead_code, unreachable_pub, reason = "unit tests need some of it")]
mod test_context;
#[cfg_attr(not(feature = "tracing"), path = "trace/off.rs")]
mod trace;
pub mod transport;
pub mod wait;

use std::{future::Future, pin::Pin};

/// Bodies and other bytes of requests and responses.
pub use bytes;
/// Requests, responses, URLs and headers.
pub use http;

pub use builder::{BuildError, ClientBuilder, ServiceClient};
pub use call::{Call, WithMetadata};
pub use client::Client;
pub use error::Error;
#[doc(hidden)]
pub use gatewright_core::serde_core;
use gatewright_core::{body, checksum, mask, text, vendor, wire, words};
pub use gatewright_core::{
    codec::{self, WireName},
    endpoint, hosts,
    protocol::{self, OperationInfo},
    secret::{Secret, Wipe},
    time, validate, wire_name,
};
pub use gatewright_explain::{
    self as explain, Explanation,
    service::{Category, ServiceInfo, WireError},
};
use gatewright_explain::{known, service};
pub use gatewright_sign::{self as sign, sign};
use gatewright_sign::{crypto, identity, secrets};
pub use operation::{
    ErrorMembers, Operation, OperationError, PagesRead, Paginated, Service, ServiceErrorCode,
};
#[cfg(feature = "blocking-driver")]
pub use pages::iterator::{BlockingItems, BlockingPages};
#[cfg(feature = "async-driver")]
pub use pages::stream::{Items, Pages};
/// Any JSON value, for members without a type.
pub use serde_json::Value as Document;
#[cfg(feature = "dynamic")]
pub use {
    dynamic::{DynamicCall, DynamicError, DynamicErrorKind, DynamicOperation},
    gatewright_core::sample,
};

/// A future that a trait object returns.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The examples of the README are compiled as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

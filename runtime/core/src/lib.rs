//! The lowest layer of Gatewright's runtime, without I/O and without cryptography.
//!
//! Values to the wire and back ([`codec`], [`protocol`]), constraints ([`validate`]), addresses ([`endpoint`], [`hosts`]),
//! requests and responses as values ([`wire`]), and the texts and times that all of them share.
//!
//! This crate is a part of `gatewright-runtime`, which re-exports what programs need. What is public here alone may
//! change with any release.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs, clippy::exhaustive_enums, clippy::indexing_slicing)]
#![forbid(unsafe_code)]
#![cfg_attr(not(feature = "xml"), allow(dead_code, reason = "protocols with XML use what others do not"))]
#![allow(clippy::missing_panics_doc, reason = "an `expect` states why it cannot fail")]

pub mod body;
pub mod checksum;
pub mod civil;
pub mod codec;
pub mod endpoint;
pub mod hosts;
pub mod mask;
pub mod percent;
pub mod protocol;
pub mod sample;
pub mod secret;
pub mod signatures;
pub mod text;
pub mod time;
pub mod validate;
pub mod vendor;
pub mod wire;
pub mod words;

#[doc(hidden)]
pub use serde_core;

/// The examples of the README are compiled as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

//! Explanations of failed calls: causes and remedies, from evidence alone.
//!
//! [`Evidence`] is plain data without secrets: from a failed call, from a pasted response, or read from JSON.
//! [`Evidence::explain`] returns the [`Explanation`]: causes and remedies, likeliest first, from the evidence and the
//! service's model ([`ServiceInfo`]).
//!
//! This crate is a part of `gatewright-runtime`, whose errors convert themselves to evidence. The modules [`known`] and
//! [`service`] are public for that crate and for generated code.

#![cfg_attr(docsrs, feature(doc_cfg))]
#![deny(missing_docs, clippy::exhaustive_enums, clippy::indexing_slicing)]
#![forbid(unsafe_code)]

mod body_form;
mod denied;
mod error_response;
mod evidence;
mod explanation;
mod host;
pub mod kept;
pub mod known;
pub mod known_responses;
mod outcome;
mod pasted;
mod received;
mod request;
mod saved;
pub mod service;
pub mod signature;
mod status;
#[rustfmt::skip]
#[allow(clippy::too_many_lines, reason = "tables")]
mod tables;
pub mod transport;

use self::explanation::{add, lines};
pub use self::{
    evidence::{Body, ClockEvidence, Evidence, Outcome, Refused, ResponseEvidence, SourceTried},
    explanation::{Explanation, Repair},
    host::is_private,
    kept::beginning,
    known::{KnownBy, KnownError},
    request::RequestFacts,
    saved::SavedError,
    service::{Category, ServiceInfo, WireError},
};
pub use gatewright_core::body::BodyForm;
use gatewright_core::{
    body, endpoint, hosts, mask, percent, protocol, signatures, text, time, validate, vendor, wire,
};
use gatewright_sign::{self as sign, identity, secrets};

/// The examples of the README are compiled as doc tests.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

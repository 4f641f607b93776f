//! Explanations of calls without a response, from real failures on loopback.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod connections;
mod evidence;
mod responses;
mod support;
mod tls;

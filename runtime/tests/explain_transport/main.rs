//! Why no answer came, told by what really happens on loopback.
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod answers;
mod connections;
mod evidence;
mod support;
mod tls;

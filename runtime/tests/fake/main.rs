//! The fake, tried with a service of two operations.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

#[macro_use]
mod library;

mod checks;
mod context;
mod control;
mod depot;
mod misbehaviour;
mod query_codes;
mod routes;
mod script;

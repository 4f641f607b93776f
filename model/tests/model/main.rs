//! Models: whole ones, broken ones, the models of this workspace, and their schema.

#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod bounds;
mod broken;
mod fixture;
mod known_responses;
mod patterns;
mod query;
mod raw_http;
mod rest;
mod rpc;
mod sample;
mod schema;
mod services;
mod texts;
mod waiters;
mod whole;

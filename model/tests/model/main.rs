//! Models: whole ones, broken ones, those of this workspace, and their schema.

#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod broken;
mod fixture;
mod patterns;
mod rpc;
mod schema;
mod services;
mod whole;

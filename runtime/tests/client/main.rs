//! The call loop, against a transport that plays a script, by both drivers.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[macro_use]
#[path = "../stage/mod.rs"]
mod stage;

mod adaptive;
mod attempts;
mod auth;
mod bindings;
mod cancel;
mod clock;
#[path = "../collector/mod.rs"]
mod collector;
mod compression;
#[path = "../drivers/mod.rs"]
#[expect(dead_code, reason = "shared by several tests")]
mod drivers;
mod errors;
mod hooks;
mod known;
#[path = "../leaks/mod.rs"]
mod leaks;
mod outside;
mod own;
mod pages;
#[path = "../drivers/paused.rs"]
mod paused;
mod properties;
mod request;
mod retries;
mod rpc;
mod rpc_credentials;
mod secrets;
mod tracing;
mod waits;

use stage::{Act, Move};

const OK: Act = Act::Respond(200, r#"{"Names":["a"]}"#);

fn move_() -> Move {
    Move { prop: Some("chair".to_owned()), token: None }
}

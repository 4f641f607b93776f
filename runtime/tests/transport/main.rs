//! The default transports against servers on loopback: received requests, and errors.

#![cfg(test)]

mod authority;
#[path = "../drivers/mod.rs"]
#[expect(dead_code, reason = "shared by several tests")]
mod drivers;
mod exchange;
mod fault;
mod identity;
mod pool;
mod proxy;
mod support;
mod timeout;
mod tls;

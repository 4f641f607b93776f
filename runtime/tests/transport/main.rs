//! The default transports against servers on loopback: what arrives, and what a failure says.

#![cfg(test)]

mod authority;
mod exchange;
mod fault;
mod pool;
mod proxy;
mod support;
mod timeout;
mod tls;

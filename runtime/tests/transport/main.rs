//! The default transport against servers on loopback: what arrives, and what a failure says.

#![cfg(test)]

mod exchange;
mod fault;
mod pool;
mod proxy;
mod support;
mod tls;

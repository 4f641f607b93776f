//! The command line of Gatewright: the verbs of the program `gatewright`.
//!
//! Without features, it only prints, and reports failures. The feature `arguments` adds command lines with the arguments of the
//! verbs, `verbs` the verbs for any services, and `services` the services of the crate `gatewright`.

#![deny(clippy::print_stderr, clippy::print_stdout)] // `output` prints, without a panic when nobody reads
#![forbid(unsafe_code)]

#[cfg(feature = "services")]
extern crate self as gatewright_cli; // as the list of services calls it in every program

#[cfg(feature = "arguments")]
pub mod arguments;
#[cfg(feature = "arguments")]
pub mod command;
pub mod failure;
#[cfg(feature = "arguments")]
pub mod model;
pub mod output;

#[cfg(feature = "verbs")]
mod call;
#[cfg(feature = "verbs")]
mod credentials;
#[cfg(feature = "verbs")]
mod explain;
#[cfg(feature = "services")]
#[rustfmt::skip]
#[path = "services/registry.rs"]
mod registry;
#[cfg(feature = "verbs")]
mod serve;
#[cfg(feature = "verbs")]
pub mod services;
#[cfg(feature = "verbs")]
mod source;

#[cfg(feature = "services")]
pub use self::registry::SERVICES;
#[cfg(feature = "verbs")]
pub use self::{
    call::run as call, credentials::run as credentials, explain::run as explain, serve::run as serve,
};

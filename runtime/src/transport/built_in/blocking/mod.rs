//! The transport that blocks the thread. HTTP/1.1 and rustls run on the sockets of the standard library.
//!
//! HTTP is read by `httparse`, which hyper uses too, so that both transports accept and reject the same heads.

mod body;
mod client;
mod connect;
mod connection;
mod head;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod pieces;
mod stream;

pub use self::client::BlockingHttpTransport;

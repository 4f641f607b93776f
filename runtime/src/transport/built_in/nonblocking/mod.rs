//! The transport for async code: hyper and rustls on tokio's sockets.

#[doc(hidden)]
pub mod adapt;
mod client;
mod connect;
mod connection;
mod stream;

pub use self::client::HttpTransport;

//! The transport for async code: hyper and rustls on tokio's sockets.

pub mod adapt;
mod client;
mod connect;
mod connection;
mod stream;

pub use self::client::HttpTransport;

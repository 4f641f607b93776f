//! The built-in transports: HTTP/1.1, plain or over TLS with rustls.

#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod builder;
mod certificates;
mod client_certificate;
mod connect;
mod cryptography;
mod fault;
mod forward;
mod no_proxy;
#[cfg(feature = "async")]
mod nonblocking;
mod origin;
mod pem;
mod pool;
mod proxy;
mod tls;
mod tunnel;

#[cfg(not(feature = "async"))]
use std::time::Instant;

/// Tokio's clock if it is available, since tests pause it.
#[cfg(feature = "async")]
use tokio::time::Instant;

#[cfg(feature = "blocking")]
pub use self::blocking::*;
#[cfg(feature = "async")]
pub use self::nonblocking::{HttpTransport, adapt};
pub(crate) use self::tls::Authorities;
pub use self::{builder::HttpTransportBuilder, cryptography::Cryptography};
use super::{
    Awaited, HostPort, IncompleteBody, MetadataRequest, Peer, Reached, Request, RequestFault, Response,
    SettingError, TimedOut, TransportError, TransportErrorKind,
};
/// The TLS library, for [`HttpTransportBuilder::rustls_config`].
pub use rustls;

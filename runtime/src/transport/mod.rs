//! Sending one request and receiving one answer.
//!
//! [`Transport`] is the seam: the default one speaks HTTP/1.1 over rustls, and users can bring theirs.

mod body;
mod builder;
mod client;
mod connect;
mod connection;
mod origin;
mod pool;
mod proxy;
mod stream;
mod tls;
mod tunnel;

use std::{error::Error as StdError, fmt};

use bytes::Bytes;

pub use self::{
    builder::{HttpTransportBuilder, SettingError},
    client::HttpTransport,
};
use crate::BoxFuture;

/// A request as it goes on the wire; the URI is absolute.
pub type Request = http::Request<Bytes>;
/// An answer with its whole body.
pub type Response = http::Response<Bytes>;

/// Sends requests. Implementations pool connections, bound what they receive and never follow redirects.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and receives the whole answer. Dropping the future gives the exchange up.
    ///
    /// # Errors
    /// [`TransportError`] where no complete answer came.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;
}

/// Why no complete answer came.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    /// What was talked to: `host:port`, with the address where it is known.
    peer: String,
    reached: Reached,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What failed on the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request has no form that can be sent: a bad URL, or `http://` to another machine without leave.
    Request,
    /// The host name has no address.
    Dns,
    /// No connection: refused, unreachable.
    Connect,
    /// The proxy refused or failed.
    Proxy,
    /// The TLS handshake failed: certificate, name, protocol.
    Tls,
    /// No connection within the connect timeout.
    ConnectTimeout,
    /// No answer within the attempt's timeout.
    AttemptTimeout,
    /// No answer within the whole operation's timeout.
    OperationTimeout,
    /// The connection ended before the answer did.
    Closed,
    /// What came is not HTTP.
    Protocol,
    /// The answer's body or headers are larger than the bound.
    TooLarge,
}

/// How far a request got when its exchange failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reached {
    /// The service cannot have executed it: nothing, or not the whole request, was sent.
    NotSent,
    /// A reused connection was closed before a byte of answer came, most likely while it was idle; a fresh one is
    /// worth a try. A service that ended amid the request looks the same.
    StaleConnection,
    /// It was sent, or may have been; the service may have executed it.
    MaybeSent,
}

impl TransportError {
    /// An error of a kind, talking to `peer`.
    pub fn new(kind: TransportErrorKind, peer: impl Into<String>, reached: Reached) -> Self {
        Self { kind, peer: peer.into(), reached, source: None }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// What was talked to: `host:port`, with the address where it is known.
    pub fn peer(&self) -> &str {
        &self.peer
    }

    /// How far the request got.
    pub fn reached(&self) -> Reached {
        self.reached
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            TransportErrorKind::Request => "the request cannot be sent",
            TransportErrorKind::Dns => "the host name has no address",
            TransportErrorKind::Connect => "no connection",
            TransportErrorKind::Proxy => "the proxy refused or failed",
            TransportErrorKind::Tls => "the TLS handshake failed",
            TransportErrorKind::ConnectTimeout => "no connection within the connect timeout",
            TransportErrorKind::AttemptTimeout => "no answer within the attempt timeout",
            TransportErrorKind::OperationTimeout => "no answer within the operation timeout",
            TransportErrorKind::Closed => "the connection ended before the answer did",
            TransportErrorKind::Protocol => "the answer is not HTTP",
            TransportErrorKind::TooLarge => "the answer is larger than the bound",
        };
        write!(f, "{}: {what}", self.peer)
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

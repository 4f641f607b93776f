//! Sending one request and receiving one answer.
//!
//! [`Transport`] is the seam, and `BlockingTransport` that of blocking calls: the default ones speak HTTP/1.1 over
//! rustls, and users can bring theirs.

#[cfg(feature = "blocking")]
mod blocking;
mod body;
mod both;
mod builder;
mod certificates;
mod connect;
mod fault;
mod forward;
mod no_proxy;
#[cfg(feature = "async")]
mod nonblocking;
mod origin;
mod pool;
mod proxy;
mod tls;
mod tunnel;

#[cfg(not(feature = "async"))]
use std::time::Instant;
use std::{error::Error as StdError, fmt, io, time::Duration};

use bytes::Bytes;
/// Of tokio where it is there, since tests pause its time.
#[cfg(feature = "async")]
use tokio::time::Instant;

#[cfg(feature = "blocking")]
pub use self::blocking::BlockingHttpTransport;
#[cfg(all(fuzzing, feature = "blocking"))]
pub use self::blocking::read_pieces;
#[cfg(feature = "async")]
pub use self::nonblocking::HttpTransport;
#[cfg(all(feature = "async", feature = "raw-http"))]
pub(crate) use self::nonblocking::OUTSIDE_RUNTIME;
#[cfg(feature = "fake")]
pub(crate) use self::nonblocking::adapt;
#[cfg(feature = "async")]
pub(crate) use self::nonblocking::within_runtime;
pub use self::{
    body::IncompleteBody,
    builder::{HttpTransportBuilder, SettingError},
};
pub(crate) use self::{
    both::{OwnTransports, Transports},
    origin::{bare, is_authentic, is_loopback},
    tls::Authorities,
    tunnel::TunnelError,
};
use crate::{
    BoxFuture,
    text::{OneLine, brief},
};

/// A request as it goes on the wire; the URI is absolute.
pub type Request = http::Request<Bytes>;
/// An answer with its whole body.
pub type Response = http::Response<Bytes>;

/// Sends requests. Implementations pool connections, bound what they receive and never follow redirects.
///
/// The status of an error response counts even if its body breaks off: the response then has the part of the body that
/// arrived, and [`IncompleteBody`] among its extensions. A success whose body breaks off is an error.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and receives the whole answer. Dropping the future gives the exchange up.
    ///
    /// # Errors
    /// [`TransportError`] where no complete answer came.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;

    /// The same within `timeout`, for transports that can say what the time ran out on. The future is dropped then in
    /// any case, so that others need not keep it: unless they define this, it is [`send`](Self::send).
    ///
    /// # Errors
    /// Those of [`send`](Self::send), and [`AttemptTimeout`](TransportErrorKind::AttemptTimeout) where the time ran
    /// out, with [`Reached`] as far as it is known.
    fn send_within(
        &self,
        request: Request,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Response, TransportError>> {
        let _ = timeout;
        self.send(request)
    }
}

/// Sends requests and blocks the thread meanwhile. What [`Transport`] says of implementations holds here too; threads
/// share one.
#[cfg(feature = "blocking")]
pub trait BlockingTransport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and receives the whole answer, within `timeout`.
    ///
    /// # Errors
    /// [`TransportError`] where no complete answer came: [`AttemptTimeout`](TransportErrorKind::AttemptTimeout) where
    /// the time ran out, with [`Reached`] as far as it is known.
    fn send(&self, request: Request, timeout: Duration) -> Result<Response, TransportError>;
}

/// Why no complete answer came.
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
    /// The server switched to another protocol (status 101), which no request asks for.
    SwitchedProtocols,
    /// The answer's body or headers are larger than the bound.
    TooLarge,
    /// The call was awaited outside of a tokio runtime.
    NoRuntime,
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

    /// The same, where the time that ran out was that of the whole operation.
    pub(crate) fn of_operation(mut self, timeout: Duration) -> Self {
        self.kind = TransportErrorKind::OperationTimeout;
        if let Some(late) = self.source.as_mut().and_then(|source| source.downcast_mut::<TimedOut>()) {
            late.limit = timeout;
        }
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

    /// Whether the same may end differently when it is tried again: settings, certificates and refusals stay as they are.
    pub(crate) fn may_pass(&self) -> bool {
        match self.kind {
            TransportErrorKind::Request
            | TransportErrorKind::OperationTimeout
            | TransportErrorKind::TooLarge
            | TransportErrorKind::NoRuntime => false,
            // A handshake that broke off may succeed the next time; a certificate that was refused stays so.
            TransportErrorKind::Tls => self.source_as::<io::Error>().is_some(),
            TransportErrorKind::Proxy => {
                let status = self.source_as::<TunnelError>().and_then(TunnelError::status);
                let is_refusal = status.is_some_and(|status| !is_passing(status));
                !is_refusal && self.source_as::<SettingError>().is_none()
            }
            TransportErrorKind::Dns
            | TransportErrorKind::Connect
            | TransportErrorKind::ConnectTimeout
            | TransportErrorKind::AttemptTimeout
            | TransportErrorKind::Closed
            | TransportErrorKind::Protocol
            | TransportErrorKind::SwitchedProtocols => true,
        }
    }

    fn source_as<E: StdError + 'static>(&self) -> Option<&E> {
        self.source.as_ref()?.downcast_ref()
    }
}

/// Whether a proxy's status means a transient failure.
fn is_passing(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.source.as_ref().map(|source| format!("{source:?}"));
        f.debug_struct("TransportError")
            .field("kind", &self.kind)
            .field("peer", &brief(Some(&self.peer)))
            .field("reached", &self.reached)
            .field("source", &brief(source.as_deref()))
            .finish()
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
            TransportErrorKind::SwitchedProtocols => "the server switched to another protocol",
            TransportErrorKind::TooLarge => "the answer is larger than the bound",
            TransportErrorKind::NoRuntime => "the call was awaited outside of a tokio runtime",
        };
        match OneLine::of(Some(&self.peer)) {
            Some(peer) => write!(f, "{peer}: {what}"),
            None => f.write_str(what),
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// What a timeout cut short: the source of an error of that kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TimedOut {
    awaited: &'static str,
    limit: Duration,
}

impl TimedOut {
    /// `awaited` was still to come when the limit was reached; other steps before it may have used a part of that.
    pub fn new(awaited: &'static str, limit: Duration) -> Self {
        Self { awaited, limit }
    }

    /// What was still to come, as in "waited for …".
    pub fn awaited(&self) -> &'static str {
        self.awaited
    }

    /// How long everything together was allowed to take.
    pub fn limit(&self) -> Duration {
        self.limit
    }
}

impl fmt::Display for TimedOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "waited for {}, {:?} in all", self.awaited, self.limit)
    }
}

impl StdError for TimedOut {}

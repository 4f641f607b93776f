//! Why no complete response was received.

use std::{error::Error as StdError, fmt, io, sync::Arc, time::Duration};

use super::{Peer, SettingError, TimedOut, TunnelError};
use crate::text::{OneLine, brief};

/// Why no complete response was received.
pub struct TransportError {
    kind: TransportErrorKind,
    /// Boxed, since results hold it.
    peer: Box<Peer>,
    reached: Reached,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The request cannot be sent. Its URL is bad, or is `http://` to another machine without permission.
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
    /// No response within the attempt's timeout.
    AttemptTimeout,
    /// No response within the whole operation's timeout.
    OperationTimeout,
    /// The connection ended before the response was complete.
    Closed,
    /// The response is not HTTP.
    Protocol,
    /// The server switched to another protocol (status 101), which no request asks for.
    SwitchedProtocols,
    /// The response's body or headers are larger than the limit.
    TooLarge,
    /// The call was awaited outside of a tokio runtime.
    NoRuntime,
}

impl TransportErrorKind {
    /// Whether a time limit passed: of the connection, the attempt or the call.
    pub fn is_timeout(self) -> bool {
        matches!(self, Self::ConnectTimeout | Self::AttemptTimeout | Self::OperationTimeout)
    }
}

/// How far a request got when its exchange failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reached {
    /// The service cannot have executed the request. Nothing or only a part of it was sent.
    NotSent,
    /// A reused connection was closed before a byte of the response arrived. Most likely it was closed while idle, and
    /// a new connection may succeed. A service that stops during the request cannot be distinguished from this.
    StaleConnection,
    /// The same, before all of the request was sent. The service cannot have executed it.
    StaleUnsent,
    /// The request was or may have been sent. The service may have executed it.
    MaybeSent,
}

impl TransportError {
    /// An error of a kind, on the way to `peer`.
    pub fn new(kind: TransportErrorKind, peer: impl Into<Peer>, reached: Reached) -> Self {
        Self { kind, peer: Box::new(peer.into()), reached, source: None }
    }

    /// Adds the cause.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// Attributes the timeout of an attempt to the whole call. The call's limit `timeout` ended the attempt early.
    pub fn blame_call(&mut self, timeout: Duration) {
        if self.kind == TransportErrorKind::AttemptTimeout {
            self.kind = TransportErrorKind::OperationTimeout;
            if let Some(late) = self.source.as_mut().and_then(|source| source.downcast_mut::<TimedOut>()) {
                *late = TimedOut::of_call(late.awaited(), timeout);
            }
        }
    }

    /// Replaces the cause by the result of `change`, if there is one.
    pub fn change_source<E>(&mut self, change: impl FnOnce(&(dyn StdError + 'static)) -> Option<E>)
    where
        E: Into<Box<dyn StdError + Send + Sync>>,
    {
        if let Some(changed) = self.source.as_deref().and_then(|source| change(source)) {
            self.source = Some(changed.into());
        }
    }

    /// What failed.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// The server that the request was for, and the way to it.
    pub fn peer(&self) -> &Peer {
        &self.peer
    }

    /// How far the request got.
    pub fn reached(&self) -> Reached {
        self.reached
    }

    /// Whether a retry may succeed. A retry cannot succeed if settings, certificates or refusals are the cause.
    pub fn may_pass(&self) -> bool {
        match self.kind {
            TransportErrorKind::Request
            | TransportErrorKind::OperationTimeout
            | TransportErrorKind::TooLarge
            | TransportErrorKind::NoRuntime => false,
            // An interrupted handshake may succeed the next time; a refused certificate remains refused.
            TransportErrorKind::Tls => self.source_as::<io::Error>().is_some(),
            TransportErrorKind::Proxy => {
                let status = self.source_as::<TunnelError>().and_then(TunnelError::status);
                let is_refusal = status.is_some_and(|status| !is_transient(status));
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
fn is_transient(status: u16) -> bool {
    matches!(status, 408 | 425 | 429 | 500 | 502 | 503 | 504)
}

impl fmt::Debug for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let source = self.source.as_ref().map(|source| format!("{source:?}"));
        f.debug_struct("TransportError")
            .field("kind", &self.kind)
            .field("peer", &brief(Some(&self.peer.to_string())))
            .field("reached", &self.reached)
            .field("source", &brief(source.as_deref()))
            .finish()
    }
}

/// What happened, in a few words.
impl fmt::Display for TransportErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Request => "the request cannot be sent",
            Self::Dns => "the host name has no address",
            Self::Connect => "no connection",
            Self::Proxy => "the proxy refused or failed",
            Self::Tls => "the TLS handshake failed",
            Self::ConnectTimeout => "no connection within the connect timeout",
            Self::AttemptTimeout => "no response within the attempt timeout",
            Self::OperationTimeout => "no response within the operation timeout",
            Self::Closed => "the connection ended before the response was complete",
            Self::Protocol => "the response is not HTTP",
            Self::SwitchedProtocols => "the server switched to another protocol",
            Self::TooLarge => "the response is larger than the limit",
            Self::NoRuntime => "the call was awaited outside of a tokio runtime",
        })
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match OneLine::of(Some(&self.peer.to_string())) {
            Some(peer) => write!(f, "{peer}: {}", self.kind),
            None => self.kind.fmt(f),
        }
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// Why the body of an error response is incomplete. Stored among the extensions of the response.
#[derive(Clone, Debug)]
pub struct IncompleteBody(Arc<TransportError>);

impl IncompleteBody {
    /// The error that ended the body.
    pub fn new(error: TransportError) -> Self {
        Self(Arc::new(error))
    }

    /// The error that ended the body.
    pub fn error(&self) -> &TransportError {
        &self.0
    }

    /// The same, mutable, if it is not shared.
    pub fn error_mut(&mut self) -> Option<&mut TransportError> {
        Arc::get_mut(&mut self.0)
    }
}

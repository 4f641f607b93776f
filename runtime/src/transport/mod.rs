//! Sending one request and receiving one response.
//!
//! [`Transport`] is the interface of transports for async calls, `BlockingTransport` the one for blocking calls. The
//! default ones use HTTP/1.1 and rustls; users can implement their own.

#[cfg(feature = "async-driver")]
pub(crate) mod awaiting;
#[cfg(feature = "http-transport")]
mod built_in;
mod choice;
mod none;

use std::{fmt, sync::Arc, time::Duration};

#[cfg(feature = "http-transport")]
pub use self::built_in::*;
pub(crate) use self::choice::{OwnTransports, Transports};
use crate::BoxFuture;
pub use crate::wire::{
    Awaited, HostPort, IncompleteBody, Peer, Reached, Request, RequestFault, Response, SettingError,
    TimedOut, TransportError, TransportErrorKind,
};

/// Sends requests. Implementations pool connections, bound what they receive and never follow redirects.
///
/// A client with a custom transport uses it for everything: its calls, and the requests of its own search for
/// credentials, among them [`MetadataRequest`]s.
///
/// The status of an error response counts even if its body is cut off: the response then has the part of the body that
/// arrived, and [`IncompleteBody`] among its extensions. A success whose body is cut off is an error.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and receives the whole response. Dropping the future ends the exchange.
    ///
    /// # Errors
    /// [`TransportError`] if no complete response was received.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;

    /// Sends one request within `timeout`, for transports that can report which step timed out.
    ///
    /// The default is [`send`](Self::send). It need not respect the timeout: callers drop the future when it expires.
    /// A transport that wraps another must forward `send_within`; otherwise the error of a timeout does not show
    /// whether the request was sent.
    ///
    /// # Errors
    /// The errors of [`send`](Self::send), and [`AttemptTimeout`](TransportErrorKind::AttemptTimeout) if the timeout
    /// expires, with [`Reached`] as far as it is known.
    fn send_within(
        &self,
        request: Request,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Response, TransportError>> {
        let _ = timeout;
        self.send(request)
    }
}

/// Several clients may share a transport.
impl<T: Transport + ?Sized> Transport for Arc<T> {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        (**self).send(request)
    }

    fn send_within(
        &self,
        request: Request,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Response, TransportError>> {
        (**self).send_within(request, timeout)
    }
}

/// Sends requests and blocks the thread.
///
/// The requirements on [`Transport`] hold here, too; threads share one transport.
pub trait BlockingTransport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and receives the whole response, within `timeout`.
    ///
    /// # Errors
    /// [`TransportError`] if no complete response was received:
    /// [`AttemptTimeout`](TransportErrorKind::AttemptTimeout) if the timeout expires, with
    /// [`Reached`] as far as it is known.
    fn send(&self, request: Request, timeout: Duration) -> Result<Response, TransportError>;
}

/// Several clients may share a transport.
impl<T: BlockingTransport + ?Sized> BlockingTransport for Arc<T> {
    fn send(&self, request: Request, timeout: Duration) -> Result<Response, TransportError> {
        (**self).send(request, timeout)
    }
}

/// Marks, as an extension, requests to the metadata endpoints of containers and instances.
///
/// Sources of credentials send such requests. They contain or return secrets in plain text, to addresses that only this
/// machine reaches: a transport must not send them through a proxy, and must permit `http://`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct MetadataRequest;

impl MetadataRequest {
    /// Whether a request is marked.
    pub fn is_in(request: &Request) -> bool {
        request.extensions().get::<Self>().is_some()
    }
}

//! The transport that blocks the thread: HTTP/1.1 and rustls on the sockets of the standard library.
//!
//! HTTP is read by `httparse`, which hyper uses too, so that both transports accept and reject the same heads.

mod body;
mod client;
mod connect;
mod connection;
mod head;
#[cfg(fuzzing)]
pub(crate) mod pieces;
mod stream;

use std::{fmt, sync::Arc, time::Duration};

pub use self::client::BlockingHttpTransport;
use super::{Request, Response, TransportError};

/// Sends requests and blocks the thread.
///
/// The requirements on [`Transport`](super::Transport) hold here, too; threads share one transport.
pub trait BlockingTransport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and receives the whole response, within `timeout`.
    ///
    /// # Errors
    /// [`TransportError`] if no complete response was received:
    /// [`AttemptTimeout`](super::TransportErrorKind::AttemptTimeout) if the timeout expires, with
    /// [`Reached`](super::Reached) as far as it is known.
    fn send(&self, request: Request, timeout: Duration) -> Result<Response, TransportError>;
}

/// Several clients may share a transport.
impl<T: BlockingTransport + ?Sized> BlockingTransport for Arc<T> {
    fn send(&self, request: Request, timeout: Duration) -> Result<Response, TransportError> {
        (**self).send(request, timeout)
    }
}

//! Sending one request and receiving one response.
//!
//! [`Transport`] is the seam, and `BlockingTransport` that of blocking calls: the default ones speak HTTP/1.1 over
//! rustls, and users can bring theirs.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
mod body;
mod both;
mod builder;
mod certificates;
mod connect;
mod fault;
mod forward;
mod no_proxy;
#[cfg(feature = "async")]
pub(crate) mod nonblocking;
mod origin;
mod pool;
mod proxy;
mod tls;
mod tunnel;

#[cfg(not(feature = "async"))]
use std::time::Instant;
use std::{fmt, time::Duration};

/// Of tokio where it is there, since tests pause its time.
#[cfg(feature = "async")]
use tokio::time::Instant;

#[cfg(feature = "blocking")]
pub use self::blocking::{BlockingHttpTransport, BlockingTransport};
pub use self::builder::HttpTransportBuilder;
#[cfg(feature = "async")]
pub use self::nonblocking::HttpTransport;
pub(crate) use self::{
    both::{OwnTransports, Transports},
    tls::Authorities,
};
use crate::BoxFuture;
pub use crate::wire::{
    Awaited, HostPort, IncompleteBody, Peer, Reached, Request, RequestFault, Response, SettingError,
    TimedOut, TransportError, TransportErrorKind,
};

/// Sends requests. Implementations pool connections, bound what they receive and never follow redirects.
///
/// The status of an error response counts even if its body breaks off: the response then has the part of the body that
/// arrived, and [`IncompleteBody`] among its extensions. A success whose body breaks off is an error.
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends one request and receives the whole response. Dropping the future ends the exchange.
    ///
    /// # Errors
    /// [`TransportError`] if no complete response was received.
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>>;

    /// The same within `timeout`, for transports that can say what the time ran out on. The future is dropped then in
    /// any case, so that others need not keep it: unless they define this, it is [`send`](Self::send).
    ///
    /// # Errors
    /// The errors of [`send`](Self::send), and [`AttemptTimeout`](TransportErrorKind::AttemptTimeout) where the time ran
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

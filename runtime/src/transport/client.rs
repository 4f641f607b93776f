//! The default transport.

use std::{fmt, future::ready};

use super::{
    BoxFuture, HttpTransportBuilder, Reached, Request, Response, Transport, TransportError,
    TransportErrorKind,
    body::Payload,
    connect::Connector,
    connection::{Connection, Failure},
    origin::Origin,
    pool::Pool,
};
use crate::context::Context;

/// HTTP/1.1, plain or over TLS, with connections kept for the next request.
///
/// - Certificates are always verified, against the system's roots (read when the first `https://` request is sent)
///   or those of [`root_certificates`](HttpTransportBuilder::root_certificates).
/// - `http://` goes only to this machine, unless
///   [`allow_http_to_any_host`](HttpTransportBuilder::allow_http_to_any_host) says otherwise.
/// - Proxies are taken from the environment, as [`builder`](Self::builder) says.
/// - A kept connection that the server has closed in the meantime is replaced by a fresh one where the request did
///   not leave; where it may have left, the error says [`Reached::StaleConnection`].
/// - Bodies are handed on as they come: nothing is decompressed. Redirects are answers like others.
///
/// A request is driven by the task that awaits it; there are no tasks behind the scenes. It has to be sent from
/// within a tokio runtime with I/O and time.
///
/// ```no_run
/// use gatewright_runtime::{
///     context::SystemContext,
///     transport::{HttpTransport, Request, Transport},
/// };
///
/// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let transport = HttpTransport::new(&SystemContext);
/// let request: Request = http::Request::get("https://example.com/").body("".into())?;
/// let response = transport.send(request).await?;
/// println!("{}", response.status());
/// # Ok(())
/// # }
/// ```
pub struct HttpTransport {
    pub(super) connector: Connector,
    pub(super) pool: Pool,
    pub(super) max_body_bytes: usize,
}

impl HttpTransport {
    /// A transport with the default settings, and proxies from the environment of `context`.
    pub fn new(context: &dyn Context) -> Self {
        Self::builder(context).build()
    }

    /// Starts with the default settings, and proxies from the environment of `context`: `HTTPS_PROXY`, `HTTP_PROXY`
    /// and, for what they leave open, `ALL_PROXY`, each in lower case first; in CGI programs `HTTP_PROXY` only in
    /// lower case. This machine and what `NO_PROXY` names are reached directly: a list of host names (with all below
    /// them), addresses, either with a port if need be, or `*`.
    ///
    /// The system's roots are found by `rustls-native-certs`, which also obeys `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    pub fn builder(context: &dyn Context) -> HttpTransportBuilder {
        HttpTransportBuilder::new(context)
    }

    async fn exchange(
        &self,
        origin: Origin,
        mut request: http::Request<Payload>,
    ) -> Result<Response, TransportError> {
        loop {
            let kept = self.kept(&origin);
            let is_kept = kept.is_some();
            let mut connection = match kept {
                Some(connection) => connection,
                // Connecting is rare and its future large.
                None => Box::new(Box::pin(self.connector.connect(&origin)).await?),
            };
            match connection.exchange(request, self.max_body_bytes).await {
                Ok(response) => {
                    if connection.is_idle() {
                        self.pool.put(origin, connection);
                    }
                    return Ok(response);
                }
                Err(Failure::Unsent(unsent, _)) if is_kept => request = *unsent,
                Err(Failure::Unsent(_, error)) => {
                    let closed = connection.error(TransportErrorKind::Closed, Reached::NotSent);
                    return Err(closed.with_source(error));
                }
                Err(Failure::Failed(error)) => return Err(error),
            }
        }
    }

    /// A kept connection that is still open.
    fn kept(&self, origin: &Origin) -> Option<Box<Connection>> {
        std::iter::from_fn(|| self.pool.take(origin)).find_map(|mut kept| kept.is_open().then_some(kept))
    }
}

impl Transport for HttpTransport {
    fn send(&self, mut request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        match Origin::take(&mut request) {
            Ok(origin) => Box::pin(self.exchange(origin, request.map(Payload::new))),
            Err(error) => Box::pin(ready(Err(error))),
        }
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpTransport")
            .field("connect_timeout", &self.connector.timeout)
            .field("http_to_any_host", &self.connector.http_to_any_host)
            .field("proxies", &self.connector.proxies)
            .field("idle_connections", &self.pool.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::context::SystemContext;

    /// Every call allocates and moves it.
    #[test]
    fn the_future_is_small() {
        let transport = HttpTransport::new(&SystemContext);
        let size = size_of_val(
            &*transport.send(http::Request::get("http://localhost/").body(Bytes::new()).unwrap()),
        );

        assert!(size <= 1800, "{size}");
    }
}

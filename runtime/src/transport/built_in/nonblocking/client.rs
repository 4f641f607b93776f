//! The default transport.

use std::{fmt, future::ready, sync::Arc, time::Duration};

use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use hyper::client::conn::http1;
use tokio::time::timeout_at;

use super::{
    super::{
        HttpTransportBuilder, Instant, Reached, Request, Response, TransportError, TransportErrorKind,
        body::content_length,
        builder::Bounds,
        connect::{Connector, Limit},
        origin::Origin,
        pool::Pool,
    },
    adapt::Payload,
    connect::connect,
    connection::{Connection, Failure},
};
use crate::{
    BoxFuture,
    context::Context,
    transport::{Transport, awaiting::within_runtime},
};

/// The smallest buffer that hyper accepts.
const MIN_BUFFER: usize = 8 * 1024;

/// HTTP/1.1, plain or over TLS, with reused connections.
///
/// - Certificates are always verified, against the system's roots (read when the first `https://` request is sent)
///   or the authorities of [`root_certificates`](HttpTransportBuilder::root_certificates).
/// - `http://` is sent only to this machine, unless
///   [`allow_http_to_any_host`](HttpTransportBuilder::allow_http_to_any_host) is set.
/// - Proxies are taken from the environment, as described at [`builder`](Self::builder).
/// - An idle connection that the server has closed is replaced by a new one if nothing of the request was sent. Otherwise the
///   error has [`Reached::StaleUnsent`] or, if all of it may have been sent, [`Reached::StaleConnection`].
/// - Bodies are passed on unchanged: nothing is decompressed. Redirects are responses like others.
/// - Cheap to clone: clones share connections and certificates. Give one to the clients of several services, which
///   also use it for their credentials.
///
/// A request is driven by the task that awaits it; there are no background tasks. It must be awaited within a tokio
/// runtime with I/O and time: outside of a runtime it fails with [`TransportErrorKind::NoRuntime`], and if the runtime
/// has no such drivers, tokio panics. Each runtime has connections of its own.
///
/// ```no_run
/// # extern crate gatewright_runtime as gatewright;
/// use gatewright::{
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
#[derive(Clone)]
pub struct HttpTransport(Arc<Shared>);

/// State shared by the clones of a transport.
struct Shared {
    connector: Connector,
    pool: Pool<Box<Connection>>,
    http1: http1::Builder,
    max_body_bytes: usize,
}

impl HttpTransport {
    /// A transport with the default settings, and proxies from the environment of `context`.
    pub fn new(context: &dyn Context) -> Self {
        Self::builder(context).build()
    }

    /// A builder with the default settings, and the proxies of the environment of `context`.
    ///
    /// Proxies are in `HTTPS_PROXY`, `HTTP_PROXY` and otherwise `ALL_PROXY`; names in lower case come first, and CGI programs
    /// read `HTTP_PROXY` only in lower case. This machine and the servers in `NO_PROXY` are reached directly: a list of host names (with their subdomains), addresses and
    /// networks (`10.0.0.0/8`), each with an optional port, or `*`. Whatever curl accepts there is accepted.
    ///
    /// The system's roots are found by `rustls-native-certs`, which also respects `SSL_CERT_FILE` and `SSL_CERT_DIR`.
    pub fn builder(context: &dyn Context) -> HttpTransportBuilder {
        HttpTransportBuilder::new(context)
    }
}

impl Shared {
    async fn exchange(
        &self,
        origin: Origin,
        mut request: http::Request<Payload>,
        limit: Limit,
    ) -> Result<Response, TransportError> {
        let runtime = within_runtime(&origin)?.id();
        let body_len = request.body().len();
        loop {
            let sent = Instant::now();
            let kept = self.pool.take_open(
                &origin,
                |connection| connection.runtime() == runtime,
                |connection| connection.is_open(),
            );
            let is_kept = kept.is_some();
            let mut connection = match kept {
                Some(connection) => connection,
                // Connecting is rare, and its future is large.
                None => Box::new(Box::pin(connect(&self.connector, &self.http1, &origin, limit)).await?),
            };
            let exchanged =
                timeout_at(limit.deadline, connection.exchange(request, self.max_body_bytes)).await;
            match exchanged.unwrap_or_else(|_| connection.late(limit, body_len)) {
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
                Err(Failure::Failed(error)) => {
                    if is_kept {
                        self.pool.clear_after(error.kind(), &origin, sent);
                    }
                    return Err(error);
                }
            }
        }
    }
}

impl HttpTransportBuilder {
    /// The transport for async code.
    pub fn build(self) -> HttpTransport {
        let Bounds { header_bytes, headers, body_bytes } = self.bounds();
        let mut http1 = http1::Builder::new();
        http1.max_header_size(header_bytes).max_buf_size(header_bytes.max(MIN_BUFFER));
        if headers != Bounds::HEADERS {
            http1.max_headers(headers);
        }
        HttpTransport(Arc::new(Shared {
            pool: self.pool(),
            http1,
            max_body_bytes: body_bytes,
            connector: self.connector(),
        }))
    }
}

impl Transport for HttpTransport {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        self.send_within(request, Duration::MAX)
    }

    fn send_within(
        &self,
        mut request: Request,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Response, TransportError>> {
        let limit = Limit::new(TransportErrorKind::AttemptTimeout, timeout);
        match Origin::take(&mut request) {
            Ok(origin) => {
                set_length(&mut request);
                Box::pin(self.0.exchange(origin, request.map(Payload::new), limit))
            }
            Err(error) => Box::pin(ready(Err(error))),
        }
    }
}

/// Announces the body.
fn set_length(request: &mut Request) {
    let len = content_length(request);
    let headers = request.headers_mut();
    headers.remove(TRANSFER_ENCODING);
    if let Some(len) = len {
        headers.insert(CONTENT_LENGTH, len.into());
    }
}

impl fmt::Debug for HttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.connector.debug(f, "HttpTransport", self.0.pool.len())
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::context::SystemContext;

    /// Every call allocates and moves this future.
    #[test]
    fn the_future_is_small() {
        let transport = HttpTransport::new(&SystemContext);
        let size = size_of_val(
            &*transport.send(http::Request::get("http://localhost/").body(Bytes::new()).unwrap()),
        );

        assert!(size <= 1800, "{size}");
    }
}

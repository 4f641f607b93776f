//! The blocking transport.

use std::{fmt, sync::Arc, time::Duration};

use super::{
    super::{
        HttpTransportBuilder, Instant, Request, Response, TransportError, TransportErrorKind,
        builder::Bounds,
        connect::{Connector, Limit},
        origin::Origin,
        pool::Pool,
    },
    connect::connect,
    connection::{Connection, Failure},
};
use crate::{context::Context, transport::BlockingTransport};

/// HTTP/1.1, plain or over TLS, with reused connections, on the thread that sends.
///
/// It does the same as `HttpTransport` without an async runtime: certificates, `http://`, proxies and connections are
/// treated alike, and clones share them. A name is looked up on a separate thread, because a lookup cannot be cancelled; everything else
/// happens on the thread that sends.
///
/// ```no_run
/// # extern crate gatewright_runtime as gatewright;
/// use std::time::Duration;
///
/// use gatewright::{
///     context::SystemContext,
///     transport::{BlockingHttpTransport, BlockingTransport, Request},
/// };
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let transport = BlockingHttpTransport::new(&SystemContext);
/// let request: Request = http::Request::get("https://example.com/").body("".into())?;
/// let response = transport.send(request, Duration::from_secs(30))?;
/// println!("{}", response.status());
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct BlockingHttpTransport(Arc<Shared>);

/// State shared by the clones of a transport.
struct Shared {
    connector: Connector,
    pool: Pool<Box<Connection>>,
    bounds: Bounds,
}

impl BlockingHttpTransport {
    /// A transport with the default settings, and proxies from the environment of `context`.
    pub fn new(context: &dyn Context) -> Self {
        Self::builder(context).build_blocking()
    }

    /// A builder with the default settings, and the proxies of the environment of `context`.
    ///
    /// Proxies are in `HTTPS_PROXY`, `HTTP_PROXY` and otherwise `ALL_PROXY`; names in lower case come first, and CGI programs
    /// read `HTTP_PROXY` only in lower case. This machine and the servers in `NO_PROXY` are reached directly.
    ///
    /// [`build_blocking`](HttpTransportBuilder::build_blocking) returns the transport.
    pub fn builder(context: &dyn Context) -> HttpTransportBuilder {
        HttpTransportBuilder::new(context)
    }
}

impl HttpTransportBuilder {
    /// The transport that blocks the thread.
    pub fn build_blocking(self) -> BlockingHttpTransport {
        BlockingHttpTransport(Arc::new(Shared {
            pool: self.pool(),
            bounds: self.bounds(),
            connector: self.connector(),
        }))
    }
}

impl BlockingTransport for BlockingHttpTransport {
    fn send(&self, mut request: Request, timeout: Duration) -> Result<Response, TransportError> {
        let limit = Limit::new(TransportErrorKind::AttemptTimeout, timeout);
        let origin = Origin::take(&mut request)?;
        let Shared { connector, pool, bounds } = &*self.0;
        loop {
            let sent = Instant::now();
            let kept = pool.take_open(&origin, |_| true, |connection| connection.is_open());
            let is_kept = kept.is_some();
            let mut connection = match kept {
                Some(connection) => connection,
                None => Box::new(connect(connector, &origin, limit)?),
            };
            match connection.exchange(&mut request, limit, bounds) {
                Ok(response) => {
                    if connection.is_idle() {
                        pool.put(origin, connection);
                    }
                    return Ok(response);
                }
                Err(Failure::Unsent(_)) if is_kept => {}
                Err(Failure::Unsent(error) | Failure::Failed(error)) => {
                    if is_kept {
                        pool.clear_after(error.kind(), &origin, sent);
                    }
                    return Err(error);
                }
            }
        }
    }
}

impl fmt::Debug for BlockingHttpTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.connector.debug(f, "BlockingHttpTransport", self.0.pool.len())
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{Read, Write},
        net::{Shutdown, TcpListener, TcpStream},
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering::SeqCst},
        },
        thread,
    };

    use bytes::Bytes;

    use super::{
        super::stream::{Socket, Stream},
        *,
    };
    use crate::context::SystemContext;

    /// A server with one thread per connection, which counts connections.
    fn serve() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let accepted = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&accepted);
        thread::spawn(move || {
            for mut socket in listener.incoming().flatten() {
                count.fetch_add(1, SeqCst);
                thread::spawn(move || {
                    let mut head = Vec::new();
                    let mut byte = [0];
                    while socket.read(&mut byte).is_ok_and(|read| read == 1) {
                        head.extend_from_slice(&byte);
                        if head.ends_with(b"\r\n\r\n") {
                            let path = String::from_utf8(head.split_off(4)).unwrap();
                            let path = path.split(' ').next().unwrap().to_owned();
                            let len = path.len();
                            let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {len}\r\n\r\n{path}");
                            socket.write_all(response.as_bytes()).unwrap();
                            head.clear();
                        }
                    }
                });
            }
        });
        (url, accepted)
    }

    #[test]
    fn threads_share_one() {
        let (url, accepted) = serve();
        let transport = BlockingHttpTransport::builder(&SystemContext).no_proxy().build_blocking();
        thread::scope(|scope| {
            for caller in 0..8 {
                let (transport, url) = (&transport, &url);
                scope.spawn(move || {
                    for call in 0..50 {
                        let path = format!("{caller}/{call}");
                        let request = http::Request::get(format!("{url}{path}")).body(Bytes::new()).unwrap();
                        let response = transport.send(request, Duration::from_secs(5)).unwrap();
                        assert_eq!(response.body(), &format!("/{path}"));
                    }
                });
            }
        });
        assert!(accepted.load(SeqCst) <= 8, "{accepted:?}");
        assert_eq!(transport.0.pool.len(), accepted.load(SeqCst));
    }

    /// A reused connection that accepts no byte: the request is sent over a new one.
    #[test]
    fn sent_again_where_nothing_was_sent() {
        let (url, accepted) = serve();
        let transport = BlockingHttpTransport::builder(&SystemContext).no_proxy().build_blocking();
        let mut request = http::Request::get(&url).body(Bytes::new()).unwrap();
        let again = request.clone();
        let origin = Origin::take(&mut request).unwrap();
        let limit = Limit::new(TransportErrorKind::AttemptTimeout, Duration::from_secs(5));
        let silent = TcpListener::bind("127.0.0.1:0").unwrap();
        let client = TcpStream::connect(silent.local_addr().unwrap()).unwrap();
        client.shutdown(Shutdown::Write).unwrap();
        let stream = Stream::plain(Socket::new(client, limit.deadline));
        let mut kept = Connection::new(stream, "peer".into(), None);
        assert!(kept.is_open());
        transport.0.pool.put(origin, Box::new(kept));

        assert_eq!(transport.send(again, Duration::from_secs(5)).unwrap().body(), "/");
        assert_eq!(accepted.load(SeqCst), 1);
    }
}

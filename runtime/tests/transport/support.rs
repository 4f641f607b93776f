//! Servers that do what a test wants.

use std::{
    error::Error,
    fmt, io,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use gatewright_fake::TestContext;
use gatewright_runtime::transport::{
    BlockingHttpTransport, BlockingTransport, HttpTransport, HttpTransportBuilder, Reached, Request,
    Response, Transport, TransportError, TransportErrorKind,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt},
    net::{TcpListener, TcpSocket, TcpStream},
    time::{sleep, timeout},
};

use crate::drivers::Driver;

pub(crate) const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

pub(crate) fn builder() -> HttpTransportBuilder {
    HttpTransport::builder(&TestContext::new())
}

/// Runs tests with either transport.
macro_rules! with_both {
    ($($test:ident),* $(,)?) => {
        mod awaiting {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test($crate::drivers::Driver::Awaiting).await;
                }
            )*
        }

        mod blocking {
            $(
                #[tokio::test]
                async fn $test() {
                    super::$test($crate::drivers::Driver::Blocking).await;
                }
            )*
        }
    };
}
pub(crate) use with_both;

impl Driver {
    pub(crate) fn transport(self) -> Client {
        self.build(builder())
    }

    pub(crate) fn build(self, builder: HttpTransportBuilder) -> Client {
        match self {
            Self::Awaiting => Client::Async(Arc::new(builder.build())),
            Self::Blocking => Client::Blocking(Arc::new(builder.build_blocking())),
        }
    }
}

/// One of the transports. The blocking one is given a thread for every request.
#[derive(Clone)]
pub(crate) enum Client {
    Async(Arc<HttpTransport>),
    Blocking(Arc<BlockingHttpTransport>),
}

impl Client {
    pub(crate) async fn send(&self, request: Request) -> Result<Response, TransportError> {
        match self {
            Self::Async(transport) => transport.send(request).await,
            Self::Blocking(_) => self.within(request, Duration::from_secs(10)).await,
        }
    }

    /// Sends a request that is dropped before its response.
    pub(crate) async fn give_up(&self, request: Request, after: Duration) {
        match self {
            Self::Async(transport) => drop(timeout(after, transport.send(request)).await.unwrap_err()),
            Self::Blocking(_) => {
                let error = self.within(request, after).await.unwrap_err();
                assert_eq!(error.kind(), TransportErrorKind::AttemptTimeout, "{}", chain(&error));
            }
        }
    }

    /// Sends with the transport's own time limit.
    pub(crate) async fn within(&self, request: Request, limit: Duration) -> Result<Response, TransportError> {
        match self {
            Self::Async(transport) => transport.send_within(request, limit).await,
            Self::Blocking(transport) => {
                let transport = Arc::clone(transport);
                tokio::task::spawn_blocking(move || transport.send(request, limit)).await.unwrap()
            }
        }
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Async(transport) => transport.fmt(f),
            Self::Blocking(transport) => transport.fmt(f),
        }
    }
}

/// A port that refuses connections, as long as the socket lives that holds it.
pub(crate) fn nobody() -> (TcpSocket, SocketAddr) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = socket.local_addr().unwrap();
    (socket, address)
}

/// A server on loopback.
pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

impl Server {
    /// Hands every connection to `handle`.
    pub(crate) async fn start<F, H>(handle: F) -> Self
    where
        F: Fn(TcpStream) -> H + Send + 'static,
        H: Future<Output = io::Result<()>> + Send + 'static,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let connections = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&connections);
        tokio::spawn(async move {
            while let Ok((socket, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                tokio::spawn(handle(socket));
            }
        });
        Self { address, connections }
    }

    /// Responds to every request with `response`.
    pub(crate) async fn responding(response: &'static str) -> Self {
        Self::start(move |mut socket| async move {
            while read_request(&mut socket).await.is_some() {
                socket.write_all(response.as_bytes()).await?;
            }
            Ok(())
        })
        .await
    }

    /// Responds to the first request of every connection with `response` and closes.
    pub(crate) async fn closing(response: impl Into<Vec<u8>>) -> Self {
        let response: Vec<u8> = response.into();
        Self::start(move |mut socket| {
            let response = response.clone();
            async move {
                read_request(&mut socket).await;
                socket.write_all(&response).await?;
                socket.shutdown().await
            }
        })
        .await
    }

    /// Responds to every request with the request itself.
    pub(crate) async fn echoing() -> Self {
        Self::start(|mut socket| async move {
            while let Some(request) = read_request(&mut socket).await {
                respond(&mut socket, &request).await?;
            }
            Ok(())
        })
        .await
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

/// A request, head and body; `None` if the connection ended.
pub(crate) async fn read_request(socket: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await.ok()?);
    }
    let mut request = String::from_utf8(head).unwrap();
    let length = request.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    socket.read_exact(&mut body).await.ok()?;
    request.push_str(std::str::from_utf8(&body).unwrap());
    Some(request)
}

pub(crate) async fn respond(socket: &mut (impl AsyncWrite + Unpin), body: &str) -> io::Result<()> {
    let response = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    socket.write_all(response.as_bytes()).await
}

/// Sends informational responses before it reads the body of a request.
pub(crate) async fn informing(mut socket: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(socket.read_u8().await?);
    }
    for _ in 0..2 {
        socket.write_all(b"HTTP/1.1 102 Processing\r\n\r\n").await?;
        socket.flush().await?;
        // Until the client finds that it cannot send more.
        sleep(Duration::from_millis(50)).await;
    }
    socket.read_exact(&mut vec![0; 16 << 20]).await?;
    socket.write_all(OK.as_bytes()).await?;
    socket.flush().await
}

pub(crate) fn get(url: &str) -> Request {
    http::Request::get(url).body(Bytes::new()).unwrap()
}

pub(crate) fn post(url: &str, body: impl Into<Bytes>) -> Request {
    http::Request::post(url).body(body.into()).unwrap()
}

/// Sends `GET url` and expects a response.
#[track_caller]
pub(crate) fn ok(result: Result<Response, TransportError>) -> String {
    match result {
        Ok(response) => String::from_utf8(response.into_body().to_vec()).unwrap(),
        Err(error) => panic!("{}", chain(&error)),
    }
}

/// Sends `GET url`, expects this failure and returns its text and the texts of its causes.
pub(crate) async fn fails(
    transport: &Client,
    url: &str,
    kind: TransportErrorKind,
    reached: Reached,
) -> String {
    let error = transport.send(get(url)).await.expect_err("the exchange fails");
    assert_eq!((error.kind(), error.reached()), (kind, reached), "{}", chain(&error));
    chain(&error)
}

pub(crate) fn chain(error: &dyn Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text = format!("{text}: {error}");
        cause = error.source();
    }
    text
}

//! Opening a connection: name, address, proxy, TLS.

use std::{
    error::Error as StdError,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use hyper::client::conn::http1;
use tokio::{
    net::{TcpStream, lookup_host},
    time::{Instant, timeout_at},
};

use super::{
    Reached, TransportError, TransportErrorKind,
    connection::{Connection, Forward},
    origin::{Origin, refused},
    proxy::{Proxies, Proxy},
    stream::Socket,
    tls::Tls,
    tunnel,
};

/// Opens connections.
pub(super) struct Connector {
    pub(super) timeout: Duration,
    pub(super) http_to_any_host: bool,
    pub(super) proxies: Proxies,
    pub(super) tls: Tls,
    pub(super) http1: http1::Builder,
}

impl Connector {
    pub(super) async fn connect(&self, origin: &Origin) -> Result<Connection, TransportError> {
        if !origin.https() && !self.http_to_any_host && !origin.is_loopback() {
            return Err(refused(
                origin.to_string(),
                "http:// would send it readable for everyone on the way; use https://, or \
                 `allow_http_to_any_host` where that is meant",
            ));
        }
        let proxy = self.proxies.select(origin).map_err(|error| {
            let error = error.clone();
            TransportError::new(TransportErrorKind::Proxy, origin.to_string(), Reached::NotSent)
                .with_source(error)
        })?;
        let mut progress = Progress::new(origin, proxy, self.timeout);
        let socket = match proxy {
            None => progress.dial(origin.host(), origin.port()).await?,
            Some(proxy) => progress.dial(proxy.host(), proxy.port()).await?,
        };
        if let Some(proxy) = proxy.filter(|_| origin.https()) {
            let opened = progress.within("the proxy's answer", tunnel::open(&socket, origin, proxy)).await?;
            opened.map_err(|error| progress.error(TransportErrorKind::Proxy, error))?;
        }
        let (socket, forward) = if origin.https() {
            let greeted =
                progress.within("the TLS handshake", self.tls.handshake(origin.host(), socket)).await?;
            let socket = greeted.map_err(|error| progress.error(TransportErrorKind::Tls, error))?;
            (Socket::Tls(Box::new(socket)), None)
        } else {
            (Socket::Plain(socket), proxy.map(|proxy| forward(origin, proxy)))
        };
        Connection::new(&self.http1, socket, progress.peer.clone(), forward)
            .await
            .map_err(|error| progress.error(TransportErrorKind::Connect, error))
    }
}

fn forward(origin: &Origin, proxy: &Proxy) -> Forward {
    Forward { origin: origin.clone(), authorization: proxy.authorization().cloned() }
}

/// How far a connection got; its steps share one time limit.
struct Progress {
    peer: String,
    timeout: Duration,
    deadline: Instant,
    is_proxied: bool,
}

impl Progress {
    fn new(origin: &Origin, proxy: Option<&Proxy>, timeout: Duration) -> Self {
        let peer = match proxy {
            None => origin.to_string(),
            Some(proxy) => format!("{origin} by the proxy {proxy}"),
        };
        // Years are as good as no limit, and do not overflow.
        let deadline = Instant::now() + timeout.min(Duration::from_secs(1 << 30));
        Self { peer, timeout, deadline, is_proxied: proxy.is_some() }
    }

    /// Connects to the first address that answers.
    async fn dial(&mut self, host: &str, port: u16) -> Result<TcpStream, TransportError> {
        if let Ok(address) = host.parse::<IpAddr>() {
            return self.dial_address(SocketAddr::new(address, port), self.deadline).await;
        }
        let found = self.within("the name lookup", lookup_host((host, port))).await?;
        let addresses: Vec<SocketAddr> =
            found.map_err(|error| self.unreached(TransportErrorKind::Dns, error))?.collect();
        let name = self.peer.clone();
        let mut failure = self.unreached(TransportErrorKind::Dns, "the lookup found none");
        for (index, address) in addresses.iter().enumerate() {
            self.peer = format!("{name} ({address})");
            // A silent address gets half of what is left, so that the next ones have a chance.
            let is_last = index + 1 == addresses.len();
            let now = Instant::now();
            let deadline = if is_last { self.deadline } else { now + (self.deadline - now) / 2 };
            match self.dial_address(*address, deadline).await {
                Ok(socket) => return Ok(socket),
                Err(error) => failure = error,
            }
        }
        Err(failure)
    }

    async fn dial_address(
        &self,
        address: SocketAddr,
        deadline: Instant,
    ) -> Result<TcpStream, TransportError> {
        let socket = timeout_at(deadline, TcpStream::connect(address)).await;
        let socket = socket.map_err(|_| self.timed_out("the connection"))?;
        socket
            .and_then(|socket| socket.set_nodelay(true).map(|()| socket))
            .map_err(|error| self.unreached(TransportErrorKind::Connect, error))
    }

    async fn within<T>(&self, what: &str, step: impl Future<Output = T>) -> Result<T, TransportError> {
        timeout_at(self.deadline, step).await.map_err(|_| self.timed_out(what))
    }

    fn timed_out(&self, what: &str) -> TransportError {
        let timeout = self.timeout;
        self.error(TransportErrorKind::ConnectTimeout, format!("waited for {what}, {timeout:?} in all"))
    }

    /// The server, or the proxy on the way to it, was not reached.
    fn unreached(
        &self,
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> TransportError {
        self.error(if self.is_proxied { TransportErrorKind::Proxy } else { kind }, source)
    }

    fn error(
        &self,
        kind: TransportErrorKind,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> TransportError {
        TransportError::new(kind, self.peer.as_str(), Reached::NotSent).with_source(source)
    }
}

//! Opening a connection: name, address, proxy, TLS.

use std::{io, net::SocketAddr};

use hyper::client::conn::http1;
use rustls::pki_types::ServerName;
use tokio::{
    net::{TcpStream, lookup_host},
    time::{Instant, timeout_at},
};
use tokio_rustls::{TlsConnector, client::TlsStream};

use super::{
    super::{
        Awaited, TransportError, TransportErrorKind,
        connect::{Connector, Limit, Route},
        origin::Origin,
        proxy::Proxy,
        tls::{BoxError, Tls, unwrapped},
        tunnel,
    },
    connection::Connection,
    stream::Socket,
};

/// Opens a connection within the connect timeout, and within `attempt`.
pub(super) async fn connect(
    connector: &Connector,
    http1: &http1::Builder,
    origin: &Origin,
    attempt: Limit,
) -> Result<Connection, TransportError> {
    let mut route = connector.route(origin)?;
    route.limit = attempt.or_sooner(route.limit);
    let socket = dial(&mut route).await?;
    if let Some(proxy) = route.tunnel() {
        let opened = within(&route, Awaited::Proxy, open_tunnel(&socket, origin, proxy)).await?;
        opened.map_err(|error| route.error(TransportErrorKind::Proxy, error))?;
    }
    let socket: Box<dyn Socket> = if origin.https() {
        let greeting = handshake(&connector.tls, origin.host(), socket);
        let greeted = within(&route, Awaited::TlsHandshake, greeting).await?;
        Box::new(greeted.map_err(|error| route.error(TransportErrorKind::Tls, error))?)
    } else {
        Box::new(socket)
    };
    Connection::new(http1, socket, route.peer(), route.forward())
        .await
        .map_err(|error| route.error(TransportErrorKind::Connect, error))
}

/// Connects to the first address that accepts.
async fn dial(route: &mut Route<'_>) -> Result<TcpStream, TransportError> {
    let (host, port) = route.target();
    if let Ok(address) = host.parse() {
        return dial_address(route, SocketAddr::new(address, port), route.limit.deadline).await;
    }
    let found = within(route, Awaited::NameLookup, lookup_host((host, port))).await?;
    let addresses: Vec<SocketAddr> =
        found.map_err(|error| route.unreached(TransportErrorKind::Dns, error))?.collect();
    let mut failure = route.unreached(TransportErrorKind::Dns, "the lookup found none");
    for (others, address) in (0..addresses.len()).rev().zip(addresses) {
        let deadline = route.turn_to(address, others);
        match dial_address(route, address, deadline).await {
            Ok(socket) => return Ok(socket),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

async fn dial_address(
    route: &Route<'_>,
    address: SocketAddr,
    deadline: Instant,
) -> Result<TcpStream, TransportError> {
    let socket = timeout_at(deadline, TcpStream::connect(address)).await;
    let socket = socket.map_err(|_| route.timed_out(Awaited::Connection))?;
    socket
        .and_then(|socket| socket.set_nodelay(true).map(|()| socket))
        .map_err(|error| route.unreached(TransportErrorKind::Connect, error))
}

async fn within<T>(
    route: &Route<'_>,
    awaited: Awaited,
    step: impl Future<Output = T>,
) -> Result<T, TransportError> {
    timeout_at(route.limit.deadline, step).await.map_err(|_| route.timed_out(awaited))
}

async fn open_tunnel(socket: &TcpStream, origin: &Origin, proxy: &Proxy) -> Result<(), BoxError> {
    write_all(socket, &tunnel::request(origin, proxy)).await?;
    let mut response = Vec::new();
    loop {
        socket.readable().await?;
        match socket.try_read_buf(&mut response) {
            Ok(read) if tunnel::is_incomplete(&response, read)? => {}
            Ok(_) => return Ok(tunnel::check(&response)?),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error.into()),
        }
    }
}

async fn write_all(socket: &TcpStream, mut bytes: &[u8]) -> io::Result<()> {
    while !bytes.is_empty() {
        socket.writable().await?;
        match socket.try_write(bytes) {
            Ok(written) => bytes = bytes.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
            Err(error) => return Err(error),
        }
    }
    Ok(())
}

/// The TLS handshake with the server `host`.
async fn handshake(tls: &Tls, host: &str, socket: TcpStream) -> Result<TlsStream<TcpStream>, BoxError> {
    let name = ServerName::try_from(host.to_owned())?;
    let connector = TlsConnector::from(tls.config()?);
    connector.connect(name, socket).await.map_err(unwrapped)
}

//! Opening a connection: name, address, proxy, TLS.

use std::{
    io,
    net::{SocketAddr, TcpStream, ToSocketAddrs as _},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
};

use rustls::{ClientConnection, pki_types::ServerName};

use super::{
    super::{
        Awaited, Instant, TransportError, TransportErrorKind,
        connect::{Connector, Limit, Route},
        origin::Origin,
        proxy::Proxy,
        tls::{BoxError, Tls, unwrapped},
        tunnel,
    },
    connection::Connection,
    stream::{Socket, Stream},
};

/// Opens a connection within the connect timeout, and within `attempt`.
pub(super) fn connect(
    connector: &Connector,
    origin: &Origin,
    attempt: Limit,
) -> Result<Connection, TransportError> {
    let mut route = connector.route(origin)?;
    route.limit = attempt.or_sooner(route.limit);
    let mut socket = Socket::new(dial(&mut route)?, route.limit.deadline);
    if let Some(proxy) = route.tunnel() {
        let opened = open_tunnel(&mut socket, origin, proxy);
        opened.map_err(|error| late(&route, Awaited::Proxy, TransportErrorKind::Proxy, error))?;
    }
    let stream = if origin.https() {
        let greeted = handshake(&connector.tls, origin.host(), socket);
        greeted.map_err(|error| late(&route, Awaited::TlsHandshake, TransportErrorKind::Tls, error))?
    } else {
        Stream::plain(socket)
    };
    Ok(Connection::new(stream, route.peer(), route.forward()))
}

/// Connects to the first address that accepts.
fn dial(route: &mut Route<'_>) -> Result<TcpStream, TransportError> {
    let (host, port) = route.target();
    if let Ok(address) = host.parse() {
        return dial_address(route, SocketAddr::new(address, port), route.limit.deadline);
    }
    let addresses = look_up(route)?;
    let mut failure = route.unreached(TransportErrorKind::Dns, "the lookup found none");
    for (others, address) in (0..addresses.len()).rev().zip(addresses) {
        let deadline = route.turn_to(address, others);
        match dial_address(route, address, deadline) {
            Ok(socket) => return Ok(socket),
            Err(error) => failure = error,
        }
    }
    Err(failure)
}

/// Looks the name up on a thread that is abandoned if it takes too long, because a lookup cannot be cancelled.
fn look_up(route: &Route<'_>) -> Result<Vec<SocketAddr>, TransportError> {
    let (host, port) = route.target();
    let host = host.to_owned();
    let (found, result) = mpsc::sync_channel(1);
    let lookup = move || {
        // The caller may have stopped waiting.
        let _ = found.send((host.as_str(), port).to_socket_addrs().map(Vec::from_iter));
    };
    let started = thread::Builder::new().name("name lookup".to_owned()).spawn(lookup);
    let found = started.and_then(|_| match result.recv_timeout(route.limit.left()) {
        Ok(found) => found,
        Err(RecvTimeoutError::Timeout) => Err(io::ErrorKind::TimedOut.into()),
        Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("the lookup ended without a result")),
    });
    found.map_err(|error| {
        if route.limit.left().is_zero() {
            return route.timed_out(Awaited::NameLookup);
        }
        route.unreached(TransportErrorKind::Dns, error)
    })
}

fn dial_address(
    route: &Route<'_>,
    address: SocketAddr,
    deadline: Instant,
) -> Result<TcpStream, TransportError> {
    let left = deadline.saturating_duration_since(Instant::now());
    if left.is_zero() {
        return Err(route.timed_out(Awaited::Connection));
    }
    let socket = TcpStream::connect_timeout(&address, left);
    socket.and_then(|socket| socket.set_nodelay(true).map(|()| socket)).map_err(|error| {
        if error.kind() == io::ErrorKind::TimedOut && deadline <= Instant::now() {
            return route.timed_out(Awaited::Connection);
        }
        route.unreached(TransportErrorKind::Connect, error)
    })
}

/// The error of a failed step: a timeout, or the step's own error.
fn late(route: &Route<'_>, awaited: Awaited, kind: TransportErrorKind, error: BoxError) -> TransportError {
    let is_late = error
        .downcast_ref::<io::Error>()
        .is_some_and(|error| error.kind() == io::ErrorKind::TimedOut && route.limit.left().is_zero());
    if is_late { route.timed_out(awaited) } else { route.error(kind, error) }
}

fn open_tunnel(socket: &mut Socket, origin: &Origin, proxy: &Proxy) -> Result<(), BoxError> {
    use io::{Read as _, Write as _};

    socket.write_all(&tunnel::request(origin, proxy))?;
    let (mut response, mut space) = (Vec::new(), [0; 1024]);
    loop {
        let read = socket.read(&mut space)?;
        response.extend_from_slice(space.get(..read).unwrap_or_default());
        if !tunnel::is_incomplete(&response, read)? {
            return Ok(tunnel::check(&response)?);
        }
    }
}

/// The TLS handshake with the server `host`.
fn handshake(tls: &Tls, host: &str, socket: Socket) -> Result<Stream, BoxError> {
    let name = ServerName::try_from(host.to_owned())?;
    let session = ClientConnection::new(tls.config()?, name)?;
    Stream::secured(socket, session).map_err(unwrapped)
}

//! A connected socket, plain or with TLS, with a deadline.

use std::{
    io::{self, ErrorKind, Read, Write},
    net::TcpStream,
    time::Duration,
};

use bytes::BytesMut;
use rustls::ClientConnection;

use super::super::{Instant, TransportErrorKind, fault::io_kind};

/// Most bytes of one read: the size of a TLS record.
const CHUNK: usize = 16 * 1024;

/// How long a write waits before the socket is checked for an early response.
const PATIENCE: Duration = Duration::from_millis(20);

/// A connected socket, plain or with TLS, that counts bytes.
pub(super) struct Stream {
    socket: Socket,
    tls: Option<Box<ClientConnection>>,
    read: usize,
}

/// A socket whose reads and writes time out at a deadline.
pub(super) struct Socket {
    tcp: TcpStream,
    deadline: Instant,
    written: usize,
}

impl Stream {
    pub(super) fn plain(socket: Socket) -> Self {
        Self { socket, tls: None, read: 0 }
    }

    /// The TLS handshake.
    pub(super) fn secured(mut socket: Socket, mut tls: ClientConnection) -> io::Result<Self> {
        while tls.is_handshaking() || tls.wants_write() {
            tls.complete_io(&mut socket).map_err(|error| alert_or(&mut tls, &mut socket, error))?;
        }
        Ok(Self { socket, tls: Some(Box::new(tls)), read: 0 })
    }

    /// Starts an exchange.
    pub(super) fn begin(&mut self, deadline: Instant) {
        self.socket.deadline = deadline;
        self.socket.written = 0;
        self.read = 0;
    }

    /// Bytes that were read since the exchange began.
    pub(super) fn read_bytes(&self) -> usize {
        self.read
    }

    /// Bytes that were written since the exchange began, including those of TLS.
    pub(super) fn written_bytes(&self) -> usize {
        self.socket.written
    }

    /// Appends the next bytes to `buffer`: none if the other end has closed.
    pub(super) fn read(&mut self, buffer: &mut BytesMut) -> io::Result<usize> {
        let len = buffer.len();
        buffer.resize(len + CHUNK, 0);
        let (_, space) = buffer.split_at_mut(len);
        let read = match &mut self.tls {
            None => self.socket.read(space),
            Some(tls) => read_tls(tls, &mut self.socket, space),
        };
        buffer.truncate(len + *read.as_ref().unwrap_or(&0));
        self.read += *read.as_ref().unwrap_or(&0);
        read
    }

    /// Sends `bytes` and removes what was sent. Returns `false` if the server responds before it has read them.
    pub(super) fn send(&mut self, bytes: &mut &[u8]) -> io::Result<bool> {
        loop {
            let taken = match &mut self.tls {
                Some(tls) if tls.wants_write() => tls.write_tls(&mut Impatient(&mut self.socket)).map(|_| 0),
                _ if bytes.is_empty() => return Ok(true),
                Some(tls) => tls.writer().write(bytes),
                None => Impatient(&mut self.socket).write(bytes),
            };
            match taken {
                Ok(taken) => *bytes = bytes.get(taken..).unwrap_or_default(),
                Err(error) if error.kind() == ErrorKind::WouldBlock => {
                    if !self.is_silent() {
                        return Ok(false);
                    }
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// Whether the other end is connected and has sent nothing, as far as the client knows.
    pub(super) fn is_silent(&mut self) -> bool {
        let tcp = &self.socket.tcp;
        if tcp.set_nonblocking(true).is_err() {
            return false;
        }
        let is_silent = match &mut self.tls {
            None => tcp.peek(&mut [0]).is_err_and(|error| error.kind() == ErrorKind::WouldBlock),
            Some(tls) => is_tls_silent(tls, tcp),
        };
        tcp.set_nonblocking(false).is_ok() && is_silent
    }
}

/// Unlike `rustls::Stream`, this sends nothing: a server that responds early may have stopped reading.
fn read_tls(tls: &mut ClientConnection, socket: &mut Socket, space: &mut [u8]) -> io::Result<usize> {
    loop {
        match tls.reader().read(space) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => {}
            read => return read,
        }
        tls.read_tls(socket)?;
        tls.process_new_packets().map_err(|error| io::Error::new(ErrorKind::InvalidData, error))?;
    }
}

/// The server's alert, if it sent one before it closed the connection. A server that refuses the client does not read
/// what the client still writes, so that writes may fail before the alert is read.
fn alert_or(tls: &mut ClientConnection, socket: &mut Socket, error: io::Error) -> io::Error {
    if io_kind(&error) != TransportErrorKind::Closed {
        return error;
    }
    while tls.read_tls(socket).is_ok_and(|read| read > 0) {
        if let Err(alert) = tls.process_new_packets() {
            return io::Error::new(ErrorKind::InvalidData, alert);
        }
    }
    error
}

/// Drops messages of TLS itself, such as tickets.
fn is_tls_silent(tls: &mut ClientConnection, mut tcp: &TcpStream) -> bool {
    loop {
        match tls.process_new_packets() {
            Ok(state) if state.plaintext_bytes_to_read() == 0 && !state.peer_has_closed() => {}
            Ok(_) | Err(_) => return false,
        }
        match tls.read_tls(&mut tcp) {
            Ok(0) => return false,
            Ok(_) => {}
            Err(error) => return error.kind() == ErrorKind::WouldBlock,
        }
    }
}

impl Socket {
    pub(super) fn new(tcp: TcpStream, deadline: Instant) -> Self {
        Self { tcp, deadline, written: 0 }
    }

    /// The remaining time, never zero, which a socket would take as no limit.
    fn left(&self) -> io::Result<Duration> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(ErrorKind::TimedOut.into()) } else { Ok(left) }
    }
}

impl Read for Socket {
    fn read(&mut self, space: &mut [u8]) -> io::Result<usize> {
        loop {
            self.tcp.set_read_timeout(Some(self.left()?))?;
            match self.tcp.read(space) {
                Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
                read => return read,
            }
        }
    }
}

impl Write for Socket {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match Impatient(self).write(bytes) {
                Err(error) if error.kind() == ErrorKind::WouldBlock => {}
                written => return written,
            }
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes that fail with `WouldBlock` after a short time.
struct Impatient<'a>(&'a mut Socket);

impl Write for Impatient<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let Self(socket) = self;
        socket.tcp.set_write_timeout(Some(socket.left()?.min(PATIENCE)))?;
        match socket.tcp.write(bytes) {
            Ok(written) => {
                socket.written += written;
                Ok(written)
            }
            Err(error) if matches!(error.kind(), ErrorKind::TimedOut | ErrorKind::Interrupted) => {
                Err(ErrorKind::WouldBlock.into())
            }
            Err(error) => Err(error),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

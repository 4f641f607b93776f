//! One HTTP/1.1 connection, and an exchange over it.

use std::io;

use bytes::{Buf as _, BytesMut};
use http::{StatusCode, header::CONNECTION, response::Parts};

use super::{
    super::{
        Awaited, Peer, Request, Response, TransportError, TransportErrorKind,
        body::Incoming,
        builder::Bounds,
        connect::Limit,
        fault::{Passed, SWITCHED, io_kind},
        forward::Forward,
        tls::unwrapped,
    },
    body::{Body, Framing, Next},
    head::{self, Fault},
    stream::Stream,
};
use crate::wire::BodyTooLarge;

/// The largest body that is copied after its head, so that both fit into one packet.
const MAX_JOINED: usize = 16 * 1024;

pub(super) struct Connection {
    stream: Stream,
    /// Bytes that were read, but not used yet.
    buffer: BytesMut,
    peer: Peer,
    forward: Option<Forward>,
    used: bool,
    is_idle: bool,
    /// The response whose body is being received.
    response: Option<Incoming>,
}

/// Why an exchange failed.
pub(super) enum Failure {
    /// The connection was closed before a byte of the request was sent.
    Unsent(TransportError),
    Failed(TransportError),
}

/// What interrupted an exchange.
enum Broken {
    Io(io::Error),
    /// The other end closed the connection.
    Ended,
    /// The server switched to another protocol.
    Switched,
    Response(Fault),
}

impl Connection {
    pub(super) fn new(stream: Stream, peer: Peer, forward: Option<Forward>) -> Self {
        Self { stream, buffer: BytesMut::new(), peer, forward, used: false, is_idle: true, response: None }
    }

    /// Sends a request and collects the response, by the end of `limit`.
    pub(super) fn exchange(
        &mut self,
        request: &mut Request,
        limit: Limit,
        bounds: &Bounds,
    ) -> Result<Response, Failure> {
        if let Some(forward) = &self.forward {
            forward.apply(request);
        }
        let reused = std::mem::replace(&mut self.used, true);
        self.is_idle = false;
        self.response = None;
        self.stream.begin(limit.deadline);
        self.converse(request, bounds).or_else(|broken| {
            let (written, read) = (self.stream.written_bytes(), self.stream.read_bytes());
            let passed = Passed { reused, body: request.body().len(), written, read };
            let error = self.failed(broken, &passed, limit);
            match self.response.take() {
                Some(response) => response.broken_off(error).map_err(Failure::Failed),
                None if written == 0 && error.kind() == TransportErrorKind::Closed => {
                    Err(Failure::Unsent(error))
                }
                None => Err(Failure::Failed(error)),
            }
        })
    }

    /// Whether the connection can take another request, as far as the client knows.
    pub(super) fn is_open(&mut self) -> bool {
        self.is_idle && self.stream.is_silent()
    }

    /// Whether the last exchange is over and the connection kept.
    pub(super) fn is_idle(&self) -> bool {
        self.is_idle
    }

    fn converse(&mut self, request: &Request, bounds: &Bounds) -> Result<Response, Broken> {
        let (mut head, mut body) = (head::write(request), request.body().as_ref());
        if body.len() <= MAX_JOINED {
            head.extend_from_slice(std::mem::take(&mut body));
        }
        let mut unsent = [head.as_slice(), body];
        let (mut is_sent, mut failure) = (false, None);
        let (head, plan) = loop {
            // A response that has begun comes first: the server may have stopped reading.
            if self.buffer.is_empty() && failure.is_none() {
                match self.send(&mut unsent) {
                    Ok(sent) => is_sent = sent,
                    // Before it closes, a server may report why it stops reading.
                    Err(error)
                        if io_kind(&error) == TransportErrorKind::Closed && !self.stream.is_silent() =>
                    {
                        failure = Some(error);
                    }
                    Err(error) => return Err(Broken::Io(error)),
                }
            }
            match (self.head(request, bounds), failure.take()) {
                (Ok(Some(head)), _) => break head,
                // An informational response, after which the server may read on.
                (Ok(None), error) => failure = error,
                // The reason, as an alert of TLS.
                (Err(Broken::Io(read)), Some(_)) if io_kind(&read) == TransportErrorKind::Tls => {
                    return Err(Broken::Io(read));
                }
                (Err(_), Some(error)) => return Err(Broken::Io(error)),
                (Err(broken), None) => return Err(broken),
            }
        };
        let announced = if let Framing::Length(length) = plan.framing { Some(length) } else { None };
        self.response = Some(Incoming::new(head, announced, bounds.body_bytes).map_err(too_large)?);
        self.body(plan.framing)?;
        self.is_idle = is_sent
            && plan.keeps
            && self.buffer.is_empty()
            && !head::has_token(request.headers(), &CONNECTION, "close");
        Ok(self.response.take().expect("it began above, and ends here").complete())
    }

    /// Sends the rest of a request; returns `false` if the server responds before it has read the request.
    fn send(&mut self, [head, body]: &mut [&[u8]; 2]) -> io::Result<bool> {
        Ok(self.stream.send(head)? && self.stream.send(body)?)
    }

    /// The head of the response; `None` after an informational response.
    fn head(&mut self, request: &Request, bounds: &Bounds) -> Result<Option<(Parts, head::Plan)>, Broken> {
        loop {
            let Some((len, head)) = head::parse(&self.buffer, bounds)? else {
                self.fill()?;
                continue;
            };
            self.buffer.advance(len);
            if head.status == StatusCode::SWITCHING_PROTOCOLS {
                return Err(Broken::Switched);
            }
            if head.status.is_informational() {
                return Ok(None);
            }
            let plan = head::plan(&head, request.method())?;
            return Ok(Some((head, plan)));
        }
    }

    fn body(&mut self, framing: Framing) -> Result<(), Broken> {
        let mut body = Body::new(framing);
        loop {
            match (body.next(&mut self.buffer)?, &mut self.response) {
                (Next::Piece(piece), Some(response)) => response.push(piece).map_err(too_large)?,
                (Next::Piece(_), None) | (Next::End, _) => return Ok(()),
                (Next::More, _) => match self.fill() {
                    Err(Broken::Ended) if framing == Framing::UntilEnd => return Ok(()),
                    filled => filled?,
                },
            }
        }
    }

    fn fill(&mut self) -> Result<(), Broken> {
        match self.stream.read(&mut self.buffer) {
            Ok(0) => Err(Broken::Ended),
            Ok(_) => Ok(()),
            Err(error) => Err(Broken::Io(error)),
        }
    }

    /// The error of a failed exchange.
    fn failed(&self, broken: Broken, passed: &Passed, limit: Limit) -> TransportError {
        let (kind, source) = match broken {
            Broken::Io(error) if error.kind() == io::ErrorKind::TimedOut && limit.left().is_zero() => {
                let reached = passed.reached(TransportErrorKind::AttemptTimeout);
                return limit.error(self.peer.clone(), reached, Awaited::Response);
            }
            Broken::Io(error) => (io_kind(&error), unwrapped(error)),
            Broken::Ended => (TransportErrorKind::Closed, "the other end closed it".into()),
            Broken::Switched => (TransportErrorKind::SwitchedProtocols, SWITCHED.into()),
            Broken::Response(Fault::NotHttp(source)) => (TransportErrorKind::Protocol, source),
            Broken::Response(Fault::TooLarge(source)) => (TransportErrorKind::TooLarge, source),
        };
        TransportError::new(kind, self.peer.clone(), passed.reached(kind)).with_source(source)
    }
}

fn too_large(bound: BodyTooLarge) -> Fault {
    Fault::TooLarge(Box::new(bound))
}

impl From<Fault> for Broken {
    fn from(fault: Fault) -> Self {
        Self::Response(fault)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::Write,
        net::{TcpListener, TcpStream},
        time::Duration,
    };

    use bytes::Bytes;

    use super::{super::stream::Socket, *};

    /// The other end is reset, so it cannot have read anything: the request may be sent again.
    #[test]
    fn a_request_to_a_closed_connection_is_unsent() {
        let limit = Limit::new(TransportErrorKind::AttemptTimeout, Duration::from_secs(1));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let mut client = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        client.write_all(b"never read").unwrap();
        let (server, _) = listener.accept().unwrap();
        server.peek(&mut [0]).unwrap();
        drop(server);
        let stream = Stream::plain(Socket::new(client, limit.deadline));
        let mut connection = Connection::new(stream, "peer".into(), None);
        let mut request = http::Request::post("/path").body(Bytes::from_static(b"body")).unwrap();
        let bounds = Bounds { header_bytes: 1000, headers: 100, body_bytes: 1000 };

        match connection.exchange(&mut request, limit, &bounds) {
            Err(Failure::Unsent(error)) => assert_eq!(error.reached(), super::super::super::Reached::NotSent),
            Err(Failure::Failed(error)) => panic!("{error:?}"),
            Ok(response) => panic!("{response:?}"),
        }
        assert!(!connection.is_idle());
    }
}

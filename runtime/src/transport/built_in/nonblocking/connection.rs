//! One HTTP/1.1 connection, and an exchange over it.
//!
//! The request that uses the connection polls it, instead of a separate task: no task is woken to wake another, nothing
//! has to be stopped, and dropping an unfinished exchange closes the socket.

use std::{
    error::Error as StdError,
    future::poll_fn,
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, Waker},
};

use http::StatusCode;
use http_body::Body as _;
use hyper::{
    body::Incoming as IncomingBody,
    client::conn::{TrySendError, http1},
};
use tokio::{
    runtime::{self, Handle},
    task::unconstrained,
};

use super::{
    super::{
        Awaited, Peer, Reached, Response, TransportError, TransportErrorKind,
        body::Incoming,
        connect::Limit,
        fault::{Passed, SWITCHED, io_kind},
        forward::Forward,
    },
    adapt::Payload,
    stream::{Socket, Stream, Traffic},
};
use crate::{text::causes, wire::BodyTooLarge};

pub(super) struct Connection {
    sender: http1::SendRequest<Payload>,
    /// Absent when it has ended: dropping it returns a request that it did not process.
    driver: Option<http1::Connection<Stream, Payload>>,
    /// The driver's error, if no exchange has reported it.
    error: Option<hyper::Error>,
    traffic: Arc<Traffic>,
    /// The runtime whose I/O driver wakes the task that waits for this connection, while somebody drives it.
    runtime: runtime::Id,
    peer: Peer,
    forward: Option<Forward>,
    used: bool,
    /// The response whose body is being received.
    response: Option<Incoming>,
}

/// Why an exchange failed.
pub(super) enum Failure {
    /// The connection was closed before the request was used: here is the request.
    Unsent(Box<http::Request<Payload>>, hyper::Error),
    Failed(TransportError),
}

impl Connection {
    pub(super) async fn new(
        http1: &http1::Builder,
        socket: Box<dyn Socket>,
        peer: Peer,
        forward: Option<Forward>,
    ) -> Result<Self, hyper::Error> {
        let traffic = Arc::new(Traffic::default());
        let (sender, driver) = http1.handshake(Stream::new(socket, Arc::clone(&traffic))).await?;
        Ok(Self {
            sender,
            driver: Some(driver),
            error: None,
            traffic,
            runtime: Handle::current().id(),
            peer,
            forward,
            used: false,
            response: None,
        })
    }

    /// Sends a request and collects the response, whose body has at most `max_body` bytes.
    pub(super) fn exchange(
        &mut self,
        mut request: http::Request<Payload>,
        max_body: usize,
    ) -> impl Future<Output = Result<Response, Failure>> {
        if let Some(forward) = &self.forward {
            forward.apply(&mut request);
        }
        let reused = std::mem::replace(&mut self.used, true);
        let sent = Sent { reused, body_len: request.body().len() };
        self.traffic.reset();
        self.response = None;
        // Passed on before the future is created, which would hold the request otherwise.
        let received = self.sender.try_send_request(request);
        self.receive(sent, received, max_body)
    }

    async fn receive(
        &mut self,
        sent: Sent,
        received: impl Future<Output = Result<http::Response<IncomingBody>, TrySendError<http::Request<Payload>>>>,
        max_body: usize,
    ) -> Result<Response, Failure> {
        // Unconstrained, because nothing would wake the task after a pause for fairness.
        let mut received = pin!(unconstrained(received));
        let (head, body) = match self.drive(|cx| received.as_mut().poll(cx)).await {
            Ok(received) => received.into_parts(),
            Err(mut error) => {
                return Err(match error.take_message() {
                    Some(request) => Failure::Unsent(Box::new(request), error.into_error()),
                    None => Failure::Failed(self.failed(&sent, error.into_error())),
                });
            }
        };
        if head.status == StatusCode::SWITCHING_PROTOCOLS {
            let error = self.error(TransportErrorKind::SwitchedProtocols, Reached::MaybeSent);
            return Err(Failure::Failed(error.with_source(SWITCHED)));
        }
        let response = Incoming::new(head, body.size_hint().exact(), max_body);
        self.response = Some(response.map_err(|bound| Failure::Failed(self.too_large(bound)))?);
        let error = match self.collect(body).await {
            Ok(()) => {
                let response = self.response.take().expect("it began above, and ends here");
                return Ok(response.complete());
            }
            Err(BodyError::TooLarge(bound)) => self.too_large(bound),
            Err(BodyError::Broken(error)) => self.failed(&sent, error),
        };
        self.broken_off(error)
    }

    pub(super) fn runtime(&self) -> runtime::Id {
        self.runtime
    }

    /// Whether the connection can take another request, as far as the client knows. No task is woken when that changes.
    pub(super) fn is_open(&mut self) -> bool {
        self.poll_driver(&mut Context::from_waker(Waker::noop()));
        self.is_idle()
    }

    /// Whether the last exchange is over and the connection kept.
    pub(super) fn is_idle(&self) -> bool {
        self.driver.is_some() && self.sender.is_ready()
    }

    /// An error of this connection.
    pub(super) fn error(&self, kind: TransportErrorKind, reached: Reached) -> TransportError {
        TransportError::new(kind, self.peer.clone(), reached)
    }

    /// The result of an exchange that timed out.
    pub(super) fn late(&mut self, limit: Limit, body_len: usize) -> Result<Response, Failure> {
        let reached = self.passed(false, body_len).reached(TransportErrorKind::AttemptTimeout);
        self.broken_off(limit.error(self.peer.clone(), reached, Awaited::Response))
    }

    /// The result of an exchange that an error ended: an incomplete error response, or the error.
    fn broken_off(&mut self, error: TransportError) -> Result<Response, Failure> {
        self.driver = None;
        match self.response.take() {
            Some(response) => response.broken_off(error).map_err(Failure::Failed),
            None => Err(Failure::Failed(error)),
        }
    }

    fn too_large(&self, bound: BodyTooLarge) -> TransportError {
        self.error(TransportErrorKind::TooLarge, Reached::MaybeSent).with_source(bound)
    }

    async fn collect(&mut self, mut body: IncomingBody) -> Result<(), BodyError> {
        while !body.is_end_stream() {
            match self.drive(|cx| Pin::new(&mut body).poll_frame(cx)).await {
                Some(Ok(frame)) => {
                    // The other kind of frame, trailers, is not used.
                    if let (Ok(data), Some(response)) = (frame.into_data(), &mut self.response) {
                        response.push(data)?;
                    }
                }
                Some(Err(error)) => return Err(BodyError::Broken(error)),
                None => break,
            }
        }
        Ok(())
    }

    /// Polls the driver until `result` is ready.
    ///
    /// Hyper expects two tasks that wake each other. Here one task is both, and is already running when it would be
    /// woken: the driver gets its waker only before the task has to wait.
    async fn drive<T>(&mut self, mut result: impl FnMut(&mut Context<'_>) -> Poll<T>) -> T {
        poll_fn(|cx| {
            let mut silent = Context::from_waker(Waker::noop());
            for cx in [None, Some(cx)] {
                if let ready @ Poll::Ready(_) = result(&mut silent) {
                    return ready;
                }
                self.poll_driver(cx.unwrap_or(&mut silent));
            }
            result(&mut silent)
        })
        .await
    }

    fn poll_driver(&mut self, cx: &mut Context<'_>) {
        if let Some(driver) = &mut self.driver
            && let Poll::Ready(ended) = Pin::new(driver).poll(cx)
        {
            self.driver = None;
            self.error = ended.err();
        }
    }

    /// The error of a failed exchange.
    fn failed(&mut self, sent: &Sent, error: hyper::Error) -> TransportError {
        // If a body only reports that its connection failed, the connection has the reason.
        let is_vague = error.source().is_some_and(|source| !source.is::<io::Error>());
        let error = self.error.take().filter(|_| is_vague).unwrap_or(error);
        let kind = kind(&error);
        let passed = self.passed(sent.reused, sent.body_len);
        self.error(kind, passed.reached(kind)).with_source(error)
    }

    fn passed(&self, reused: bool, body: usize) -> Passed {
        Passed { reused, body, written: self.traffic.written(), read: self.traffic.read() }
    }
}

/// Facts about the request that was passed to the driver.
struct Sent {
    /// Whether the connection had been used by another request before.
    reused: bool,
    body_len: usize,
}

enum BodyError {
    TooLarge(BodyTooLarge),
    Broken(hyper::Error),
}

impl From<BodyTooLarge> for BodyError {
    fn from(bound: BodyTooLarge) -> Self {
        Self::TooLarge(bound)
    }
}

fn kind(error: &hyper::Error) -> TransportErrorKind {
    if error.is_parse() {
        // Without its `server` feature, hyper reports a head that is too large only by the text of the error.
        let is_too_large = error.to_string() == "message head is too large";
        return if is_too_large { TransportErrorKind::TooLarge } else { TransportErrorKind::Protocol };
    }
    if let Some(error) = causes(error).find_map(|cause| cause.downcast_ref::<io::Error>()) {
        return io_kind(error);
    }
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        TransportErrorKind::Closed
    } else {
        TransportErrorKind::Protocol
    }
}

#[cfg(test)]
mod tests {
    use tokio::net::{TcpListener, TcpStream};

    use super::*;

    /// Such a request must be returned: a future that waits for its response would wait forever.
    #[tokio::test]
    async fn a_request_to_a_closed_connection_is_handed_back() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        drop(listener.accept().await.unwrap());
        client.readable().await.unwrap();
        let socket = Box::new(client);
        let mut connection =
            Connection::new(&http1::Builder::new(), socket, "peer".into(), None).await.unwrap();
        let request = http::Request::post("/path").body(Payload::new("body".into())).unwrap();
        match connection.exchange(request, 0).await {
            Err(Failure::Unsent(request, _)) => {
                assert_eq!((request.uri().path(), request.body().len()), ("/path", 4));
            }
            Err(Failure::Failed(error)) => panic!("{error:?}"),
            Ok(response) => panic!("{response:?}"),
        }
        assert!(!connection.is_idle());
    }
}

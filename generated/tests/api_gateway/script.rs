//! A transport that plays a script.

use std::{
    collections::VecDeque,
    io::{Read, Write},
    net::TcpListener,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, SystemTime},
};

use gatewright::{
    BoxFuture,
    fake::TestContext,
    transport::{BlockingTransport, Request, Response, Transport, TransportError},
};

/// Responds to one request after the other, and keeps the requests.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    responses: Arc<Mutex<VecDeque<Response>>>,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Script {
    pub(crate) fn new(responses: impl IntoIterator<Item = Response>) -> Self {
        Self { responses: Arc::new(Mutex::new(responses.into_iter().collect())), seen: Arc::default() }
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    fn play(&self, request: Request) -> Response {
        self.seen.lock().unwrap().push(request);
        self.responses.lock().unwrap().pop_front().expect("there is a response for every attempt")
    }
}

impl Transport for Script {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let response = self.play(request);
        Box::pin(async { Ok(response) })
    }
}

impl BlockingTransport for Script {
    fn send(&self, request: Request, _: Duration) -> Result<Response, TransportError> {
        Ok(self.play(request))
    }
}

/// A server on loopback that sends this response to the head of every request, and closes; its URL, and how many it got.
pub(crate) fn serve(response: &'static str) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    thread::spawn(move || {
        for mut socket in listener.incoming().flatten() {
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && socket.read(&mut byte).is_ok_and(|read| read == 1) {
                head.extend_from_slice(&byte);
            }
            count.fetch_add(1, Ordering::SeqCst);
            drop(socket.write_all(response.as_bytes()));
        }
    });
    (url, asked)
}

pub(crate) fn response(status: u16, headers: &[(&str, &str)], body: &'static str) -> Response {
    let response = http::Response::builder().status(status);
    let response = headers.iter().fold(response, |response, (name, value)| response.header(*name, *value));
    response.body(body.into()).unwrap()
}

/// A machine whose clock shows noon.
pub(crate) fn machine() -> TestContext {
    TestContext::new().at(noon())
}

pub(crate) fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(498_708 * 60 * 60)
}

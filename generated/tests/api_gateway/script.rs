//! A transport that answers as it is told.

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

/// Answers one request after the other, and keeps them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Script {
    answers: Arc<Mutex<VecDeque<Response>>>,
    seen: Arc<Mutex<Vec<Request>>>,
}

impl Script {
    pub(crate) fn new(answers: impl IntoIterator<Item = Response>) -> Self {
        Self { answers: Arc::new(Mutex::new(answers.into_iter().collect())), seen: Arc::default() }
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    fn play(&self, request: Request) -> Response {
        self.seen.lock().unwrap().push(request);
        self.answers.lock().unwrap().pop_front().expect("there is an answer for every attempt")
    }
}

impl Transport for Script {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let answer = self.play(request);
        Box::pin(async { Ok(answer) })
    }
}

impl BlockingTransport for Script {
    fn send(&self, request: Request, _: Duration) -> Result<Response, TransportError> {
        Ok(self.play(request))
    }
}

/// A server on loopback that answers the head of every request so, and closes; its URL, and how many it got.
pub(crate) fn serve(answer: &'static str) -> (String, Arc<AtomicUsize>) {
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
            drop(socket.write_all(answer.as_bytes()));
        }
    });
    (url, asked)
}

pub(crate) fn answer(status: u16, headers: &[(&str, &str)], body: &'static str) -> Response {
    let answer = http::Response::builder().status(status);
    let answer = headers.iter().fold(answer, |answer, (name, value)| answer.header(*name, *value));
    answer.body(body.into()).unwrap()
}

/// A machine where it is noon.
pub(crate) fn machine() -> TestContext {
    TestContext::new().at(noon())
}

pub(crate) fn noon() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_hours(498_708)
}

//! Transient failures: which requests are retried, and which failures are final.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use gatewright_fake::TestContext;
use gatewright_runtime::credentials::{
    ContainerCredentials, InstanceCredentials, InstanceMetadata, ProvideCredentials,
};
use tokio::net::TcpSocket;

use crate::{
    drivers::Driver,
    machine,
    support::{Server, response, shown},
};

const CONTAINER: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const INSTANCE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
pub(crate) const GOOD: &str = r#"{"Code":"Success","AccessKeyId":"ID","SecretAccessKey":"TOPSECRET","Token":"t",
    "Expiration":"1970-01-01T06:00:00Z"}"#;

fn container(url: &str) -> ContainerCredentials {
    ContainerCredentials::new(machine::with(&[(CONTAINER, url)], &[]).shared())
}

fn instance(url: &str) -> InstanceCredentials {
    InstanceCredentials::new(InstanceMetadata::new(machine::with(&[(INSTANCE, url)], &[]).shared(), None))
}

/// What an instance's metadata says, with a good token or without.
pub(crate) fn metadata(line: &str) -> String {
    match line {
        "PUT /latest/api/token HTTP/1.1" => response(200, "token"),
        "GET /latest/meta-data/iam/security-credentials/ HTTP/1.1" => response(200, "reader"),
        "GET /latest/meta-data/placement/region HTTP/1.1" => response(200, "eu-west-1"),
        _ => response(200, GOOD),
    }
}

/// A server that sends this response once if the request line contains a text, and a good one otherwise.
fn once(first: &str, part: &'static str, well: impl Fn(&str) -> String + Send + Sync + 'static) -> Server {
    let first = Mutex::new(Some(first.to_owned()));
    Server::new(move |request| {
        let line = request.lines().next().unwrap();
        let first = if line.contains(part) { first.lock().unwrap().take() } else { None };
        Some(first.unwrap_or_else(|| well(line)))
    })
}

/// Cut off after a few bytes.
fn cut() -> String {
    "HTTP/1.1 200 OK\r\nContent-Length: 90\r\n\r\n{\"Code\":".to_owned()
}

/// Responses that may differ the next time, of any service.
fn passing() -> Vec<String> {
    let mut responses =
        vec![cut(), "garbage".to_owned(), String::new(), response(200, ""), response(200, "\n")];
    responses.extend([429, 500, 502, 503, 504].map(|status| response(status, "")));
    responses.extend(
        [r#"{"code":"ThrottlingException","message":"Rate exceeded"}"#, r#"{"__type":"a.b#SlowDown"}"#]
            .map(|body| response(400, body)),
    );
    responses
}

#[test]
fn transient_failures_of_a_container_endpoint_are_retried() {
    let broken = [response(200, "{\"AccessKeyId\":"), response(200, "<html>")];
    for first in passing().into_iter().chain(broken) {
        let server = once(&first, "GET", |_| response(200, GOOD));
        assert_eq!(
            shown(Driver::Blocking.provide(&container(&server.url))),
            "ID TOPSECRET t 21600",
            "{first}"
        );
        assert_eq!(server.requests().len(), 2, "{first}");
    }
}

#[test]
fn transient_failures_of_instance_metadata_are_retried() {
    let unknown = [response(401, "")];
    for part in ["PUT", "security-credentials/ ", "reader"] {
        for first in passing().into_iter().chain(unknown.clone()) {
            if part == "PUT" && first == unknown[0] {
                continue;
            }
            let server = once(&first, part, metadata);
            assert_eq!(
                shown(Driver::Blocking.provide(&instance(&server.url))),
                "ID TOPSECRET t 21600",
                "{part} {first}"
            );
            let tokens = server.requests().iter().filter(|request| request.starts_with("PUT")).count();
            assert_eq!(tokens, 2, "each attempt begins with a token of its own: {part} {first}");
        }
    }
}

#[test]
fn the_region_is_requested_again() {
    let server = once(&response(503, ""), "region", metadata);
    let machine = machine::with(&[(INSTANCE, &server.url)], &[]);
    assert_eq!(InstanceMetadata::new(machine.shared(), None).region_blocking().unwrap(), "eu-west-1");
}

#[test]
fn tokio_waits_between_attempts() {
    let server = once(&response(503, ""), "GET", |_| response(200, GOOD));
    let began = Instant::now();
    assert_eq!(shown(Driver::Awaiting.provide(&container(&server.url))), "ID TOPSECRET t 21600");
    assert!(began.elapsed() >= Duration::from_millis(500));
}

#[test]
fn permanent_failures_are_not_retried() {
    let named = r#"{"code":"AccessDenied","message":"no"}"#;
    for first in [response(400, named), response(403, ""), response(404, ""), response(200, "{}")] {
        let server = once(&first, "GET", |_| response(200, GOOD));
        assert!(Driver::Blocking.provide(&container(&server.url)).is_err(), "{first}");
        assert_eq!(server.requests().len(), 1, "{first}");
        let server = once(&first, "reader", metadata);
        assert!(Driver::Blocking.provide(&instance(&server.url)).is_err(), "{first}");
        assert_eq!(server.requests().len(), 3, "{first}");
    }
}

#[test]
fn a_slow_endpoint_is_called_again() {
    let slow = Mutex::new(true);
    let server = Server::new(move |_| {
        let is_slow = std::mem::take(&mut *slow.lock().unwrap());
        (!is_slow).then(|| response(200, GOOD))
    });
    assert_eq!(shown(Driver::Blocking.provide(&container(&server.url))), "ID TOPSECRET t 21600");
    assert_eq!(server.requests().len(), 2);
}

type Slept = Arc<Mutex<Vec<Duration>>>;

/// A port that refuses connections until a server listens, and that no other process gets.
fn refusing(variable: &str, then: fn(&Mutex<Option<TcpSocket>>)) -> (TestContext, Slept) {
    let port = TcpSocket::new_v4().unwrap();
    port.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let url = format!("http://{}", port.local_addr().unwrap());
    let (slept, port) = (Arc::new(Mutex::new(Vec::new())), Mutex::new(Some(port)));
    let kept = Arc::clone(&slept);
    let context = machine::with(&[(variable, &url)], &[]).on_sleep(move |duration| {
        kept.lock().unwrap().push(duration);
        then(&port);
    });
    (context, slept)
}

#[test]
fn a_container_endpoint_that_is_not_there_yet_is_called_again() {
    let (context, slept) = refusing(CONTAINER, |port| {
        let Some(port) = port.lock().unwrap().take() else { return };
        std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            let listener = runtime.block_on(async { port.listen(8).unwrap().into_std().unwrap() });
            listener.set_nonblocking(false).unwrap();
            Server::on(listener, |_| Some(response(200, GOOD)))
        })
        .join()
        .unwrap();
    });
    let source = ContainerCredentials::new(context.shared());
    assert_eq!(shown(Driver::Blocking.provide(&source)), "ID TOPSECRET t 21600");
    assert_eq!(*slept.lock().unwrap(), [Duration::from_millis(500)]);
}

#[test]
fn who_cannot_connect_to_metadata_is_on_no_instance() {
    let (context, slept) = refusing(INSTANCE, |_| ());
    let metadata = InstanceMetadata::new(context.shared(), None);
    let source: &dyn ProvideCredentials = &InstanceCredentials::new(metadata);
    assert!(Driver::Blocking.provide(source).unwrap_err().is_absent());
    assert_eq!(*slept.lock().unwrap(), [Duration::ZERO; 0]);
}

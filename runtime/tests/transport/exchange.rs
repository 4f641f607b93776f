//! Requests as they arrive and responses as they come back.

use std::{future::poll_fn, time::Duration};

use gatewright_runtime::transport::Transport;
use http::StatusCode;
use tokio::io::AsyncWriteExt;

use crate::{
    drivers::Driver,
    support::{OK, Server, builder, get, ok, post, read_request, with_both},
};

with_both! {
    a_request_arrives_as_it_was_made,
    a_host_that_was_set_is_kept,
    a_body_is_as_long_as_it_is,
    an_empty_body_is_announced_if_one_is_usual,
    a_large_body_arrives,
    status_and_headers_come_back,
    bodies,
    nothing_is_decompressed,
    closed_on_request,
    responses_without_a_body,
    a_response_byte_by_byte,
    redirects_are_responses,
    many_in_parallel,
}

async fn a_request_arrives_as_it_was_made(driver: Driver) {
    let server = Server::echoing().await;
    let mut request = post(&format!("{}a%20b//c?d=e&f", server.url()), "body");
    request.headers_mut().insert("x-one", "1".parse().unwrap());
    let echo = ok(driver.transport().send(request).await);
    let host = format!("host: {}", server.address);
    assert_eq!(
        echo.split("\r\n").collect::<Vec<_>>(),
        ["POST /a%20b//c?d=e&f HTTP/1.1", "x-one: 1", &host, "content-length: 4", "", "body"]
    );
}

async fn a_host_that_was_set_is_kept(driver: Driver) {
    let server = Server::echoing().await;
    let mut request = get(&server.url());
    request.headers_mut().insert("host", "signed.example".parse().unwrap());
    let echo = ok(driver.transport().send(request).await);
    assert_eq!(echo, "GET / HTTP/1.1\r\nhost: signed.example\r\n\r\n");
}

/// What a caller says of it neither keeps the server waiting nor makes a request of the rest.
async fn a_body_is_as_long_as_it_is(driver: Driver) {
    let server = Server::echoing().await;
    for (name, value) in [("content-length", "9"), ("content-length", "1"), ("transfer-encoding", "chunked")]
    {
        let mut request = post(&server.url(), "body");
        request.headers_mut().insert(name, value.parse().unwrap());
        let echo = ok(driver.transport().within(request, Duration::from_secs(1)).await);
        assert!(echo.contains("\r\ncontent-length: 4\r\n") && echo.ends_with("\r\n\r\nbody"), "{echo}");
        assert!(!echo.contains("chunked"), "{echo}");
    }
}

/// Without a body, methods that usually have one send its length, and only these; no length is sent twice.
async fn an_empty_body_is_announced_if_one_is_usual(driver: Driver) {
    let server = Server::echoing().await;
    for (method, lengths) in
        [("POST", 1), ("PUT", 1), ("PATCH", 1), ("GET", 0), ("DELETE", 0), ("OPTIONS", 0), ("POSTPONE", 0)]
    {
        for given in [None, Some("0"), Some("7")] {
            let mut request = get(&server.url());
            *request.method_mut() = method.parse().unwrap();
            if let Some(given) = given {
                request.headers_mut().append("content-length", given.parse().unwrap());
                request.headers_mut().append("content-length", given.parse().unwrap());
            }
            let echo = ok(driver.transport().within(request, Duration::from_secs(10)).await);
            let sent = echo.lines().filter(|line| line.starts_with("content-length:")).collect::<Vec<_>>();
            let expected = vec!["content-length: 0"; lengths.max(usize::from(given.is_some()))];
            assert_eq!(sent, expected, "{method} {given:?}");
        }
    }
}

async fn a_large_body_arrives(driver: Driver) {
    let server = Server::echoing().await;
    let body = "0123456789abcdef".repeat(1 << 16);
    let echo = ok(driver.transport().send(post(&server.url(), body.clone())).await);
    assert!(echo.ends_with(&body));
}

async fn status_and_headers_come_back(driver: Driver) {
    let server = Server::responding(
        "HTTP/1.1 503 Busy\r\nRetry-After: 2\r\nX-A: 1\r\nX-A: 2\r\nContent-Length: 4\r\n\r\nbusy",
    )
    .await;
    let response = driver.transport().send(get(&server.url())).await.unwrap();
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(response.headers()["retry-after"], "2");
    assert_eq!(response.headers().get_all("x-a").iter().count(), 2);
    assert_eq!(response.body(), "busy");
}

async fn check_body(driver: Driver, response: &'static str, body: &'static str) {
    let server = Server::closing(response).await;
    assert_eq!(ok(driver.transport().send(get(&server.url())).await), body, "{response}");
}

async fn bodies(driver: Driver) {
    check_body(
        driver,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n4\r\n two\r\n0\r\n\r\n",
        "one two",
    )
    .await;
    check_body(
        driver,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\none\r\n0\r\nX-Trailer: 1\r\n\r\n",
        "one",
    )
    .await;
    check_body(driver, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", "").await;
    check_body(driver, "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "").await;
    check_body(driver, "HTTP/1.1 204 No Content\r\n\r\n", "").await;
    check_body(driver, "HTTP/1.1 304 Not Modified\r\nContent-Length: 10\r\n\r\n", "").await;
    check_body(driver, "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end", "until the end").await;
    check_body(driver, "HTTP/1.0 200 OK\r\n\r\nold", "old").await;
    check_body(driver, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok", "ok").await;
    check_body(driver, "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok and more", "ok").await;
    check_body(driver, "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nleft", "left")
        .await;
}

/// A body that says it is compressed is handed on as it came.
async fn nothing_is_decompressed(driver: Driver) {
    let gzip = b"\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x02\0\xfd\xffok\x47\xdd\xdc\x79\x02\0\0\0";
    let mut response = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 25\r\n\r\n".to_vec();
    response.extend_from_slice(gzip);
    let server = Server::closing(response).await;
    let response = driver.transport().send(get(&server.url())).await.unwrap();
    assert_eq!(response.headers()["content-encoding"], "gzip");
    assert_eq!(response.body(), &gzip[..]);
}

/// The request's own `connection: close` is sent and obeyed.
async fn closed_on_request(driver: Driver) {
    let server = Server::responding(OK).await;
    let transport = driver.transport();
    for _ in 0..2 {
        let mut request = get(&server.url());
        request.headers_mut().insert("connection", "close".parse().unwrap());
        assert_eq!(ok(transport.send(request).await), "ok");
    }
    assert_eq!(server.connections(), 2);
}

/// Whatever their headers say (RFC 9112, 6.3): nothing is waited for, and the connection is kept.
async fn responses_without_a_body(driver: Driver) {
    for (method, head) in [
        ("HEAD", "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"),
        ("HEAD", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("HEAD", "HTTP/1.1 404 Not Found\r\n\r\n"),
        ("GET", "HTTP/1.1 204 No Content\r\nContent-Length: 1000\r\n\r\n"),
        ("DELETE", "HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n"),
        ("GET", "HTTP/1.1 304 Not Modified\r\nContent-Length: 1000\r\n\r\n"),
        ("GET", "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: chunked\r\n\r\n"),
    ] {
        let server = Server::responding(head).await;
        let transport = driver.transport();
        for _ in 0..2 {
            let request = http::Request::builder().method(method).uri(server.url());
            let request = request.body(bytes::Bytes::new()).unwrap();
            let response = transport.within(request, Duration::from_secs(10)).await.unwrap();
            assert_eq!(response.headers().contains_key("content-length"), head.contains("1000"));
            assert!(response.body().is_empty());
        }
        assert_eq!(server.connections(), 1, "{method} {head}");
    }
}

async fn a_response_byte_by_byte(driver: Driver) {
    let response = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    let server = Server::start(move |mut socket| async move {
        socket.set_nodelay(true)?;
        while read_request(&mut socket).await.is_some() {
            for byte in response.bytes() {
                socket.write_all(&[byte]).await?;
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    })
    .await;
    let transport = driver.transport();
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get(&server.url())).await), "hello");
    }
    assert_eq!(server.connections(), 1);
}

async fn redirects_are_responses(driver: Driver) {
    let server = Server::responding("HTTP/1.1 302 Found\r\nLocation: /\r\nContent-Length: 0\r\n\r\n").await;
    let response = driver.transport().send(get(&server.url())).await.unwrap();
    assert_eq!(response.status(), StatusCode::FOUND);
}

async fn many_in_parallel(driver: Driver) {
    let server = Server::responding(OK).await;
    let transport = driver.transport();
    let calls = (0..100).map(|_| {
        let (transport, url) = (transport.clone(), server.url());
        tokio::spawn(async move {
            for _ in 0..10 {
                assert_eq!(ok(transport.send(get(&url)).await), "ok");
            }
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
    assert!(server.connections() <= 100, "{}", server.connections());
}

/// Sending and receiving: were the halves of hyper to wake each other, there would be more.
#[tokio::test]
async fn a_call_is_polled_twice() {
    let server = Server::responding(OK).await;
    let transport = builder().build();
    ok(transport.send(get(&server.url())).await);
    let mut call = transport.send(get(&server.url()));
    let mut polls = 0;
    let response = poll_fn(|cx| {
        polls += 1;
        call.as_mut().poll(cx)
    });
    ok(response.await);
    assert_eq!(polls, 2);
}

//! What goes wrong between two machines, each told apart.

use std::time::Duration;

use gatewright_runtime::transport::{
    Reached::{MaybeSent, NotSent},
    TransportErrorKind::{Closed, Connect, ConnectTimeout, Dns, Protocol, Request, TooLarge},
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::support::{
    Driver, OK, Server, builder, chain, fails, get, nobody, ok, post, read_request, with_both,
};

with_both! {
    refused,
    unknown_name,
    plain_http_stays_here,
    tls_that_never_answers,
    endless_connect_timeout,
    closed_early,
    reset,
    reset_amid_the_body,
    reset_while_sending,
    not_http,
    a_body_over_the_bound,
    an_endless_body,
    ten_megabytes_of_header,
    the_bound_on_headers,
}

async fn refused(driver: Driver) {
    let (_socket, address) = nobody();
    let text = fails(&driver.transport(), &format!("http://{address}/"), Connect, NotSent).await;
    assert!(text.starts_with(&format!("{address}: no connection: Connection refused")), "{text}");
    let url = format!("http://localhost:{}/", address.port());
    let text = fails(&driver.transport(), &url, Connect, NotSent).await;
    assert!(text.starts_with(&format!("localhost:{} (", address.port())), "{text}");
}

async fn unknown_name(driver: Driver) {
    let transport = driver.build(builder().allow_http_to_any_host(true));
    let text = fails(&transport, "http://does-not-exist.invalid/", Dns, NotSent).await;
    assert!(text.starts_with("does-not-exist.invalid:80: the host name has no address: "), "{text}");
}

async fn plain_http_stays_here(driver: Driver) {
    for host in ["example.com", "10.0.0.1:8080", "localhost.example", "[2001:db8::1]"] {
        let text = fails(&driver.transport(), &format!("http://{host}/"), Request, NotSent).await;
        assert!(text.contains("use https://, or `allow_http_to_any_host`"), "{text}");
    }
}

async fn tls_that_never_answers(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        let mut hello = Vec::new();
        socket.read_to_end(&mut hello).await?;
        Ok(())
    })
    .await;
    let transport = driver.build(builder().connect_timeout(Duration::from_secs(1)));
    let url = server.url().replace("http:", "https:");
    let text = fails(&transport, &url, ConnectTimeout, NotSent).await;
    assert!(
        text.ends_with("no connection within the connect timeout: waited for the TLS handshake, 1s in all"),
        "{text}"
    );
}

async fn endless_connect_timeout(driver: Driver) {
    let server = Server::answering(OK).await;
    let transport = driver.build(builder().connect_timeout(Duration::MAX).idle_timeout(Duration::MAX));
    for _ in 0..2 {
        assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
    }
}

async fn closed_early(driver: Driver) {
    for answer in [
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nonly",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\none",
    ] {
        let server = Server::closing(answer).await;
        let text = fails(&driver.transport(), &server.url(), Closed, MaybeSent).await;
        assert!(text.contains("the connection ended before the answer did"), "{answer}: {text}");
    }
}

async fn reset(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.set_zero_linger()
    })
    .await;
    let text = fails(&driver.transport(), &server.url(), Closed, MaybeSent).await;
    assert!(text.contains("reset"), "{text}");
}

async fn reset_amid_the_body(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha").await?;
        tokio::time::sleep(Duration::from_millis(10)).await;
        socket.set_zero_linger()
    })
    .await;
    let text = fails(&driver.transport(), &server.url(), Closed, MaybeSent).await;
    assert!(text.contains("reset"), "{text}");
}

async fn reset_while_sending(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        let mut start = [0; 1000];
        socket.read_exact(&mut start).await?;
        socket.set_zero_linger()
    })
    .await;
    let request = post(&server.url(), vec![0; 16 << 20]);
    let error = driver.transport().send(request).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (Closed, NotSent), "{}", chain(&error));
}

async fn not_http(driver: Driver) {
    for answer in [
        "<html><body>Sign in to the hotel network</body></html>",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{46}",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
    ] {
        let server = Server::closing(answer).await;
        let text = fails(&driver.transport(), &server.url(), Protocol, MaybeSent).await;
        assert!(text.contains("the answer is not HTTP"), "{answer}: {text}");
    }
}

async fn a_body_over_the_bound(driver: Driver) {
    let transport = driver.build(builder().max_body_bytes(9));
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789",
    ] {
        let server = Server::closing(answer).await;
        let text = fails(&transport, &server.url(), TooLarge, MaybeSent).await;
        assert!(text.ends_with("the body is larger than 9 bytes; `max_body_bytes` sets the bound"), "{text}");
    }
    for answer in [
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n012345678",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n4\r\n5678\r\n0\r\n\r\n",
    ] {
        let server = Server::closing(answer).await;
        assert_eq!(ok(transport.send(get(&server.url())).await), "012345678");
    }
}

async fn an_endless_body(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n").await?;
        loop {
            socket.write_all(b"4\r\nmore\r\n").await?;
        }
    })
    .await;
    fails(&driver.build(builder().max_body_bytes(100_000)), &server.url(), TooLarge, MaybeSent).await;
}

async fn ten_megabytes_of_header(driver: Driver) {
    let server =
        Server::closing(format!("HTTP/1.1 200 OK\r\nX-Large: {}\r\n\r\n", "x".repeat(10 << 20))).await;
    fails(&driver.transport(), &server.url(), TooLarge, MaybeSent).await;
}

async fn the_bound_on_headers(driver: Driver) {
    let answer = |headers: usize| {
        let headers: Vec<_> = (0..headers).map(|index| format!("X-{index}: {index}\r\n")).collect();
        let headers = headers.concat();
        format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 2\r\n\r\nok")
    };
    let server = Server::closing(answer(200)).await;
    fails(&driver.transport(), &server.url(), TooLarge, MaybeSent).await;
    assert_eq!(ok(driver.build(builder().max_headers(300)).send(get(&server.url())).await), "ok");
    fails(
        &driver.build(builder().max_header_bytes(1000).max_headers(300)),
        &server.url(),
        TooLarge,
        MaybeSent,
    )
    .await;
    let server = Server::closing(answer(90)).await;
    assert_eq!(ok(driver.transport().send(get(&server.url())).await), "ok");
}

//! Failures between two machines, each with its own error.

use std::time::Duration;

use gatewright_runtime::transport::{
    IncompleteBody,
    Reached::{MaybeSent, NotSent},
    Request,
    TransportErrorKind::{
        self, AttemptTimeout, Closed, Connect, ConnectTimeout, Dns, Protocol, Request as Unsendable,
        SwitchedProtocols, TooLarge,
    },
};
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{
    drivers::Driver,
    support::{OK, Server, builder, chain, fails, get, nobody, ok, post, read_request, with_both},
};

with_both! {
    refused,
    unknown_name,
    plain_http_stays_here,
    tls_that_never_responds,
    endless_connect_timeout,
    closed_early,
    reset,
    reset_in_the_middle_of_the_body,
    reset_while_sending,
    an_error_that_breaks_off,
    an_error_that_is_reset,
    an_error_that_stalls,
    an_error_over_the_bound,
    not_http,
    a_switch_of_protocols,
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
        let text = fails(&driver.transport(), &format!("http://{host}/"), Unsendable, NotSent).await;
        assert!(text.contains("use https://, or `allow_http_to_any_host`"), "{text}");
    }
}

async fn tls_that_never_responds(driver: Driver) {
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
        text.ends_with("no connection within the connect timeout: waited for the TLS handshake until the limit of 1s was reached"),
        "{text}"
    );
}

async fn endless_connect_timeout(driver: Driver) {
    let server = Server::responding(OK).await;
    let transport = driver.build(builder().connect_timeout(Duration::MAX).idle_timeout(Duration::MAX));
    for _ in 0..2 {
        assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
    }
}

async fn closed_early(driver: Driver) {
    for response in [
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nonly",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\none",
    ] {
        let server = Server::closing(response).await;
        let text = fails(&driver.transport(), &server.url(), Closed, MaybeSent).await;
        assert!(text.contains("the connection ended before the response was complete"), "{response}: {text}");
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

async fn reset_in_the_middle_of_the_body(driver: Driver) {
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

/// The response of an error, and what ended its body; the connection is not used again.
async fn refused_by(
    driver: Driver,
    server: &Server,
    request: Request,
    status: u16,
    body: &str,
) -> TransportErrorKind {
    let transport = driver.build(builder().max_body_bytes(20));
    for connections in 1..=2 {
        let response = transport.within(request.clone(), Duration::from_secs(2)).await;
        let response = response.unwrap_or_else(|error| panic!("{}", chain(&error)));
        assert_eq!((response.status().as_u16(), &**response.body()), (status, body.as_bytes()));
        assert_eq!(server.connections(), connections);
        let incomplete = response.extensions().get::<IncompleteBody>().unwrap();
        if connections == 2 {
            return incomplete.error().kind();
        }
    }
    unreachable!("the second response is returned")
}

/// Its status says what became of the request, whatever becomes of its body.
async fn an_error_that_breaks_off(driver: Driver) {
    for (status, response, body, why) in [
        (413, "413 Payload Too Large\r\nContent-Length: 10\r\n\r\n", "", Closed),
        (413, "413 Payload Too Large\r\nContent-Length: 10\r\n\r\npart", "part", Closed),
        (407, "407 Proxy Authentication Required\r\nContent-Length: 10\r\n\r\npart", "part", Closed),
        (401, "401 Unauthorized\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n", "one", Closed),
        (500, "500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n9\r\none", "one", Closed),
        (500, "500 Oops\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\nno size\r\n", "one", Protocol),
        (302, "302 Found\r\nContent-Length: 10\r\n\r\npart", "part", Closed),
    ] {
        let server = Server::closing(format!("HTTP/1.1 {response}")).await;
        assert_eq!(refused_by(driver, &server, get(&server.url()), status, body).await, why, "{response}");
    }
    let server = Server::closing("HTTP/1.1 413 Too Large\r\nContent-Length: 4\r\n\r\nmuch").await;
    let whole = driver.transport().send(get(&server.url())).await.unwrap();
    assert!(whole.status() == 413 && whole.extensions().get::<IncompleteBody>().is_none());
}

/// As tinyproxy does with what it does not read to its end.
async fn an_error_that_is_reset(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        socket.read_exact(&mut [0; 1000]).await?;
        socket.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 10\r\n\r\npart").await?;
        socket.set_zero_linger()
    })
    .await;
    for len in [2000, 16 << 20] {
        let request = post(&server.url(), vec![0; len]);
        let transport = driver.transport();
        let response =
            transport.send(request).await.unwrap_or_else(|error| panic!("{len}: {}", chain(&error)));
        assert_eq!((response.status().as_u16(), &**response.body()), (413, b"part".as_slice()));
        assert!(response.extensions().get::<IncompleteBody>().is_some());
    }
}

async fn an_error_that_stalls(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(b"HTTP/1.1 503 Busy\r\nContent-Length: 10\r\n\r\npart").await?;
        socket.read_to_end(&mut Vec::new()).await.map(drop)
    })
    .await;
    let why = refused_by(driver, &server, get(&server.url()), 503, "part").await;
    assert_eq!(why, AttemptTimeout);
}

async fn an_error_over_the_bound(driver: Driver) {
    for response in [
        "Content-Length: 25\r\n\r\n0123456789012345678901234",
        "Transfer-Encoding: chunked\r\n\r\nf\r\n012345678901234\r\na\r\n5678901234\r\n0\r\n\r\n",
        "Connection: close\r\n\r\n0123456789012345678901234",
    ] {
        let server = Server::closing(format!("HTTP/1.1 500 Oops\r\n{response}")).await;
        let why = refused_by(driver, &server, get(&server.url()), 500, "01234567890123456789").await;
        assert_eq!(why, TooLarge);
    }
}

async fn not_http(driver: Driver) {
    for response in [
        "<html><body>Sign in to the hotel network</body></html>",
        "SSH-2.0-OpenSSH_9.9\r\n",
        "\u{15}\u{3}\u{3}\u{0}\u{2}\u{2}\u{46}",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        "HTTP/1.1 200 OK\r\nbad header\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nnot a size\r\n",
    ] {
        let server = Server::closing(response).await;
        let text = fails(&driver.transport(), &server.url(), Protocol, MaybeSent).await;
        assert!(text.contains("the response is not HTTP"), "{response}: {text}");
    }
}

async fn a_switch_of_protocols(driver: Driver) {
    for head in ["Upgrade: websocket\r\nConnection: upgrade\r\n", ""] {
        let server = Server::closing(format!("HTTP/1.1 101 Switching Protocols\r\n{head}\r\n")).await;
        let text = fails(&driver.transport(), &server.url(), SwitchedProtocols, MaybeSent).await;
        assert!(text.contains("the server switched to another protocol: status 101"), "{text}");
    }
}

async fn a_body_over_the_bound(driver: Driver) {
    let transport = driver.build(builder().max_body_bytes(9));
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n5\r\n56789\r\n0\r\n\r\n",
        "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789",
    ] {
        let server = Server::closing(response).await;
        let text = fails(&transport, &server.url(), TooLarge, MaybeSent).await;
        assert!(text.ends_with("the body is larger than 9 bytes; `max_body_bytes` sets the limit"), "{text}");
    }
    for response in [
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n012345678",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n01234\r\n4\r\n5678\r\n0\r\n\r\n",
    ] {
        let server = Server::closing(response).await;
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
    let response = |headers: usize| {
        let headers: Vec<_> = (0..headers).map(|index| format!("X-{index}: {index}\r\n")).collect();
        let headers = headers.concat();
        format!("HTTP/1.1 200 OK\r\n{headers}Content-Length: 2\r\n\r\nok")
    };
    let server = Server::closing(response(200)).await;
    fails(&driver.transport(), &server.url(), TooLarge, MaybeSent).await;
    assert_eq!(ok(driver.build(builder().max_headers(300)).send(get(&server.url())).await), "ok");
    fails(
        &driver.build(builder().max_header_bytes(1000).max_headers(300)),
        &server.url(),
        TooLarge,
        MaybeSent,
    )
    .await;
    let server = Server::closing(response(90)).await;
    assert_eq!(ok(driver.transport().send(get(&server.url())).await), "ok");
}

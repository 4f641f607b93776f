//! The time limit of the transports, which applies to every step.

use std::time::{Duration, Instant};

use gatewright_runtime::transport::{
    Reached::{self, MaybeSent, NotSent},
    TransportErrorKind::{AttemptTimeout, ConnectTimeout},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::sleep,
};

use crate::{
    drivers::Driver,
    support::{Client, OK, Server, builder, chain, get, ok, post, read_request, with_both},
};

const LIMIT: Duration = Duration::from_secs(1);

with_both!(
    no_response,
    a_response_in_slow_pieces,
    a_request_that_the_server_does_not_read,
    connecting_counts,
    endless_time,
    a_kept_connection,
);

/// Sends, and expects that the time runs out, in time.
async fn runs_out(transport: &Client, request: http::Request<bytes::Bytes>, reached: Reached) -> String {
    let start = Instant::now();
    let error = transport.within(request, LIMIT).await.unwrap_err();
    let took = start.elapsed();
    assert_eq!((error.kind(), error.reached()), (AttemptTimeout, reached), "{}", chain(&error));
    assert!(took >= LIMIT && took < 20 * LIMIT, "{took:?}");
    chain(&error)
}

/// A server that responds to every request with these bytes and waits.
async fn stalling(response: &'static str) -> Server {
    Server::start(move |mut socket| async move {
        while read_request(&mut socket).await.is_some() {
            socket.write_all(response.as_bytes()).await?;
        }
        Ok(())
    })
    .await
}

async fn no_response(driver: Driver) {
    // Side by side, since each takes as long as the limit.
    let silences = [
        "",
        "HTTP/1.1 200",
        "HTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nha\r\n",
        "HTTP/1.1 200 OK\r\n\r\nuntil the end",
    ]
    .map(|response| {
        tokio::spawn(async move {
            let server = stalling(response).await;
            runs_out(&driver.transport(), post(&server.url(), "body"), MaybeSent).await
        })
    });
    for silence in silences {
        let text = silence.await.unwrap();
        assert!(
            text.ends_with("no response within the attempt timeout: waited for the response until the limit of 1s was reached"),
            "{text}"
        );
    }
}

/// Every byte comes soon, and all of them together late.
async fn a_response_in_slow_pieces(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        for byte in "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n".bytes().cycle() {
            socket.write_all(&[byte]).await?;
            sleep(LIMIT / 10).await;
        }
        Ok(())
    })
    .await;
    runs_out(&driver.transport(), get(&server.url()), MaybeSent).await;
}

async fn a_request_that_the_server_does_not_read(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        socket.read_exact(&mut [0; 1000]).await?;
        sleep(Duration::from_secs(60)).await;
        Ok(())
    })
    .await;
    let request = post(&server.url(), vec![0; 16 << 20]);
    runs_out(&driver.transport(), request, NotSent).await;
}

/// The shorter limit applies, and the error names it.
async fn connecting_counts(driver: Driver) {
    let server = stalling("").await;
    let url = server.url().replace("http:", "https:");
    let text = runs_out(&driver.transport(), get(&url), NotSent).await;
    assert!(text.ends_with("waited for the TLS handshake until the limit of 1s was reached"), "{text}");
    let transport = driver.build(builder().proxy(&server.url()).unwrap());
    let text = runs_out(&transport, get("https://service.example/"), NotSent).await;
    assert!(text.ends_with("waited for the proxy's response until the limit of 1s was reached"), "{text}");

    let transport = driver.build(builder().connect_timeout(LIMIT));
    let error = transport.within(get(&url), Duration::from_secs(10)).await.unwrap_err();
    assert_eq!(error.kind(), ConnectTimeout);
}

/// Of the blocking transport: an awaited call has no attempt without time.
#[tokio::test]
async fn no_time_at_all() {
    let server = Server::responding(OK).await;
    let transport = Driver::Blocking.transport();
    for url in [server.url(), server.url().replace("127.0.0.1", "localhost"), server.url()] {
        let error = transport.within(get(&url), Duration::ZERO).await.unwrap_err();
        assert_eq!((error.kind(), error.reached()), (AttemptTimeout, NotSent), "{}", chain(&error));
        // The last of them finds this connection, and must not send either.
        ok(transport.send(get(&server.url())).await);
    }
}

async fn endless_time(driver: Driver) {
    let server = Server::responding(OK).await;
    let transport = driver.transport();
    for _ in 0..2 {
        assert_eq!(ok(transport.within(get(&server.url()), Duration::MAX).await), "ok");
    }
}

/// A timeout on a kept connection does not show that the connection was stale, and closes it.
async fn a_kept_connection(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        socket.read_to_end(&mut Vec::new()).await.map(drop)
    })
    .await;
    let transport = driver.transport();
    ok(transport.send(get(&server.url())).await);
    runs_out(&transport, get(&server.url()), MaybeSent).await;
    ok(transport.send(get(&server.url())).await);
    assert_eq!(server.connections(), 2);
}

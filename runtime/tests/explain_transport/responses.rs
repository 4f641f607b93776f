//! Responses that end early, are not HTTP, or are too large.

use gatewright_runtime::{
    explain::transport::{IoEvidence, TransportEvidence},
    transport::{Reached, TransportErrorKind},
};
use tokio::io::AsyncWriteExt as _;

use crate::support::{assert_explains, assert_whole, builder, explained, fails, read_head, server};

/// The address of a server that responds with these bytes and closes.
async fn responding(response: impl Into<Vec<u8>>) -> std::net::SocketAddr {
    let response = response.into();
    server(move |mut socket| {
        let response = response.clone();
        async move {
            read_head(&mut socket).await?;
            socket.write_all(&response).await?;
            socket.shutdown().await
        }
    })
    .await
}

#[tokio::test]
async fn responses_that_end_early() {
    for response in ["", "HTTP/1.1 200 OK\r\nContent-Le", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"]
    {
        let address = responding(response).await;
        assert_explains(
            &explained(&builder().build(), &format!("http://{address}/")).await,
            &format!("{address}: the connection ended before the response was complete"),
            &["the service may have executed it", "Before you send a change again", "A firewall or proxy"],
        );
    }
}

#[tokio::test]
async fn reset() {
    let address = server(|mut socket| async move {
        read_head(&mut socket).await?;
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").await?;
        socket.set_zero_linger()
    })
    .await;
    let error = fails(&builder().build(), &format!("http://{address}/")).await;
    let evidence = TransportEvidence::of(&error);
    assert_eq!(evidence.io, Some(IoEvidence::Reset));
    assert_explains(
        &evidence.explain(),
        &format!("{address}: the connection was reset before the response was complete"),
        &["the service may have executed it"],
    );
}

#[test]
fn a_kept_connection() {
    let kind = TransportErrorKind::Closed;
    let explanation = TransportEvidence::new(kind, Reached::StaleConnection, "a.example:443").explain();
    assert_whole(&explanation);
    assert_explains(
        &explanation,
        "a.example:443: a reused connection had already ended",
        &["the connection was reused after an earlier request", "`idle_timeout`"],
    );
}

#[tokio::test]
async fn garbage() {
    let address = responding("220 mail.example ESMTP\r\n").await;
    assert_explains(
        &explained(&builder().build(), &format!("http://{address}/")).await,
        &format!("{address}: the response is not HTTP/1.1"),
        &["Something other than a web server", "`https://`", "Check port and scheme"],
    );
    // The alert of a TLS server to a request without TLS.
    let address = responding(b"\x15\x03\x01\x00\x02\x02\x46").await;
    let text = explained(&builder().build(), &format!("http://{address}/")).await.to_string();
    assert!(text.contains("The port expects `https://` and the URL has `http://`"), "{text}");
}

#[tokio::test]
async fn too_large() {
    let address = responding("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n").await;
    let transport = builder().max_body_bytes(100).build();
    assert_explains(
        &explained(&transport, &format!("http://{address}/")).await,
        &format!("{address}: the body of the response is larger than the client accepts"),
        &["the body is larger than 100 bytes", "Raise `max_body_bytes`"],
    );
    let address = responding(format!("HTTP/1.1 200 OK\r\nX-Long: {}\r\n\r\n", "x".repeat(100_000))).await;
    assert_explains(
        &explained(&builder().build(), &format!("http://{address}/")).await,
        &format!("{address}: the head of the response is larger than the client accepts"),
        &["`max_header_bytes`"],
    );
}

//! Connections that are kept.

use std::{sync::Arc, time::Duration};

use gatewright_runtime::transport::{
    Reached::{MaybeSent, StaleConnection},
    Transport,
    TransportErrorKind::Closed,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::Notify,
    time::sleep,
};

use crate::support::{OK, Server, builder, fails, get, ok, post, read_request, transport};

/// What the kernel and the runtime need to learn of a close.
const A_MOMENT: Duration = Duration::from_millis(10);

#[tokio::test]
async fn a_connection_serves_again() {
    let server = Server::answering(OK).await;
    let transport = transport();
    for _ in 0..10 {
        assert_eq!(ok(transport.send(post(&server.url(), "body")).await), "ok");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn chunked_answers_keep_the_connection() {
    let server =
        Server::answering("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n").await;
    let transport = transport();
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
    }
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn a_server_has_its_own() {
    let (one, two) = (Server::answering(OK).await, Server::answering(OK).await);
    let transport = transport();
    for _ in 0..3 {
        ok(transport.send(get(&one.url())).await);
        ok(transport.send(get(&two.url())).await);
    }
    assert_eq!((one.connections(), two.connections()), (1, 1));
}

#[tokio::test]
async fn not_kept() {
    for answer in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        // More than was announced: no one knows whose answer that is.
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
    ] {
        let server = Server::answering(answer).await;
        let transport = transport();
        for _ in 0..2 {
            assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
        }
        assert_eq!(server.connections(), 2, "{answer}");
    }
}

#[tokio::test]
async fn closed_while_idle() {
    let server = Server::closing(OK).await;
    let transport = transport();
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
        sleep(A_MOMENT).await;
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn closed_at_the_next_request() {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        read_request(&mut socket).await;
        Ok(())
    })
    .await;
    let transport = transport();
    ok(transport.send(get(&server.url())).await);
    fails(&transport, &server.url(), Closed, StaleConnection).await;
    assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn closed_amid_the_next_answer() {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        read_request(&mut socket).await;
        socket.write_all(b"HTTP/1.1 2").await
    })
    .await;
    let transport = transport();
    ok(transport.send(get(&server.url())).await);
    fails(&transport, &server.url(), Closed, MaybeSent).await;
}

#[tokio::test]
async fn idle_for_too_long() {
    let server = Server::answering(OK).await;
    let transport = builder().idle_timeout(A_MOMENT).build();
    ok(transport.send(get(&server.url())).await);
    ok(transport.send(get(&server.url())).await);
    assert_eq!(server.connections(), 1);
    sleep(2 * A_MOMENT).await;
    ok(transport.send(get(&server.url())).await);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn idle_of_other_servers_are_closed() {
    let (one, two) = (Server::answering(OK).await, Server::answering(OK).await);
    let transport = builder().idle_timeout(A_MOMENT).build();
    ok(transport.send(get(&one.url())).await);
    assert!(format!("{transport:?}").contains("idle_connections: 1"), "{transport:?}");
    sleep(2 * A_MOMENT).await;
    ok(transport.send(get(&two.url())).await);
    assert!(format!("{transport:?}").contains("idle_connections: 1"), "{transport:?}");
}

#[tokio::test]
async fn at_most_so_many() {
    for (max, kept) in [(0, 0), (1, 1), (2, 2), (9, 3)] {
        let server = Server::answering(OK).await;
        let transport = builder().max_idle_per_host(max).build();
        let url = server.url();
        let (a, b, c) =
            tokio::join!(transport.send(get(&url)), transport.send(get(&url)), transport.send(get(&url)));
        for answer in [a, b, c] {
            assert_eq!(ok(answer), "ok");
        }
        assert!(format!("{transport:?}").contains(&format!("idle_connections: {kept}")), "{transport:?}");
    }
}

#[tokio::test]
async fn given_up_midway() {
    let closed = Arc::new(Notify::new());
    let notify = Arc::clone(&closed);
    let server = Server::start(move |mut socket| {
        let notify = Arc::clone(&notify);
        async move {
            while let Some(request) = read_request(&mut socket).await {
                if request.starts_with("GET /fast") {
                    socket.write_all(OK.as_bytes()).await?;
                } else if request.starts_with("GET /half") {
                    socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nha").await?;
                }
            }
            notify.notify_one();
            Ok(())
        }
    })
    .await;
    let transport = transport();
    for path in ["slow", "half"] {
        ok(transport.send(get(&format!("{}fast", server.url()))).await);
        let request = get(&format!("{}{path}", server.url()));
        tokio::time::timeout(A_MOMENT, transport.send(request)).await.unwrap_err();
        // The server sees the end at once, and no one is served by what is left of it.
        closed.notified().await;
        ok(transport.send(get(&format!("{}fast", server.url()))).await);
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn an_answer_before_the_end_of_the_request() {
    let server = Server::start(|mut socket| async move {
        let mut start = [0; 1000];
        socket.read_exact(&mut start).await?;
        socket.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n").await?;
        // Not read any further: the client must not wait until it has sent everything.
        sleep(Duration::from_mins(1)).await;
        Ok(())
    })
    .await;
    let transport = transport();
    let response = transport.send(post(&server.url(), vec![0; 16 << 20])).await.unwrap();
    assert_eq!(response.status(), 413);
    assert!(format!("{transport:?}").contains("idle_connections: 0"), "{transport:?}");
}

#[test]
fn another_runtime() {
    let transport = transport();
    // One address, so that the connection of the first runtime is found again.
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::from_std(listener.try_clone().unwrap()).unwrap();
            tokio::spawn(async move {
                while let Ok((mut socket, _)) = listener.accept().await {
                    while read_request(&mut socket).await.is_some() {
                        socket.write_all(OK.as_bytes()).await.unwrap();
                    }
                }
            });
            assert_eq!(ok(transport.send(get(&url)).await), "ok");
        });
    }
}

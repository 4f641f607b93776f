//! Connections that are kept.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use gatewright_runtime::transport::{
    Reached::{MaybeSent, StaleConnection, StaleUnsent},
    Transport,
    TransportErrorKind::{AttemptTimeout, Closed},
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    sync::{Barrier, Notify},
    time::sleep,
};

use crate::{
    drivers::Driver,
    support::{Client, OK, Server, builder, chain, fails, get, informing, ok, post, read_request, with_both},
};

with_both! {
    a_connection_is_reused,
    chunked_responses_keep_the_connection,
    a_server_has_its_own,
    not_kept,
    closed_while_idle,
    closed_at_the_next_request,
    closed_in_the_middle_of_the_next_response,
    idle_for_too_long,
    idle_of_other_servers_are_closed,
    at_most_so_many,
    stale_connections_go_together,
    silent_connections_go_together,
    reset_while_idle,
    nothing_is_left_for_the_next,
    given_up_midway,
    a_response_before_the_end_of_the_request,
    closed_before_the_end_of_the_next_request,
    informed_before_the_end_of_the_request,
}

/// What the kernel and the runtime need to learn of a close.
const A_MOMENT: Duration = Duration::from_millis(10);

async fn a_connection_is_reused(driver: Driver) {
    let server = Server::responding(OK).await;
    let transport = driver.transport();
    for _ in 0..10 {
        assert_eq!(ok(transport.send(post(&server.url(), "body")).await), "ok");
    }
    assert_eq!(server.connections(), 1);
}

async fn chunked_responses_keep_the_connection(driver: Driver) {
    let server =
        Server::responding("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n").await;
    let transport = driver.transport();
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
    }
    assert_eq!(server.connections(), 1);
}

async fn a_server_has_its_own(driver: Driver) {
    let (one, two) = (Server::responding(OK).await, Server::responding(OK).await);
    let transport = driver.transport();
    for _ in 0..3 {
        ok(transport.send(get(&one.url())).await);
        ok(transport.send(get(&two.url())).await);
    }
    assert_eq!((one.connections(), two.connections()), (1, 1));
}

async fn not_kept(driver: Driver) {
    for response in [
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok",
        "HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok",
        // More than was announced: no one knows which request the rest responds to.
        "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil",
    ] {
        let server = Server::responding(response).await;
        let transport = driver.transport();
        for _ in 0..2 {
            assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
        }
        assert_eq!(server.connections(), 2, "{response}");
    }
}

async fn closed_while_idle(driver: Driver) {
    let server = Server::closing(OK).await;
    let transport = driver.transport();
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
        sleep(A_MOMENT).await;
    }
    assert_eq!(server.connections(), 3);
}

async fn reset_while_idle(driver: Driver) {
    let received = Arc::new(Notify::new());
    let is_received = Arc::clone(&received);
    let server = Server::start(move |mut socket| {
        let is_received = Arc::clone(&is_received);
        async move {
            read_request(&mut socket).await;
            socket.write_all(OK.as_bytes()).await?;
            // A reset takes back what was not read yet.
            is_received.notified().await;
            socket.set_zero_linger()
        }
    })
    .await;
    let transport = driver.transport();
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
        received.notify_one();
        sleep(3 * A_MOMENT).await;
    }
    assert_eq!(server.connections(), 3);
}

/// A response without a request is not taken for the response of the next request.
async fn nothing_is_left_for_the_next(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        sleep(A_MOMENT).await;
        socket.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nevil").await?;
        read_request(&mut socket).await;
        Ok(())
    })
    .await;
    let transport = driver.transport();
    for _ in 0..2 {
        assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
        sleep(3 * A_MOMENT).await;
    }
    assert_eq!(server.connections(), 2);
}

async fn closed_at_the_next_request(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        read_request(&mut socket).await;
        Ok(())
    })
    .await;
    let transport = driver.transport();
    ok(transport.send(get(&server.url())).await);
    fails(&transport, &server.url(), Closed, StaleConnection).await;
    assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
    assert_eq!(server.connections(), 2);
}

async fn closed_in_the_middle_of_the_next_response(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        read_request(&mut socket).await;
        socket.write_all(b"HTTP/1.1 2").await
    })
    .await;
    let transport = driver.transport();
    ok(transport.send(get(&server.url())).await);
    fails(&transport, &server.url(), Closed, MaybeSent).await;
}

async fn idle_for_too_long(driver: Driver) {
    let server = Server::responding(OK).await;
    let transport = driver.build(builder().idle_timeout(A_MOMENT));
    ok(transport.send(get(&server.url())).await);
    ok(transport.send(get(&server.url())).await);
    assert_eq!(server.connections(), 1);
    sleep(2 * A_MOMENT).await;
    ok(transport.send(get(&server.url())).await);
    assert_eq!(server.connections(), 2);
}

async fn idle_of_other_servers_are_closed(driver: Driver) {
    let (one, two) = (Server::responding(OK).await, Server::responding(OK).await);
    let transport = driver.build(builder().idle_timeout(A_MOMENT));
    ok(transport.send(get(&one.url())).await);
    assert!(format!("{transport:?}").contains("idle_connections: 1"), "{transport:?}");
    sleep(2 * A_MOMENT).await;
    ok(transport.send(get(&two.url())).await);
    assert!(format!("{transport:?}").contains("idle_connections: 1"), "{transport:?}");
}

async fn at_most_so_many(driver: Driver) {
    for (max, kept) in [(0, 0), (1, 1), (2, 2), (9, 3)] {
        let transport = driver.build(builder().max_idle_per_host(max));
        three_in_parallel(&transport, &gathering(3, false).await).await;
        assert!(format!("{transport:?}").contains(&format!("idle_connections: {kept}")), "{transport:?}");
    }
}

/// A server that responds to the first request of each of so many connections once all are open, and of later ones at once.
/// After its next request, a connection is closed, or gets no response.
async fn gathering(connections: usize, is_silent: bool) -> Server {
    let (opened, barrier) = (Arc::new(AtomicUsize::new(0)), Arc::new(Barrier::new(connections)));
    Server::start(move |mut socket| {
        let (opened, barrier) = (Arc::clone(&opened), Arc::clone(&barrier));
        async move {
            read_request(&mut socket).await;
            if opened.fetch_add(1, Relaxed) < connections {
                barrier.wait().await;
            }
            socket.write_all(OK.as_bytes()).await?;
            read_request(&mut socket).await;
            if is_silent {
                std::future::pending::<()>().await;
            }
            Ok(())
        }
    })
    .await
}

async fn three_in_parallel(transport: &Client, server: &Server) {
    let send = || transport.send(get(&server.url()));
    let (a, b, c) = tokio::join!(send(), send(), send());
    for response in [a, b, c] {
        assert_eq!(ok(response), "ok");
    }
}

/// Where one connection was found to be at its end, the next request does not try the others.
async fn stale_connections_go_together(driver: Driver) {
    let (server, other) = (gathering(3, false).await, Server::responding(OK).await);
    let transport = driver.transport();
    three_in_parallel(&transport, &server).await;
    ok(transport.send(get(&other.url())).await);
    fails(&transport, &server.url(), Closed, StaleConnection).await;
    assert!(format!("{transport:?}").contains("idle_connections: 1"), "{transport:?}");
    assert_eq!(ok(transport.send(get(&server.url())).await), "ok");
    ok(transport.send(get(&other.url())).await);
    assert_eq!((server.connections(), other.connections()), (4, 1));
}

/// Where one connection gives no response, as after a machine slept, the next request does not try the others.
async fn silent_connections_go_together(driver: Driver) {
    let server = gathering(3, true).await;
    let transport = driver.transport();
    three_in_parallel(&transport, &server).await;
    let error = transport.within(get(&server.url()), Duration::from_secs(1)).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (AttemptTimeout, MaybeSent), "{}", chain(&error));
    assert_eq!(ok(transport.within(get(&server.url()), Duration::from_secs(10)).await), "ok");
    assert_eq!(server.connections(), 4);
}

async fn given_up_midway(driver: Driver) {
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
    let transport = driver.transport();
    for path in ["slow", "half"] {
        ok(transport.send(get(&format!("{}fast", server.url()))).await);
        let request = get(&format!("{}{path}", server.url()));
        transport.give_up(request, A_MOMENT).await;
        // The server sees the end immediately, and no later request gets the rest of the response.
        closed.notified().await;
        ok(transport.send(get(&format!("{}fast", server.url()))).await);
    }
    assert_eq!(server.connections(), 3);
}

async fn a_response_before_the_end_of_the_request(driver: Driver) {
    for before in ["", "HTTP/1.1 100 Continue\r\n\r\n"] {
        let response = format!("{before}HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n");
        let server = Server::start(move |mut socket| {
            let response = response.clone();
            async move {
                let mut start = [0; 1000];
                socket.read_exact(&mut start).await?;
                socket.write_all(response.as_bytes()).await?;
                // Not read any further: the client must not wait until it has sent everything.
                sleep(Duration::from_secs(60)).await;
                Ok(())
            }
        })
        .await;
        let transport = driver.transport();
        let response = transport.send(post(&server.url(), vec![0; 16 << 20])).await.unwrap();
        assert_eq!(response.status(), 413);
        assert!(format!("{transport:?}").contains("idle_connections: 0"), "{transport:?}");
    }
}

/// What a server did not receive as a whole, it did not execute.
async fn closed_before_the_end_of_the_next_request(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        let mut start = [0; 1000];
        socket.read_exact(&mut start).await?;
        socket.set_zero_linger()
    })
    .await;
    let transport = driver.transport();
    ok(transport.send(get(&server.url())).await);
    let error = transport.send(post(&server.url(), vec![0; 16 << 20])).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (Closed, StaleUnsent), "{}", chain(&error));
}

/// An informational response is not the response: the rest of the request is still sent.
async fn informed_before_the_end_of_the_request(driver: Driver) {
    let server = Server::start(informing).await;
    assert_eq!(ok(driver.transport().send(post(&server.url(), vec![0; 16 << 20])).await), "ok");
}

/// A runtime that nobody drives would not notice the response.
#[test]
fn a_runtime_that_rests() {
    let transport = builder().build();
    let new = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let servers = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let server = servers.block_on(Server::responding(OK));
    let send = || transport.send_within(get(&server.url()), Duration::from_secs(10));
    let (one, other) = (new(), new());
    for runtime in [&one, &other, &one, &other] {
        assert_eq!(ok(runtime.block_on(send())), "ok");
    }
    assert_eq!(server.connections(), 2);
}

#[test]
fn another_runtime() {
    let transport = builder().max_idle_per_host(1).build();
    // One address, to find the connection of the first runtime again.
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
    assert!(format!("{transport:?}").contains("idle_connections: 1"), "{transport:?}");
}

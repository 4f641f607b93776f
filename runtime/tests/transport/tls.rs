//! TLS, with certificates made here.

use std::{error::Error, time::Duration};

use gatewright_runtime::transport::{
    Reached::{MaybeSent, NotSent, StaleConnection},
    TransportErrorKind,
};
use rcgen::date_time_ymd;
use rustls::CertificateError;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use crate::{
    authority::{Authority, serve},
    drivers::Driver,
    support::{
        Client, OK, Server, builder, fails, get, informing, ok, post, read_request, respond, with_both,
    },
};

with_both! {
    a_private_authority,
    an_address_as_name,
    another_name,
    unknown_authority,
    unknown_to_the_system,
    expired,
    not_yet_valid,
    no_tls_at_the_other_end,
    cut_off_without_a_goodbye,
    closed_while_idle,
    closed_at_the_next_request,
    large_bodies,
    a_response_before_the_end_of_the_request,
    informed_before_the_end_of_the_request,
    garbage_in_the_middle_of_the_session,
    through_a_tunnel,
}

async fn response(mut socket: TlsStream<TcpStream>) -> std::io::Result<()> {
    assert_eq!(socket.get_ref().1.alpn_protocol(), Some(&b"http/1.1"[..]));
    while read_request(&mut socket).await.is_some() {
        socket.write_all(OK.as_bytes()).await?;
        socket.flush().await?;
    }
    Ok(())
}

async fn a_private_authority(driver: Driver) {
    let authority = Authority::new("ours");
    let (server, url) = serve(authority.acceptor("localhost", |_| {}), response).await;
    let transport = authority.transport(driver);
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get(&url)).await), "ok");
    }
    assert_eq!(server.connections(), 1);
}

async fn an_address_as_name(driver: Driver) {
    let authority = Authority::new("ours");
    let (server, _) = serve(authority.acceptor("127.0.0.1", |_| {}), response).await;
    let url = format!("https://{}/", server.address);
    assert_eq!(ok(authority.transport(driver).send(get(&url)).await), "ok");
}

/// Sends to `url`, and expects the handshake to fail for this reason.
async fn rejects(transport: &Client, url: &str, is_it: impl FnOnce(&CertificateError) -> bool) {
    let error = transport.send(get(url)).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (TransportErrorKind::Tls, NotSent));
    match error.source().unwrap().downcast_ref() {
        Some(rustls::Error::InvalidCertificate(reason)) if is_it(reason) => {}
        other => panic!("{other:?}"),
    }
}

async fn another_name(driver: Driver) {
    let authority = Authority::new("ours");
    let (_server, url) = serve(authority.acceptor("other.example", |_| {}), response).await;
    rejects(&authority.transport(driver), &url, |reason| match reason {
        CertificateError::NotValidForNameContext { presented, .. } => {
            presented.iter().any(|name| name.contains("other.example"))
        }
        _ => false,
    })
    .await;
}

async fn unknown_authority(driver: Driver) {
    let (_server, url) = serve(Authority::new("theirs").acceptor("localhost", |_| {}), response).await;
    let is_it = |reason: &CertificateError| matches!(reason, CertificateError::UnknownIssuer);
    rejects(&Authority::new("ours").transport(driver), &url, is_it).await;
}

async fn unknown_to_the_system(driver: Driver) {
    let (_server, url) = serve(Authority::new("theirs").acceptor("localhost", |_| {}), response).await;
    let error = driver.transport().send(get(&url)).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (TransportErrorKind::Tls, NotSent));
}

async fn expired(driver: Driver) {
    let authority = Authority::new("ours");
    let acceptor = authority.acceptor("localhost", |params| {
        params.not_before = date_time_ymd(2001, 1, 1);
        params.not_after = date_time_ymd(2002, 1, 1);
    });
    let (_server, url) = serve(acceptor, response).await;
    let is_it = |reason: &CertificateError| matches!(reason, CertificateError::ExpiredContext { .. });
    rejects(&authority.transport(driver), &url, is_it).await;
}

async fn not_yet_valid(driver: Driver) {
    let authority = Authority::new("ours");
    let acceptor = authority.acceptor("localhost", |params| params.not_before = date_time_ymd(4000, 1, 1));
    let (_server, url) = serve(acceptor, response).await;
    let is_it = |reason: &CertificateError| matches!(reason, CertificateError::NotValidYetContext { .. });
    rejects(&authority.transport(driver), &url, is_it).await;
}

async fn no_tls_at_the_other_end(driver: Driver) {
    let server = Server::start(|mut socket| async move {
        socket.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").await
    })
    .await;
    let url = server.url().replace("http:", "https:");
    fails(&Authority::new("ours").transport(driver), &url, TransportErrorKind::Tls, NotSent).await;
    let server = Server::start(|socket| async move {
        drop(socket);
        Ok(())
    })
    .await;
    let url = server.url().replace("http:", "https:");
    fails(&Authority::new("ours").transport(driver), &url, TransportErrorKind::Tls, NotSent).await;
}

async fn cut_off_without_a_goodbye(driver: Driver) {
    let authority = Authority::new("ours");
    let (_server, url) = serve(authority.acceptor("localhost", |_| {}), |mut socket| async move {
        read_request(&mut socket).await;
        // The body ends with the connection, so that only TLS shows whether someone cut it.
        socket.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nhalf").await?;
        socket.flush().await?;
        let (mut tcp, _) = socket.into_inner();
        tcp.shutdown().await
    })
    .await;
    fails(&authority.transport(driver), &url, TransportErrorKind::Closed, MaybeSent).await;
}

async fn closed_while_idle(driver: Driver) {
    let authority = Authority::new("ours");
    let (server, url) = serve(authority.acceptor("localhost", |_| {}), |mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        socket.shutdown().await
    })
    .await;
    let transport = authority.transport(driver);
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get(&url)).await), "ok");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(server.connections(), 3);
}

async fn closed_at_the_next_request(driver: Driver) {
    let authority = Authority::new("ours");
    let (_server, url) = serve(authority.acceptor("localhost", |_| {}), |mut socket| async move {
        read_request(&mut socket).await;
        socket.write_all(OK.as_bytes()).await?;
        read_request(&mut socket).await;
        socket.shutdown().await
    })
    .await;
    let transport = authority.transport(driver);
    ok(transport.send(get(&url)).await);
    fails(&transport, &url, TransportErrorKind::Closed, StaleConnection).await;
    assert_eq!(ok(transport.send(get(&url)).await), "ok");
}

async fn large_bodies(driver: Driver) {
    let authority = Authority::new("ours");
    let (server, url) = serve(authority.acceptor("localhost", |_| {}), |mut socket| async move {
        while let Some(request) = read_request(&mut socket).await {
            respond(&mut socket, &request).await?;
            socket.flush().await?;
        }
        Ok(())
    })
    .await;
    let transport = authority.transport(driver);
    let body = "0123456789abcdef".repeat(1 << 16);
    for _ in 0..2 {
        let echo = ok(transport.send(post(&url, body.clone())).await);
        assert!(echo.ends_with(&body));
    }
    assert_eq!(server.connections(), 1);
}

async fn a_response_before_the_end_of_the_request(driver: Driver) {
    let authority = Authority::new("ours");
    let (_server, url) = serve(authority.acceptor("localhost", |_| {}), |mut socket| async move {
        socket.read_exact(&mut [0; 1000]).await?;
        socket.write_all(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n").await?;
        socket.flush().await?;
        tokio::time::sleep(Duration::from_secs(60)).await;
        Ok(())
    })
    .await;
    let transport = authority.transport(driver);
    assert_eq!(transport.send(post(&url, vec![0; 16 << 20])).await.unwrap().status(), 413);
    assert!(format!("{transport:?}").contains("idle_connections: 0"), "{transport:?}");
}

async fn informed_before_the_end_of_the_request(driver: Driver) {
    let authority = Authority::new("ours");
    let (_server, url) = serve(authority.acceptor("localhost", |_| {}), informing).await;
    assert_eq!(ok(authority.transport(driver).send(post(&url, vec![0; 16 << 20])).await), "ok");
}

/// After the handshake too, the reason is distinguished from others.
async fn garbage_in_the_middle_of_the_session(driver: Driver) {
    let authority = Authority::new("ours");
    let (_server, url) = serve(authority.acceptor("localhost", |_| {}), |mut socket| async move {
        read_request(&mut socket).await;
        let (mut tcp, _) = socket.into_inner();
        tcp.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok").await
    })
    .await;
    let error = authority.transport(driver).send(get(&url)).await.unwrap_err();
    assert_eq!((error.kind(), error.reached()), (TransportErrorKind::Tls, MaybeSent), "{error:?}");
    let causes = std::iter::successors(error.source(), |error| (*error).source());
    let is_tls = |error: &(dyn Error + 'static)| {
        let inner = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        error.is::<rustls::Error>() || inner.is_some_and(<dyn Error + Send + Sync>::is::<rustls::Error>)
    };
    assert!(causes.into_iter().any(is_tls), "{error:?}");
}

#[test]
fn bad_roots_are_refused_when_building() {
    let error = builder().root_certificates("nothing").unwrap_err();
    assert!(error.to_string().starts_with("root certificates[0]: not a certificate"), "{error}");
}

/// A proxy in between sees only the handshake.
async fn through_a_tunnel(driver: Driver) {
    let authority = Authority::new("ours");
    let (server, _) = serve(authority.acceptor("service.example", |_| {}), response).await;
    let address = server.address;
    let proxy = Server::start(move |mut socket| async move {
        let request = read_request(&mut socket).await.unwrap();
        assert_eq!(
            request,
            "CONNECT service.example:443 HTTP/1.1\r\nHost: service.example:443\r\n\
             Proxy-Authorization: Basic bWU6c2VjcmV0\r\n\r\n"
        );
        socket.write_all(b"HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n").await?;
        let mut server = TcpStream::connect(address).await?;
        tokio::io::copy_bidirectional(&mut socket, &mut server).await.map(drop)
    })
    .await;
    let transport = driver.build(
        builder()
            .proxy(&format!("http://me:secret@{}", proxy.address))
            .unwrap()
            .root_certificates(&authority.pem)
            .unwrap(),
    );
    for _ in 0..3 {
        assert_eq!(ok(transport.send(get("https://service.example/")).await), "ok");
    }
    assert_eq!(proxy.connections(), 1);
    assert!(!format!("{transport:?}").contains("secret"), "{transport:?}");
}

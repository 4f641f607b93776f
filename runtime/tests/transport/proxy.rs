//! Proxies on the way.

use std::time::Duration;

use gatewright_fake::TestContext;
use gatewright_runtime::transport::{
    HttpTransport, HttpTransportBuilder,
    Reached::NotSent,
    TransportErrorKind::{ConnectTimeout, Proxy, Request},
};
use tokio::io::AsyncReadExt;

use crate::{
    drivers::Driver,
    support::{Server, builder, fails, get, nobody, ok, with_both},
};

with_both! {
    plain_requests_say_where_to,
    plain_requests_need_permission_with_a_proxy_too,
    this_machine_is_reached_directly,
    refusals,
    an_endless_response,
    no_response,
    unreachable,
    a_proxy_that_cannot_be_used,
}

fn environment(variables: &[(&str, &str)]) -> HttpTransportBuilder {
    HttpTransport::builder(&TestContext::new().variables(variables.iter().copied()))
}

async fn plain_requests_say_where_to(driver: Driver) {
    let proxy = Server::echoing().await;
    let url = format!("http://me:pass%20word@{}/", proxy.address);
    let transport = driver.build(environment(&[("HTTP_PROXY", &url)]).allow_http_to_any_host(true));
    for _ in 0..2 {
        let echo = ok(transport.send(get("http://service.example:8080/a?b=c")).await);
        assert_eq!(
            echo.split("\r\n").collect::<Vec<_>>(),
            [
                "GET http://service.example:8080/a?b=c HTTP/1.1",
                "host: service.example:8080",
                "proxy-authorization: Basic bWU6cGFzcyB3b3Jk",
                "",
                ""
            ]
        );
    }
    assert_eq!(proxy.connections(), 1);
    assert!(!format!("{transport:?}").contains("pass"), "{transport:?}");
}

async fn plain_requests_need_permission_with_a_proxy_too(driver: Driver) {
    let proxy = Server::echoing().await;
    let transport = driver.build(environment(&[("HTTP_PROXY", &proxy.url())]));
    fails(&transport, "http://service.example/", Request, NotSent).await;
    assert_eq!(proxy.connections(), 0);
}

async fn this_machine_is_reached_directly(driver: Driver) {
    let (server, proxy) = (Server::echoing().await, Server::echoing().await);
    let transport = driver.build(environment(&[("HTTP_PROXY", &proxy.url())]));
    ok(transport.send(get(&server.url())).await);
    assert_eq!((server.connections(), proxy.connections()), (1, 0));
    let transport = driver.build(builder().proxy(&proxy.url()).unwrap());
    ok(transport.send(get(&server.url())).await);
    assert_eq!((server.connections(), proxy.connections()), (1, 1));
    let transport = driver.build(environment(&[("HTTP_PROXY", "http://unused.invalid")]).no_proxy());
    ok(transport.send(get(&server.url())).await);
    assert_eq!((server.connections(), proxy.connections()), (2, 1));
}

/// A proxy that sends this response to `CONNECT`, and the error about it.
async fn check(driver: Driver, response: &'static str, cause: &str) {
    let proxy = Server::closing(response).await;
    let transport = driver.build(environment(&[("HTTPS_PROXY", &proxy.url())]));
    let text = fails(&transport, "https://service.example/", Proxy, NotSent).await;
    let address = proxy.address;
    assert_eq!(
        text,
        format!("service.example:443 by the proxy {address}: the proxy refused or failed: {cause}")
    );
}

async fn refusals(driver: Driver) {
    check(
        driver,
        "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n",
        "it requires another user or password: http://user:password@host:port",
    )
    .await;
    check(
        driver,
        "HTTP/1.0 401 Unauthorized\r\n\r\n",
        "it requires another user or password: http://user:password@host:port",
    )
    .await;
    check(driver, "HTTP/1.1 20 OK\r\n\r\n", "it responded \"HTTP/1.1 20 OK\"").await;
    check(driver, "HTTP/1.1 403 Forbidden\r\n\r\nNo.", "it responded \"HTTP/1.1 403 Forbidden\"").await;
    check(driver, "HTTP/1.1 502 Bad Gateway\r\n\r\n", "it responded \"HTTP/1.1 502 Bad Gateway\"").await;
    check(driver, "<html>\r\n\r\n", "it responded \"<html>\"").await;
    check(driver, "", "it closed the connection").await;
    check(driver, "HTTP/1.1 200 OK\r\n", "it closed the connection").await;
    check(driver, "HTTP/1.1 200 OK\r\n\r\nsurprise", "it sent data after its response").await;
}

async fn an_endless_response(driver: Driver) {
    let proxy = Server::closing("x".repeat(1 << 20)).await;
    let transport = driver.build(environment(&[("ALL_PROXY", &proxy.url())]));
    let text = fails(&transport, "https://service.example/", Proxy, NotSent).await;
    assert!(text.ends_with("its response is too long"), "{text}");
}

async fn no_response(driver: Driver) {
    let proxy = Server::start(|mut socket| async move {
        let mut request = Vec::new();
        socket.read_to_end(&mut request).await.map(drop)
    })
    .await;
    let transport =
        driver.build(environment(&[("HTTPS_PROXY", &proxy.url())]).connect_timeout(Duration::from_secs(1)));
    let text = fails(&transport, "https://service.example/", ConnectTimeout, NotSent).await;
    assert!(text.ends_with("waited for the proxy's response until the limit of 1s was reached"), "{text}");
}

async fn unreachable(driver: Driver) {
    let (_socket, address) = nobody();
    let address = address.to_string();
    for proxy in [address.as_str(), "does-not-exist.invalid"] {
        let transport = driver.build(environment(&[("HTTPS_PROXY", proxy)]));
        let text = fails(&transport, "https://service.example/", Proxy, NotSent).await;
        assert!(text.contains(&format!("by the proxy {proxy}")), "{text}");
    }
}

async fn a_proxy_that_cannot_be_used(driver: Driver) {
    let transport = driver.build(environment(&[("HTTPS_PROXY", "socks5://me:secret@proxy.example:1080")]));
    let text = fails(&transport, "https://service.example/", Proxy, NotSent).await;
    assert!(text.contains("HTTPS_PROXY: a proxy's URL must have http://, not \"socks5\""), "{text}");
    assert!(!text.contains("secret") && !format!("{transport:?}").contains("secret"), "{text}");
    builder().proxy("https://proxy.example").unwrap_err();
}

//! The ways in which a call ends without a response, each with a real connection.

use std::time::Duration;

use gatewright::{
    ClientBuilder, Service as _,
    api_gateway::{ApiGateway, Client},
};
use tokio::net::{TcpListener, TcpSocket};

use crate::{credentials, script::machine, tls::Front};

const CUSTOM: &str = "https://api.example.com";

/// Fails with this entry as the likeliest one.
async fn check(builder: ClientBuilder<Client>, id: &str) -> String {
    let client = builder.credentials(credentials()).region("eu-west-1").build().unwrap();
    let error = client.get("/prod/pets").max_attempts(1).await.unwrap_err();
    let picked = error.evidence().known_responses(Some(ApiGateway::INFO));
    assert_eq!(picked.first().map(|entry| entry.id), Some(id), "{error}");
    error.explain().to_string()
}

fn proxied(url: &str, proxy: &str) -> ClientBuilder<Client> {
    Client::for_url(url).context(machine().variable("HTTPS_PROXY", proxy))
}

#[tokio::test]
async fn a_name_without_an_address() {
    let url = "https://api.gatewright.invalid";
    let shown = check(Client::for_url(url).context(machine()), "dns-not-found").await;
    assert!(shown.contains("nslookup api.gatewright.invalid"), "{shown}");
}

#[tokio::test]
async fn a_port_without_a_listener() {
    // Bound and not listening: connections are refused, and no other process can take the port.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let url = format!("http://{}", socket.local_addr().unwrap());
    check(Client::for_url(url).context(machine()), "connect-timeout").await;
}

#[tokio::test]
async fn a_private_api_that_is_not_reached_in_time() {
    // Accepts, and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let proxy = format!("http://{}", silent.local_addr().unwrap());
    let url = "https://abc123-vpce-0a1b2c3d.execute-api.eu-west-1.amazonaws.com";
    let builder = proxied(url, &proxy).connect_timeout(Duration::from_secs(1));
    let shown = check(builder, "private-api-from-outside").await;
    assert!(shown.contains("x-apigw-api-id"), "{shown}");
}

#[tokio::test]
async fn a_certificate_for_another_name() {
    let front = Front::start("www.example.org", "eu-west-1", "execute-api").await;
    let builder = proxied(CUSTOM, &front.proxy).root_certificates(front.authority.clone());
    check(builder, "tls-name-mismatch").await;
}

#[tokio::test]
async fn a_certificate_of_a_stranger() {
    let front = Front::start("api.example.com", "eu-west-1", "execute-api").await;
    let other = Front::start("api.example.org", "eu-west-1", "execute-api").await;
    let builder = proxied(CUSTOM, &front.proxy).root_certificates(other.authority.clone());
    check(builder, "tls-untrusted-or-intercepted").await;
}

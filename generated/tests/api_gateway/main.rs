//! A client of APIs that are called by method and path: its requests, their hosts and signatures.
#![expect(clippy::panic, clippy::unwrap_used, reason = "tests fail by panicking")]

mod calls;
mod clock;
#[path = "../../../runtime/tests/collector/mod.rs"]
mod collector;
mod encoding;
mod faked;
mod incomplete;
mod lines;
mod long_running;
mod no_response;
mod outside;
mod own_client;
mod presigned;
mod proxies;
mod refused;
mod script;
mod signed;
mod targets;
mod tls;

use gatewright::{
    ClientBuilder, Document, Secret,
    api_gateway::{Call, Client, Error, Response},
    credentials::Credentials,
};
use tokio::task::spawn_blocking;

const URL: &str = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod";

fn credentials() -> Credentials {
    Credentials::new("AKIDEXAMPLE", Secret::new("the-secret")).with_session_token(Secret::new("the-session"))
}

/// Makes the same call by both drivers.
async fn both(call: impl Fn() -> Call) -> [Result<Response, Error>; 2] {
    let (awaited, blocking) = (call().await, call());
    [awaited, spawn_blocking(|| blocking.send_blocking()).await.unwrap()]
}

/// The entries of a table of `data/api_gateway.json`.
fn table(name: &str) -> Vec<Document> {
    let tables: Document = include_str!("../data/api_gateway.json").parse().unwrap();
    tables[name].as_array().unwrap().clone()
}

/// Sets a client up as a row says.
fn builder(row: &Document) -> ClientBuilder<Client> {
    let text = |name: &str| row[name].as_str();
    let mut builder = match text("url") {
        Some(url) => Client::for_url(url),
        None => Client::for_api(text("api").unwrap()),
    };
    builder = builder.credentials(credentials());
    for (name, value) in row.as_object().unwrap() {
        let value = value.as_str().unwrap();
        builder = match name.as_str() {
            "set_api_id" => builder.api_id(value),
            "set_host" => builder.host(value),
            "set_region" => builder.region(value),
            "set_stage" => builder.stage(value),
            "set_through" => builder.through(value),
            "set_vpc_endpoint" => builder.vpc_endpoint(value),
            _ => builder,
        };
    }
    builder
}

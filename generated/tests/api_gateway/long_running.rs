//! Settings of long-running programs: credentials of a call, classifiers, hooks that stop calls, spans.

use std::{error::Error as _, time::Duration};

use gatewright::{
    ClientBuilder, Secret,
    api_gateway::{Client, Error},
    credentials::Credentials,
    hook::{Attempt, Hook, HookError},
    retry::{Backoff, Classification, RetryBudget},
    transport::Request,
};
use tokio::runtime;

use crate::{
    URL, both,
    collector::Collector,
    credentials,
    script::{Script, machine, noon, response},
};

fn builder(script: &Script) -> ClientBuilder<Client> {
    let builder = Client::for_url(URL).context(machine()).credentials(credentials());
    builder.transport(script.clone()).blocking_transport(script.clone())
}

fn others() -> Credentials {
    Credentials::new("AKIDOTHER", Secret::new("other-secret"))
}

#[tokio::test]
async fn a_call_has_credentials_of_its_own() {
    let script = Script::new((0..2).map(|_| response(200, &[], "{}")));
    let client = builder(&script).build().unwrap();
    for outcome in both(|| client.get("/pets").credentials(others())).await {
        outcome.unwrap();
    }
    for request in script.seen() {
        let authorization = request.headers()["authorization"].to_str().unwrap();
        assert!(authorization.contains("Credential=AKIDOTHER/"), "{authorization}");
        assert!(!request.headers().contains_key("x-amz-security-token"));
    }
    let url =
        client.get("/pets").credentials(others()).presign_blocking(Duration::from_secs(5 * 60)).unwrap();
    assert!(url.query().unwrap().contains("X-Amz-Credential=AKIDOTHER%2F"), "{url}");
}

#[test]
fn a_url_does_not_outlive_its_credentials() {
    let client = builder(&Script::default()).build().unwrap();
    let until = |seconds| others().with_expiry(noon() + Duration::from_secs(seconds));
    client.get("/").credentials(until(300)).presign_blocking(Duration::from_secs(5 * 60)).unwrap();
    let error =
        client.get("/").credentials(until(299)).presign_blocking(Duration::from_secs(5 * 60)).unwrap_err();
    assert!(matches!(error, Error::Input(_)), "{error:?}");
    assert!(error.to_string().contains("credentials that sign it expire in 299 s"), "{error}");
}

#[tokio::test]
async fn a_classifier_decides_by_the_response_of_the_api() {
    let script = Script::new([409, 200, 409, 200].map(|status| response(status, &[], "{}")));
    let client = builder(&script)
        .retry_budget(RetryBudget::new(28))
        .backoff(Backoff::new().max(Duration::ZERO))
        .retry_classifier(|failure| match failure.outcome.status() {
            // This API has a conflict only before it does anything.
            Some(status) if status.as_u16() == 409 => Classification::transient().not_executed(),
            _ => failure.usual,
        })
        .build()
        .unwrap();
    for outcome in both(|| client.post("/pets")).await {
        assert_eq!(outcome.unwrap().metadata().attempts(), 2);
    }
    assert_eq!(script.seen().len(), 4);
}

#[derive(Debug)]
struct Closed;

impl Hook for Closed {
    fn before_signing(&self, attempt: &Attempt, _: &mut Request) -> Result<(), HookError> {
        if attempt.operation == "DELETE" { Err(HookError::new("closed for deletion")) } else { Ok(()) }
    }
}

#[tokio::test]
async fn a_hook_stops_a_call() {
    let script = Script::default();
    let client = builder(&script).hook(Closed).build().unwrap();
    for outcome in both(|| client.delete("/pets")).await {
        let error = outcome.unwrap_err();
        assert!(matches!(error, Error::Hook(_)), "{error:?}");
        assert_eq!(error.source().unwrap().to_string(), "closed for deletion");
    }
    assert!(script.seen().is_empty());
}

/// An API has no operations: its spans have the names of HTTP, and neither path nor query.
#[test]
fn spans_are_those_of_http() {
    let script = Script::new((0..2).map(|_| response(404, &[("x-amzn-requestid", "id-1")], "{}")));
    let client = builder(&script).build().unwrap();
    let tokio = runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let call = || client.get("/pets").query("token", "hush");
    let (_, awaited) = Collector::collect(|| tokio.block_on(async { call().await }).unwrap_err());
    let (_, blocking) = Collector::collect(|| call().send_blocking().unwrap_err());
    assert_eq!(awaited, blocking);
    let server = "server.address=\"abc123.execute-api.eu-west-1.amazonaws.com\" server.port=443";
    let outcome =
        "http.response.status_code=404 aws.request_id=\"id-1\" error.type=404 otel.status_code=\"ERROR\"";
    let lines: Vec<_> = awaited.lines().collect();
    assert_eq!(
        lines[..2],
        [
            format!(
                "span call otel.kind=\"client\" {server} cloud.region=\"eu-west-1\" otel.name=\"GET\" \
                 http.request.method=\"GET\" {outcome}"
            ),
            format!(
                "span attempt otel.name=\"GET\" otel.kind=\"client\" http.request.method=\"GET\" {server} {outcome}"
            ),
        ]
    );
    assert!(!awaited.contains("hush") && !awaited.contains("/pets"), "{awaited}");
}

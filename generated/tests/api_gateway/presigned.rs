//! Presigned URLs.

use std::time::Duration;

use gatewright::{
    Error,
    api_gateway::Client,
    sign::{Signable, sigv4::Scope, verify::Verifier},
};
use http::{HeaderMap, HeaderValue, Uri};

use crate::{
    URL, credentials,
    script::{machine, noon},
};

const FIVE_MINUTES: Duration = Duration::from_secs(5 * 60);

fn client(url: &str) -> Client {
    Client::for_url(url).context(machine()).credentials(credentials()).build().unwrap()
}

#[track_caller]
fn check(url: &Uri, headers: &[(&'static str, &'static str)]) {
    let mut map = HeaderMap::new();
    map.insert("host", url.host().unwrap().parse().unwrap());
    map.extend(
        headers.iter().map(|(name, value)| {
            (name.parse::<http::HeaderName>().unwrap(), HeaderValue::from_static(value))
        }),
    );
    let target = url.path_and_query().unwrap().as_str();
    let scope = Scope { region: "eu-west-1", service: "execute-api" };
    let verifier = Verifier::new(scope, noon() + Duration::from_secs(299));
    let outcome = verifier.verify(&Signable::new("GET", target, &map, b""), |_| Some(credentials()));
    outcome.unwrap_or_else(|error| panic!("{error}"));
}

#[tokio::test]
async fn a_url_for_anyone() {
    let client = client(URL);
    let url = client.get("/pets/a%20b").query("limit", 10).presign(FIVE_MINUTES).await.unwrap();
    assert!(
        url.to_string().starts_with(&format!("{URL}/pets/a%20b?limit=10&X-Amz-Algorithm=AWS4-HMAC-SHA256&")),
        "{url}"
    );
    check(&url, &[]);
    let same = client.get("/pets/a%20b").query("limit", 10).presign_blocking(FIVE_MINUTES).unwrap();
    assert_eq!(url, same);
}

#[test]
fn headers_are_signed() {
    let url = client(URL).get("/pets").api_key("key-1").presign_blocking(FIVE_MINUTES).unwrap();
    assert!(url.query().unwrap().contains("X-Amz-SignedHeaders=host%3Bx-api-key"), "{url}");
    check(&url, &[("x-api-key", "key-1")]);
}

#[test]
fn the_handshake_of_a_websocket() {
    let url = client("wss://abc123.execute-api.eu-west-1.amazonaws.com/prod")
        .get("")
        .presign_blocking(FIVE_MINUTES)
        .unwrap();
    assert!(
        url.to_string().starts_with("wss://abc123.execute-api.eu-west-1.amazonaws.com/prod?X-Amz-"),
        "{url}"
    );
    check(&url, &[]);
}

#[test]
fn refusals() {
    let error = client(URL).get("/pets").presign_blocking(Duration::ZERO).unwrap_err();
    assert!(error.to_string().contains("a presigned URL is valid for 1 s to 7 days"), "{error}");
    let error = client(URL).get("pets").presign_blocking(Duration::from_secs(1)).unwrap_err();
    assert!(matches!(error, Error::Input(_)), "{error:?}");
    let without = Client::for_url(URL).context(machine()).build().unwrap();
    let error = without.get("/pets").presign_blocking(Duration::from_secs(1)).unwrap_err();
    assert!(matches!(error, Error::Credentials(_)), "{error:?}");
}

//! Paths and queries as they are sent, and as they are signed.

use std::time::SystemTime;

use gatewright::{
    api_gateway::Client,
    sign,
    sign::{
        Signable,
        sigv4::{Scope, Signer},
    },
};

use crate::{
    credentials,
    script::{Script, machine, response},
    table,
};

const SCOPE: Scope<'static> = Scope { region: "eu-west-1", service: "execute-api" };
const HOST: &str = "https://abc123.execute-api.eu-west-1.amazonaws.com";

/// A line of the canonical request of what was sent.
fn canonical(request: &http::Request<impl AsRef<[u8]>>, line: usize) -> String {
    let credentials = credentials();
    let signer = Signer::new(&credentials, SCOPE, SystemTime::UNIX_EPOCH);
    let explanation = signer.explain(&Signable::of(request)).unwrap();
    explanation.canonical_request().to_string().lines().nth(line).unwrap().to_owned()
}

#[tokio::test]
async fn paths_are_sent_as_they_are_and_signed_encoded_once_more() {
    for row in table("paths") {
        let (sent, expected) = (row["sent"].as_str().unwrap(), row["canonical"].as_str().unwrap());
        let script = Script::new([response(200, &[], "")]);
        let client = Client::for_url(HOST)
            .context(machine())
            .credentials(credentials())
            .transport(script.clone())
            .build()
            .unwrap();
        client.get(sent).await.unwrap();
        let request = script.seen().pop().unwrap();
        assert_eq!(request.uri().path(), if sent.is_empty() { "/" } else { sent });
        assert_eq!(canonical(&request, 1), expected, "{sent}");
    }
}

#[test]
fn queries_are_signed_sorted_and_encoded_once() {
    for row in table("queries") {
        let (sent, expected) = (row["sent"].as_str().unwrap(), row["canonical"].as_str().unwrap());
        let mut request = http::Request::get(format!("{HOST}/prod?{sent}")).body("").unwrap();
        sign(&mut request, &credentials(), SCOPE, SystemTime::UNIX_EPOCH).unwrap();
        assert_eq!(canonical(&request, 2), expected, "{sent}");
    }
}

#[tokio::test]
async fn parameters_are_encoded_and_kept_in_order() {
    let script = Script::new([response(200, &[], "")]);
    let client = Client::for_url(crate::URL)
        .context(machine())
        .credentials(credentials())
        .transport(script.clone())
        .build()
        .unwrap();
    let call = client.get("/pets").segment("a b/../c").segment(7);
    call.query("limit", 10).query("q", "red dog+&=€").query("q", "").query("x[y]", true).await.unwrap();
    let request = script.seen().pop().unwrap();
    assert_eq!(
        request.uri().path_and_query().unwrap(),
        "/prod/pets/a%20b%2F..%2Fc/7?limit=10&q=red%20dog%2B%26%3D%E2%82%AC&q=&x%5By%5D=true"
    );
    assert_eq!(canonical(&request, 2), "limit=10&q=&q=red%20dog%2B%26%3D%E2%82%AC&x%5By%5D=true");
}

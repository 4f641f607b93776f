//! Signed requests that others send: they are what the client would send. `targets` compares every form of URL.

use gatewright::{Error, api_gateway::Client};

use crate::{
    URL, both, credentials,
    script::{Script, machine, response},
};

#[tokio::test]
async fn they_have_the_clients_headers_and_its_corrected_clock() {
    let expired = response(
        403,
        &[("x-amzn-errortype", "InvalidSignatureException"), ("date", "Sun, 22 Nov 2026 14:00:00 GMT")],
        r#"{"message":"Signature expired: 20261122T120000Z is now earlier than 20261122T135500Z"}"#,
    );
    let script = Script::new([expired, response(200, &[], ""), response(200, &[], "")]);
    let builder = Client::for_url(
        "https://vpce-0123456789abcdef0-76543210.execute-api.eu-west-1.vpce.amazonaws.com/test",
    );
    let client = builder
        .api_id("abc123")
        .api_key("the-key")
        .context(machine())
        .credentials(credentials())
        .transport(script.clone())
        .blocking_transport(script.clone())
        .build()
        .unwrap();
    let call = || client.post("/pets").query("limit", 10).header("x-trace", "1").json(&["socks"]);
    for outcome in both(call).await {
        outcome.unwrap();
    }
    let signed = [call().sign().await.unwrap(), call().sign_blocking().unwrap()];
    for (sent, signed) in script.seen()[1..].iter().zip(signed) {
        assert_eq!((signed.method(), signed.uri()), (sent.method(), sent.uri()));
        assert_eq!((signed.headers(), signed.body()), (sent.headers(), sent.body()));
        let header = |name: &str| signed.headers()[name].to_str().unwrap();
        assert_eq!(header("x-amz-date"), "20261122T140000Z");
        assert_eq!(
            [header("x-apigw-api-id"), header("x-api-key"), header("x-trace")],
            ["abc123", "the-key", "1"]
        );
        let shown = format!("{signed:?}");
        assert!(!shown.contains("the-key") && !shown.contains("the-session"), "{shown}");
    }
    assert_eq!(script.seen().len(), 3);
}

#[test]
fn the_handshake_of_a_websocket() {
    let url = "wss://abc123.execute-api.eu-west-1.amazonaws.com/prod";
    for (through, expected) in [(None, url), (Some("https://cdn.example/api"), "wss://cdn.example/api")] {
        let builder = Client::for_url(url).context(machine()).credentials(credentials());
        let builder = through.into_iter().fold(builder, gatewright::ClientBuilder::through);
        let signed = builder.build().unwrap().get("").sign_blocking().unwrap();
        assert_eq!(signed.uri(), expected);
    }
}

#[test]
fn refusals() {
    let client = Client::for_url(URL).context(machine()).credentials(credentials()).build().unwrap();
    let error = client.get("pets").sign_blocking().unwrap_err();
    assert!(matches!(error, Error::Input(_)), "{error:?}");
    let through = format!("https://cdn.example/{}", "a".repeat(1000));
    let builder = Client::for_url(URL).through(through).context(machine()).credentials(credentials());
    let long = builder.build().unwrap().get("/").query("b", "c".repeat(65_000));
    let error = long.sign_blocking().unwrap_err();
    assert!(matches!(error, Error::Input(_)), "{error:?}");
    assert!(error.to_string().contains("its URL is too long"), "{error}");
    let without = Client::for_url(URL).context(machine()).build().unwrap();
    let error = without.get("/pets").sign_blocking().unwrap_err();
    assert!(matches!(error, Error::Credentials(_)), "{error:?}");
}

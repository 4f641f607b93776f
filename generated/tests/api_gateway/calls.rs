//! Calls: requests, retries and results.

use gatewright::{
    Error,
    api_gateway::{Call, Client, Exception},
};
use http::{Method, StatusCode};

use crate::{
    URL, credentials,
    script::{Script, machine, response},
};

fn client(script: &Script) -> Client {
    Client::for_url(URL)
        .context(machine())
        .credentials(credentials())
        .transport(script.clone())
        .blocking_transport(script.clone())
        .build()
        .unwrap()
}

#[test]
fn a_blocking_call_of_json_and_its_typed_response() {
    let script = Script::new([response(201, &[("apigw-requestid", "id-1")], r#"["Rex"]"#)]);
    let names = std::collections::BTreeMap::from([("name", "Rex")]);
    let response = client(&script).post("/pets").json(&names).send_blocking().unwrap();
    assert_eq!(response.json::<Vec<String>>().unwrap(), ["Rex"]);
    assert_eq!((response.status(), response.text().unwrap()), (StatusCode::CREATED, r#"["Rex"]"#));
    assert_eq!(response.metadata().request_id(), Some("id-1"));

    let error = response.json::<u32>().unwrap_err();
    assert_eq!(error.metadata().status(), StatusCode::CREATED);
    let error = gatewright::api_gateway::Error::from(error);
    assert!(error.to_string().starts_with("POST https://abc123.execute-api.eu-west-1.amazonaws.com/prod/pets: the response could not be decoded: invalid type"), "{error}");

    let sent = script.seen().pop().unwrap();
    assert_eq!((sent.method(), &sent.body()[..]), (&Method::POST, &br#"{"name":"Rex"}"#[..]));
    assert_eq!(sent.headers()["content-type"], "application/json");
    let authorization = sent.headers()["authorization"].to_str().unwrap();
    assert!(
        authorization.contains("SignedHeaders=content-type;host;x-amz-date;x-amz-security-token,"),
        "{authorization}"
    );
}

#[tokio::test]
async fn every_method_is_sent_with_headers_and_bytes() {
    let script = Script::new((0..7).map(|_| response(204, &[], "")));
    let client = client(&script);
    let calls = [
        client.get("/a"),
        client.head("/a"),
        client.post("/a"),
        client.put("/a"),
        client.patch("/a"),
        client.delete("/a"),
        client.call(Method::from_bytes(b"PURGE").unwrap(), "/a"),
    ];
    for call in calls {
        let call = call.body(vec![0, 255]).header("content-type", "application/octet-stream").json("late");
        call.body(&b"\x01\xff"[..]).header("If-None-Match", "\"1\"").api_key("key-1").send().await.unwrap();
    }
    let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "PURGE"];
    for (sent, method) in script.seen().into_iter().zip(methods) {
        assert_eq!((sent.method().as_str(), &sent.body()[..]), (method, &b"\x01\xff"[..]));
        let header = |name: &str| sent.headers()[name].to_str().unwrap();
        assert_eq!(
            (header("content-type"), header("if-none-match"), header("x-api-key")),
            ("application/octet-stream", "\"1\"", "key-1")
        );
        assert!(
            header("authorization")
                .contains("content-type;host;if-none-match;x-amz-date;x-amz-security-token;x-api-key")
        );
    }
}

#[tokio::test]
async fn what_must_not_be_sent_is_refused_before() {
    let script = Script::default();
    let client = client(&script);
    let check = async |call: Call, why: &str| match call.await {
        Err(Error::Input(error)) => assert!(error.to_string().contains(why), "{error}"),
        other => panic!("{other:?}"),
    };
    let call = || client.get("/pets");
    for name in [
        "Host",
        "authorization",
        "x-amz-date",
        "X-Amz-Security-Token",
        "content-length",
        "connection",
        "x-apigw-api-id",
    ] {
        check(call().header(name, "x"), "is reserved for the client, and cannot be set").await;
    }
    check(call().header("a b", "x"), "is not a valid header name").await;
    check(call().header("a", "x\r\nb: c"), "the value of a is not a valid header value").await;
    check(call().api_key("x\ny"), "the value of x-api-key is not a valid header value").await;
    check(call().query("x-amz-signature", "x"), "is part of signatures").await;
    check(call().segment(".."), "segment: is . or ..").await;
    check(client.get("/pets?limit=1"), "path: contains a query").await;
    check(
        client.get("/a/../b").segment(""),
        "path: has a segment . or .., which is resolved on the way; segment: is empty",
    )
    .await;
    check(call().query("q", "x".repeat(70_000)), "path: is too long with its query").await;
    check(call().json(&std::collections::BTreeMap::from([((1, 2), 3)])), "body: key must be a string").await;
    assert_eq!(script.seen().len(), 0);
}

#[track_caller]
fn check_attempts(method: &Method, statuses: &[u16], attempts: usize) {
    let script =
        Script::new(statuses.iter().map(|status| response(*status, &[], r#"{"message":"Trouble."}"#)));
    drop(client(&script).call(method.clone(), "/pets").send_blocking());
    assert_eq!(script.seen().len(), attempts, "{method} {statuses:?}");
}

#[test]
fn only_what_does_no_harm_is_repeated() {
    check_attempts(&Method::GET, &[502, 503, 200], 3);
    check_attempts(&Method::PUT, &[500, 200], 2);
    check_attempts(&Method::DELETE, &[504, 200], 2);
    check_attempts(&Method::POST, &[500], 1);
    check_attempts(&Method::POST, &[502], 1);
    // A backend that has begun may say so.
    check_attempts(&Method::POST, &[503], 1);
    check_attempts(&Method::PATCH, &[503], 1);
    // Refused before the backend was called.
    check_attempts(&Method::POST, &[429, 200], 2);
    check_attempts(&Method::GET, &[404], 1);
    check_attempts(&Method::GET, &[403], 1);
}

#[test]
fn a_post_is_retried_if_the_caller_marks_it_as_repeatable() {
    let script = Script::new([response(503, &[], ""), response(200, &[], "")]);
    client(&script).post("/pets").retry_everything(true).send_blocking().unwrap();
    let script = Script::new([response(503, &[], "")]);
    client(&script).get("/pets").max_attempts(1).send_blocking().unwrap_err();
}

#[tokio::test]
async fn an_error_keeps_status_headers_and_body_and_explains_itself() {
    let headers =
        [("x-amzn-errortype", "AccessDeniedException"), ("x-amzn-requestid", "id-2"), ("x-own", "kept")];
    let body = r#"{"Message":"User is not authorized, key the-key-of-the-plan, token the-session"}"#;
    let script = Script::new([response(403, &headers, body)]);
    let call = client(&script).get("/pets").api_key("the-key-of-the-plan");
    let error = call.await.unwrap_err();
    assert_eq!(error.exception(), Some(&Exception::from("AccessDeniedException")));
    let metadata = error.metadata().unwrap();
    assert_eq!(
        (metadata.status(), &metadata.headers()["x-own"]),
        (StatusCode::FORBIDDEN, &"kept".parse().unwrap())
    );
    assert!(metadata.body().starts_with(br#"{"Message":"User is"#));
    let line = "GET https://abc123.execute-api.eu-west-1.amazonaws.com/prod/pets: AccessDeniedException: User is not authorized";
    assert!(error.to_string().starts_with(line), "{error}");

    let shown = format!("{error} {error:?} {} {:?} {metadata:?}", error.explain(), error.explain());
    let shown = shown + str::from_utf8(metadata.body()).unwrap();
    for secret in ["the-key-of-the-plan", "the-session", "the-secret"] {
        assert!(!shown.contains(secret), "{shown}");
    }
    let Error::Service(error) = error else { panic!("{error:?}") };
    assert!(error.signed().is_some());
}

#[test]
fn an_error_of_a_backend_is_kept_as_it_came() {
    let script = Script::new([response(418, &[], "short and stout")]);
    let error = client(&script).get("/tea").send_blocking().unwrap_err();
    assert_eq!(error.metadata().unwrap().body(), "short and stout");
    assert_eq!((error.exception(), error.code()), (None, None));
}

#[test]
fn a_clock_that_is_off_is_corrected_once() {
    let body = r#"{"message":"Signature expired: 20261122T120000Z is now earlier than 20261122T125500Z"}"#;
    let refusal =
        [("x-amzn-errortype", "InvalidSignatureException"), ("date", "Sun, 22 Nov 2026 13:00:00 GMT")];
    let script = Script::new([response(403, &refusal, body), response(200, &[], "")]);
    // Whatever the method: what is refused for its signature has not been executed.
    client(&script).post("/pets").send_blocking().unwrap();
    let times: Vec<_> = script.seen().iter().map(|sent| sent.headers()["x-amz-date"].clone()).collect();
    assert_eq!(times, ["20261122T120000Z", "20261122T130000Z"]);
}

#[test]
fn an_expired_session_is_not_tried_again() {
    let refusal = [("x-amzn-errortype", "ExpiredTokenException")];
    let body = r#"{"message":"The security token included in the request is expired"}"#;
    let script = Script::new([response(403, &refusal, body)]);
    let error = client(&script).get("/pets").send_blocking().unwrap_err();
    assert_eq!((error.attempts(), error.exception()), (1, Some(&Exception::from("ExpiredTokenException"))));
    assert!(error.explain().to_string().contains("expired"), "{}", error.explain());
}

//! What clients make of the answers that the model knows: whether they call again, and how they explain it.

use gatewright::{
    Service as _,
    api_gateway::{ApiGateway, Call, Client, Error},
};

use crate::{
    URL, credentials,
    script::{Machine, Script, answer},
};

fn client(script: &Script) -> Client {
    let builder = Client::for_url(URL).context(Machine::default()).credentials(credentials());
    builder.transport(script.clone()).blocking_transport(script.clone()).build().unwrap()
}

/// The gateway's own answer, as often as it is asked for.
fn gateway(status: u16, name: &str, body: &'static str) -> Script {
    let headers = [("x-amz-apigw-id", "id"), ("x-amzn-requestid", "r-1"), ("x-amzn-errortype", name)];
    Script::new((0..3).map(|_| answer(status, &headers, body)))
}

/// The error of a call, and how often it was sent.
#[track_caller]
fn refused(script: &Script, call: impl FnOnce(&Client) -> Call) -> (Error, usize) {
    let error = call(&client(script)).send_blocking().unwrap_err();
    (error, script.seen().len())
}

#[track_caller]
fn check_answer(error: &Error, expected: &str, pieces: &[&str]) {
    let picked = error.evidence().known_answers(Some(ApiGateway::INFO));
    assert_eq!(picked.first().map(|answer| answer.id), Some(expected));
    let text = error.explain().to_string();
    for piece in pieces {
        assert!(text.contains(piece), "{piece:?} is not in\n{text}");
    }
    assert!(!text.contains("the-session") && !text.contains("hush"), "{text}");
}

/// The same status and, by the lists of the AWS SDKs, the same remedy: but a quota does not come back by waiting.
#[test]
fn quotas_are_not_tried_again() {
    let script = gateway(429, "LimitExceededException", r#"{"message":"Limit Exceeded"}"#);
    let (error, attempts) = refused(&script, |client| client.get("/pets"));
    assert_eq!(attempts, 1);
    check_answer(&error, "quota-exceeded", &["usage plan", "larger quota"]);
    let script = gateway(429, "TooManyRequestsException", r#"{"message":"Too Many Requests"}"#);
    let (error, attempts) = refused(&script, |client| client.get("/pets"));
    assert_eq!(attempts, 3);
    check_answer(&error, "throttled", &["longer each time"]);
}

#[test]
fn what_the_call_had_tells_refusals_apart() {
    let forbidden = || gateway(403, "ForbiddenException", r#"{"message":"Forbidden"}"#);
    let (error, attempts) = refused(&forbidden(), |client| client.get("/pets"));
    assert_eq!(attempts, 1);
    check_answer(&error, "forbidden-api-key", &["Send the key as `x-api-key`", "dig abc123.execute-api"]);
    let (error, _) = refused(&forbidden(), |client| client.get("/pets").api_key("hush"));
    check_answer(&error, "forbidden-waf", &["web ACL"]);
    let (error, _) = refused(&forbidden(), |client| client.post("/@connections/L0SM9cOFvHcCIhw="));
    check_answer(
        &error,
        "connection-forbidden",
        &["ManageConnections", ":abc123/<stage>/POST/@connections/*"],
    );
}

#[test]
fn a_path_that_is_not_deployed() {
    let body = r#"{"message":"Missing Authentication Token"}"#;
    let script = gateway(403, "MissingAuthenticationTokenException", body);
    let (error, attempts) = refused(&script, |client| client.get("/pets"));
    assert_eq!(attempts, 1);
    check_answer(
        &error,
        "missing-authentication-token",
        &["GET /prod/pets", "get-stages --rest-api-id abc123"],
    );
}

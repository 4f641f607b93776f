//! The call loop, against a transport that plays a script. Time is paused: waits take none.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

mod stage;

use std::time::Duration;

use gatewright_runtime::{
    BoxFuture, Error,
    credentials::{Credentials, CredentialsError, ProvideCredentials},
    transport::{Reached, TransportErrorKind},
};
use stage::{Act, List, Move, Name, Props, Script, client};
use tokio::time::Instant;

const OK: Act = Act::Answer(200, r#"{"Names":["a"]}"#);

fn move_() -> Move {
    Move { prop: Some("chair".to_owned()), token: None }
}

fn attempts(script: &Script) -> usize {
    script.seen.lock().unwrap().len()
}

/// Plays a script for an operation that may be repeated and for one that may not; counts attempts.
#[track_caller]
fn check(script: fn() -> Vec<Act>, repeatable: Result<usize, usize>, other: Result<usize, usize>) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (client, seen) = client(script());
        let outcome = client.call(List::default()).await;
        assert_eq!(outcome.map(|_| attempts(&seen)).map_err(|_| attempts(&seen)), repeatable);
    });
    runtime.block_on(async {
        let (client, seen) = client(script());
        let outcome = client.call(move_()).await;
        assert_eq!(outcome.map(|_| attempts(&seen)).map_err(|_| attempts(&seen)), other);
    });
}

#[test]
fn attempts_follow_what_is_known_of_the_failure() {
    use Act::{Answer, Fail, Hang};
    use TransportErrorKind as Kind;

    check(|| vec![OK], Ok(1), Ok(1));
    // Surely not executed: repeated always.
    check(|| vec![Answer(503, ""), OK], Ok(2), Ok(2));
    check(|| vec![Answer(429, ""), OK], Ok(2), Ok(2));
    check(|| vec![Answer(400, r#"{"__type":"Slow"}"#), OK], Ok(2), Ok(2));
    check(|| vec![Fail(Kind::Connect, Reached::NotSent), OK], Ok(2), Ok(2));
    check(|| vec![Fail(Kind::ConnectTimeout, Reached::NotSent), OK], Ok(2), Ok(2));
    check(|| vec![Fail(Kind::Closed, Reached::StaleConnection), OK], Ok(2), Ok(2));
    // Maybe executed: repeated where that is harmless.
    check(|| vec![Answer(500, ""), OK], Ok(2), Err(1));
    check(|| vec![Answer(502, "<html>"), OK], Ok(2), Err(1));
    check(|| vec![Fail(Kind::Closed, Reached::MaybeSent), OK], Ok(2), Err(1));
    check(|| vec![Hang, OK], Ok(2), Err(1));
    check(|| vec![Answer(200, "<html>"), OK], Ok(2), Err(1));
    check(|| vec![Answer(200, ""), OK], Ok(2), Err(1));
    check(|| vec![Answer(200, "null"), OK], Ok(2), Err(1));
    check(|| vec![Answer(200, "[]"), OK], Ok(2), Err(1));
    // Never.
    check(|| vec![Answer(400, r#"{"__type":"BadRequest"}"#)], Err(1), Err(1));
    check(|| vec![Answer(301, "")], Err(1), Err(1));
    check(|| vec![Fail(Kind::Tls, Reached::NotSent)], Err(1), Err(1));
    check(|| vec![Fail(Kind::TooLarge, Reached::MaybeSent)], Err(1), Err(1));
    // At most three times.
    check(|| vec![Answer(503, ""), Answer(503, ""), Answer(503, "")], Err(3), Err(3));
}

#[tokio::test(start_paused = true)]
async fn timeouts_tell_which_one_struck() {
    let (client, script) = client([Act::Hang, Act::Hang, Act::Hang]);
    let start = Instant::now();
    let error = client.call(List::default()).await.unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("List: stage.us-east-1.amazonaws.com: no answer within the operation timeout"),
        "{error}"
    );
    assert!((24..=25).contains(&start.elapsed().as_secs()), "{:?}", start.elapsed());
    assert_eq!(attempts(&script), 3);

    let (client, _) = stage::client([Act::Hang]);
    let call = client.call(List::default()).attempt_timeout(Duration::from_secs(1)).max_attempts(1);
    let error = call.await.unwrap_err();
    let Error::Transport(failure) = &error else { panic!("{error}") };
    assert_eq!(failure.error().kind(), TransportErrorKind::AttemptTimeout);
}

#[tokio::test(start_paused = true)]
async fn every_attempt_is_the_same_request_signed_anew() {
    let (client, script) = client([Act::Answer(503, ""), OK]);
    let answer = client.call(move_()).header("x-note", "n").with_metadata().await.unwrap();
    assert_eq!(answer.output, Props { names: Some(vec!["a".to_owned()]), marker: None });
    assert_eq!((answer.metadata.attempts(), answer.metadata.request_id()), (2, Some("id-1")));
    assert_eq!(&answer.metadata.body()[..], br#"{"Names":["a"]}"#);

    let seen = script.seen.lock().unwrap();
    let [first, second] = &seen[..] else { panic!("{seen:?}") };
    assert_eq!(first.body(), second.body());
    assert_eq!(first.uri(), "https://stage.us-east-1.amazonaws.com/");
    let header = |name| first.headers()[name].to_str().unwrap();
    assert_eq!(header("x-amz-target"), "Stage_20260101.Move");
    assert_eq!(header("content-type"), "application/x-amz-json-1.1");
    assert_eq!(header("user-agent"), concat!("gatewright/", env!("CARGO_PKG_VERSION")));
    assert!(
        header("authorization").contains("SignedHeaders=content-type;host;x-amz-date;x-amz-target;x-note")
    );
    let body: serde_json::Value = serde_json::from_slice(first.body()).unwrap();
    let token = body["Token"].as_str().unwrap();
    let groups: Vec<_> = token.split('-').map(str::len).collect();
    assert_eq!(groups, [8, 4, 4, 4, 12], "{token}");
    assert!(token.as_bytes()[14] == b'4' && b"89ab".contains(&token.as_bytes()[19]), "{token}");
}

#[tokio::test]
async fn errors_say_what_happened_in_one_line() {
    let body = "{\"__type\":\"ns#BadRequest:uri\",\"message\":\"No such\\nprop.\",\"error\":{\"errorCode\":\"NoProp\",\"errorDetails\":{\"k\":\"v\"}},\"more\":1}";
    let (client, _) = client([Act::Answer(400, body), Act::Answer(418, "teapot")]);
    let error = client.call(move_()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Move: BadRequest NoProp: No such prop. (status 400, request id id-1, 1 attempt)"
    );
    assert_eq!((error.code(), error.kind()), (Some(&Name::NoProp), Some(&Name::NoProp)));
    assert_eq!(error.exception().map(Name::as_str), Some("BadRequest"));
    let service = error.as_service().unwrap();
    assert_eq!(service.fault().details.as_deref(), Some(r#"{"k":"v"}"#));
    assert_eq!(service.metadata().body(), body.as_bytes());
    let explanation = error.explain().to_string();
    assert!(explanation.ends_with("Causes:\n- The prop is lost.\nWhat to do:\n- Find it."), "{explanation}");

    let error = client.call(move_()).await.unwrap_err();
    assert_eq!(error.to_string(), "Move: error without a name (status 418, request id id-1, 1 attempt)");
    assert_eq!(error.metadata().unwrap().body(), "teapot");

    let refused = Move { prop: Some("x".to_owned()), token: None };
    let error = client.call(refused).header("bad name", "v").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Move: refused before sending: header: \"bad name\" is no header name; prop: 1 character, at least 2"
    );
    let (client, _) = stage::client([Act::Answer(200, "\u{feff}<html>"), Act::Answer(200, "<html>")]);
    let error = client.call(move_()).await.unwrap_err();
    assert!(
        error.to_string().starts_with("Move: the answer cannot be understood: expected value"),
        "{error}"
    );
    let error = client.call(move_()).await.unwrap_err();
    assert!(error.to_string().contains("the body is HTML or XML"), "{error}");
}

#[tokio::test]
async fn unchecked_requests_go_as_they_are() {
    let (client, script) = client([OK]);
    let request = Move { prop: Some("x".to_owned()), token: Some("mine".to_owned()) };
    client.call(request).unchecked().await.unwrap();
    assert_eq!(script.seen.lock().unwrap()[0].body(), r#"{"Prop":"x","Token":"mine"}"#);
}

#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let error = CredentialsError::new("environment", "AWS_ACCESS_KEY_ID is not set")
            .and(CredentialsError::new("profile", "no file"));
        Box::pin(std::future::ready(Err(error)))
    }
}

#[tokio::test]
async fn missing_credentials_tell_what_was_tried() {
    let client = gatewright_runtime::ClientBuilder::<stage::StageClient>::new()
        .context(stage::Bare)
        .region("us-east-1")
        .credentials(NoCredentials)
        .build()
        .unwrap();
    let error = client.0.call(List::default()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "List: no credentials: environment: AWS_ACCESS_KEY_ID is not set; profile: no file"
    );
    assert_eq!(error.attempts(), 0);
}

#[tokio::test]
async fn pages_and_items_follow_the_token() {
    let pages = || {
        [
            Act::Answer(200, r#"{"Names":["a","b"],"Marker":"1"}"#),
            Act::Answer(200, r#"{"Names":[],"Marker":"2"}"#),
            Act::Answer(200, r#"{"Names":["c"],"Marker":""}"#),
        ]
    };
    let (client, script) = client(pages());
    let mut items = client.call(List::default()).items();
    let mut names = Vec::new();
    while let Some(name) = items.next().await {
        names.push(name.unwrap());
    }
    assert_eq!(names, ["a", "b", "c"]);
    let bodies: Vec<_> = script.seen.lock().unwrap().iter().map(|request| request.body().clone()).collect();
    assert_eq!(bodies, ["{}", r#"{"Marker":"1"}"#, r#"{"Marker":"2"}"#]);

    let (client, _) =
        stage::client([Act::Answer(200, r#"{"Marker":"1"}"#), Act::Answer(200, r#"{"Marker":"1"}"#)]);
    let mut pages = client.call(List::default()).pages();
    assert!(pages.next().await.unwrap().is_ok());
    let error = pages.next().await.unwrap().unwrap_err();
    assert!(error.to_string().contains("the same page token twice"), "{error}");
    assert!(pages.next().await.is_none());
}

#[test]
fn futures_can_move_between_threads_and_stay_small() {
    fn size<T: Send>(value: &T) -> usize {
        size_of_val(value)
    }
    let (client, _) = client([]);
    let bytes = size(&client.call(List::default()).with_metadata());
    println!("a call's future: {bytes} bytes");
    assert!(bytes <= 2048, "{bytes}");
    assert!(size_of::<Error<Name>>() <= 16);
}

#[test]
fn nothing_shows_a_secret() {
    let (client, _) = client([]);
    let call = client.call(List::default()).header("x-api-key", "secret-of-the-stage");
    for shown in [format!("{client:?}"), format!("{call:?}")] {
        assert!(!shown.contains("secret-of-the-stage"), "{shown}");
    }
}

//! What is sent.

use crate::{
    OK, move_,
    stage::{Act, Move, Props, client},
};

#[tokio::test(start_paused = true)]
async fn every_attempt_is_the_same_request_signed_anew() {
    let (client, script) = client([Act::Respond(503, ""), OK]);
    let response = client.call(move_()).header("x-note", "n").with_metadata().await.unwrap();
    assert_eq!(response.output, Props { names: Some(vec!["a".to_owned()]), marker: None });
    assert_eq!((response.metadata.attempts(), response.metadata.request_id()), (2, Some("id-1")));
    assert_eq!(&response.metadata.body()[..], br#"{"Names":["a"]}"#);

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
async fn unchecked_requests_go_as_they_are() {
    let (client, script) = client([OK]);
    let request = Move { prop: Some("x".to_owned()), token: Some("mine".to_owned()) };
    client.call(request).unchecked().await.unwrap();
    assert_eq!(script.seen.lock().unwrap()[0].body(), r#"{"Prop":"x","Token":"mine"}"#);
}

//! What error responses of 16 MiB cost the client, measured on a process of its own.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[path = "stage/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of the client")]
mod stage;

use bytes::Bytes;
use gatewright_runtime::protocol::{AliyunRpc, AwsJson, AwsQuery, Http, Protocol};
use stage::{Act, Driver, List};

const SIZE: usize = 16 << 20;

/// The most memory that this process ever had, in bytes.
fn peak() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<usize>().unwrap() * 1024
}

/// A body of about this size that repeats a piece.
fn body(begin: &str, piece: &str, end: &str) -> &'static str {
    let pieces = (SIZE - begin.len() - end.len()) / piece.len();
    let mut body = String::with_capacity(SIZE);
    body.push_str(begin);
    for _ in 0..pieces {
        body.push_str(piece);
    }
    body.push_str(end);
    body.leak()
}

/// Bodies whose trees would take many times their size, and texts that are long.
fn bodies() -> Vec<&'static str> {
    vec![
        body(r#"{"__type":"BadRequest","more":["#, "1,", "1]}"),
        body(r#"{"__type":"BadRequest","error":{"errorDetails":["#, "[],", "[]]}}"),
        body(r#"{"__type":"BadRequest","message":""#, "abc \\n", "\"}"),
        body("[", "{},", "{}]"),
        body("<html><title>Gone</title>", "<p>a", "</html>"),
        body("<ErrorResponse><Error><Code>BadRequest</Code>", "<a/>", "</Error></ErrorResponse>"),
        body("no ", "x ", ""),
    ]
}

/// One test, so that nothing else in the process takes memory meanwhile.
#[test]
fn long_error_responses_cost_little_more_than_their_length() {
    let bodies = bodies();
    let (client, _) = stage::client([Act::Answer(400, r#"{"__type":"BadRequest"}"#)]);
    Driver::Blocking.make(client.call(List::default())).unwrap_err().explain();
    let before = peak();
    for body in &bodies {
        let (client, _) = stage::client([Act::Answer(400, body)]);
        let error = Driver::Blocking.make(client.call(List::default())).unwrap_err();
        // The body is kept once, as it came.
        assert_eq!(error.metadata().unwrap().body().len(), body.len());
        let shown = [
            error.to_string(),
            format!("{error:?}"),
            error.explain().to_string(),
            error.evidence().to_json(),
        ];
        assert!(shown.iter().all(|text| text.len() < 1 << 20), "{}", &body[..60]);
        let response =
            http::Response::builder().status(400).body(Bytes::from_static(body.as_bytes())).unwrap();
        drop((AwsJson::fault(&response), Http::fault(&response)));
        drop((AwsQuery::fault(&response), AwsQuery::request_id(&response)));
        drop((AliyunRpc::fault(&response), AliyunRpc::request_id(&response)));
    }
    let grown = peak() - before;
    assert!(grown < 4 * SIZE, "{grown} bytes");
}

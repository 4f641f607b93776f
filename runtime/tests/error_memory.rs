//! The memory and time of error responses of several MiB, measured in a separate process.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

#[expect(dead_code, reason = "shared by several tests")]
mod drivers;
#[path = "drivers/paused.rs"]
mod paused;
#[path = "stage/mod.rs"]
#[expect(dead_code, reason = "shared with the tests of the client")]
mod stage;

use std::time::{Duration, Instant};

use bytes::Bytes;
use drivers::Driver;
use gatewright_runtime::protocol::{AliyunRpc, AwsJson, AwsQuery, Protocol, RawHttp};
use stage::{Act, List};

const SIZE: usize = 2 << 20;

/// The credentials of the stage.
const SECRET: &str = "secret-of-the-stage";

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

/// Bodies with trees of many times their size, and long texts.
fn bodies() -> Vec<&'static str> {
    vec![
        body(r#"{"__type":"BadRequest","more":["#, "1,", "1]}"),
        body(r#"{"__type":"BadRequest","error":{"errorDetails":["#, "[],", "[]]}}"),
        body(r#"{"__type":"BadRequest","message":""#, "abc \\n", "\"}"),
        body("[", "{},", "{}]"),
        body("<html><title>Gone</title>", "<p>a", "</html>"),
        body("<ErrorResponse><Error><Code>BadRequest</Code>", "<a/>", "</Error></ErrorResponse>"),
        body("no ", "x ", ""),
        // What each byte of a secret, and what looks like one for long, costs.
        body("", SECRET, ""),
        body("", "secret%2d&#58;of-the. ", ""),
        body("<p>", "&#115;&#101;%63\\u0072\\\\u0065", "</p>"),
    ]
}

/// One test, because other tests in the process would allocate memory meanwhile.
#[test]
fn long_error_responses_cost_little_more_than_their_length() {
    let bodies = bodies();
    let (client, _) = stage::client([Act::Respond(400, r#"{"__type":"BadRequest"}"#)]);
    Driver::Blocking.make(client.call(List::default())).unwrap_err().explain();
    let before = peak();
    for body in &bodies {
        let (client, _) = stage::client([Act::Respond(400, body)]);
        let start = Instant::now();
        let error = Driver::Blocking.make(client.call(List::default())).unwrap_err();
        // The body is kept once, as received, without secrets.
        let kept = error.metadata().unwrap().body();
        if body.contains(SECRET) {
            assert!(kept.starts_with(b"***") && kept.len() < 16, "{} bytes", kept.len());
        } else {
            assert_eq!(kept.len(), body.len());
        }
        let shown = [
            error.to_string(),
            format!("{error:?}"),
            error.explain().to_string(),
            error.evidence().to_json(),
        ];
        assert!(shown.iter().all(|text| text.len() < 1 << 20), "{}", &body[..60]);
        // Reading some of it once for each byte would take hours.
        assert!(start.elapsed() < Duration::from_secs(2 * 60), "{:?}: {}", start.elapsed(), &body[..60]);
        let response =
            http::Response::builder().status(400).body(Bytes::from_static(body.as_bytes())).unwrap();
        drop((AwsJson::fault(&response), RawHttp::fault(&response)));
        drop((AwsQuery::fault(&response), AwsQuery::request_id(&response)));
        drop((AliyunRpc::fault(&response), AliyunRpc::request_id(&response)));
    }
    // Of a response that cannot be decoded, each byte is part of a secret.
    let secrets = body(r#"{"Names":7,"Passwords":["#, "\"secret-in-the-response\",", "\"\"]}");
    let (client, _) = stage::client([Act::Respond(200, secrets)]);
    let error = Driver::Blocking.make(client.call(List::default()).no_retries()).unwrap_err();
    let shown = [error.to_string(), error.explain().to_string(), error.evidence().to_json()].concat();
    assert!(shown.contains("Names") && !shown.contains("in-the-response"), "{}", &shown[..1000]);
    let grown = peak() - before;
    assert!(grown < 4 * SIZE, "{grown} bytes");
}

//! Spans and events have the names of OpenTelemetry's semantic conventions.

use std::error::Error;

use gatewright_runtime::{
    hook::{Attempt, Hook, HookError},
    transport::Request,
};

use crate::{
    OK,
    collector::Collector,
    drivers::DRIVERS,
    move_,
    stage::{self, Act, List, Script},
};

/// The beginning of a call's span.
const CALL: &str = "span call otel.kind=\"client\" server.address=\"stage.us-east-1.amazonaws.com\" \
    server.port=443 cloud.region=\"us-east-1\" otel.name=Stage/List rpc.system.name=\"aws-api\" \
    rpc.system=\"aws-api\" rpc.service=\"Stage\" rpc.method=Stage/List";
/// The beginning of an attempt's span.
const ATTEMPT: &str = "span attempt otel.name=\"POST\" otel.kind=\"client\" http.request.method=\"POST\"";
const SERVER: &str = "server.address=\"stage.us-east-1.amazonaws.com\" server.port=443";

#[test]
fn every_call_and_attempt_has_a_span_without_secrets() {
    for driver in DRIVERS {
        let (client, _) =
            stage::client([Act::Hang, Act::Respond(503, r#"{"__type":"Slow","message":"a-body"}"#), OK]);
        let ((), lines) = Collector::collect(|| {
            driver.make(client.call(List::default()).header("x-api-key", "secret-of-the-stage")).unwrap();
        });
        let lines = lines.replace("stage:443", "stage.us-east-1.amazonaws.com");
        let expected = [
            &format!("{CALL} http.response.status_code=200 aws.request_id=\"id-1\""),
            &format!("{ATTEMPT} {SERVER} error.type=AttemptTimeout otel.status_code=\"ERROR\""),
            "DEBUG message=no response attempt=1 next_ms=50 \
             error=stage.us-east-1.amazonaws.com: no response within the attempt timeout",
            &format!(
                "{ATTEMPT} http.request.resend_count=1 {SERVER} http.response.status_code=503 \
                 aws.request_id=\"id-1\" error.type=Slow otel.status_code=\"ERROR\""
            ),
            "DEBUG message=refused attempt=2 http.response.status_code=503 request_id=\"id-1\" \
             exception=\"Slow\" next_ms=2000",
            &format!(
                "{ATTEMPT} http.request.resend_count=2 {SERVER} http.response.status_code=200 \
                 aws.request_id=\"id-1\""
            ),
            "DEBUG message=succeeded attempt=3 http.response.status_code=200 request_id=\"id-1\"",
        ];
        assert_eq!(lines.lines().collect::<Vec<_>>(), expected, "{driver:?}");
    }
}

#[test]
fn the_type_of_an_error_is_a_code_a_name_or_a_status() {
    for (act, expected) in [
        (Act::Respond(400, r#"{"__type":"BadRequest","error":{"errorCode":"NoProp"}}"#), "NoProp"),
        (Act::Respond(400, r#"{"__type":"ns#BadRequest:uri"}"#), "BadRequest"),
        (Act::Respond(418, r#"{"__type":"not a name, but text"}"#), "418"),
        (Act::Respond(404, "<html>"), "404"),
        (Act::Respond(200, "<html>"), "Undecodable"),
    ] {
        for driver in DRIVERS {
            let (client, _) = stage::client([act.clone()]);
            let (_, lines) = Collector::collect(|| driver.make(client.call(move_())).unwrap_err());
            let found = lines.matches(&format!(" error.type={expected} otel.status_code=\"ERROR\"")).count();
            // Of the call and of the attempt.
            assert_eq!(found, 2, "{driver:?} {lines}");
        }
    }
}

#[derive(Debug)]
struct Never;

impl Hook for Never {
    fn before_signing(&self, _: &Attempt, _: &mut Request) -> Result<(), HookError> {
        Err(HookError::new("never"))
    }
}

/// Nothing was sent, so there is no attempt.
#[test]
fn a_call_that_sends_nothing_has_one_span() {
    for driver in DRIVERS {
        let client = stage::builder(&Script::new([])).hook(Never).build().unwrap().0;
        let (error, lines) = Collector::collect(|| driver.make(client.call(List::default())).unwrap_err());
        assert_eq!(error.source().unwrap().to_string(), "never");
        assert_eq!(
            lines,
            format!(
                "{CALL} error.type=Hook otel.status_code=\"ERROR\"\nDEBUG message=stopped attempt=1 error=never"
            ),
            "{driver:?}"
        );
    }
}

/// A region of the call's own is the region that the span shows.
#[test]
fn the_region_is_the_region_of_the_call() {
    for driver in DRIVERS {
        let (client, _) = stage::client([OK]);
        let ((), lines) = Collector::collect(|| {
            driver.make(client.call(move_()).region("eu-west-1")).unwrap();
        });
        assert!(lines.contains("server.address=\"stage.eu-west-1.amazonaws.com\""), "{lines}");
        assert!(lines.contains("cloud.region=\"eu-west-1\""), "{lines}");
    }
}

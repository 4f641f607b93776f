//! A machine with a wrong clock.

use std::time::Duration;

use gatewright_runtime::{Service as _, error::ResponseMetadata, explain::Evidence, sign::sigv4};

use crate::{
    OK,
    drivers::{DRIVERS, Driver},
    move_,
    stage::{self, Act, List, Script, Stage, noon},
};

const REFUSED: Act = Act::RespondWith(
    400,
    &[("date", "Sun, 22 Nov 2026 12:00:00 GMT")],
    r#"{"__type":"InvalidSignatureException","message":"Signature expired: a is now earlier than b"}"#,
);

/// The time of each attempt, in seconds after noon.
fn signed(script: &Script) -> Vec<i64> {
    let seen = script.seen.lock().unwrap();
    let dates = seen.iter().map(|request| request.headers()["x-amz-date"].to_str().unwrap());
    let times = dates.map(|date| sigv4::parse_time(date).unwrap());
    times
        .map(|time| match time.duration_since(noon()) {
            Ok(ahead) => i64::try_from(ahead.as_secs()).unwrap(),
            Err(behind) => -i64::try_from(behind.duration().as_secs()).unwrap(),
        })
        .collect()
}

#[test]
fn the_services_time_is_taken_over_and_kept() {
    for driver in DRIVERS {
        for offset in [-1080_i64, 1080] {
            let (client, script) = stage::client([REFUSED, OK, OK]);
            let by = Duration::from_secs(offset.unsigned_abs());
            script.clock.set_time(if offset < 0 { noon() - by } else { noon() + by });
            // Nothing was executed: every operation may be retried, without a wait.
            let (outcome, took) = driver.time(&script.clock, client.call(move_()));
            let metadata = outcome.unwrap().metadata;
            assert_eq!((metadata.attempts(), metadata.clock_offset(), took), (2, -offset, Duration::ZERO));
            driver.make(client.call(List::default())).unwrap();
            assert_eq!(signed(&script), [offset, 0, 0]);
            assert_eq!((client.clock_offset(), client.retry_tokens()), (-offset, 500));
        }
    }
}

#[test]
fn a_call_says_that_it_corrected_the_clock() {
    let explained = |operation: &str, metadata: &ResponseMetadata| {
        let evidence = Evidence::of_success(Stage::INFO, operation, metadata);
        let kept = Evidence::from_json(&evidence.to_json()).unwrap();
        assert_eq!(kept, evidence);
        kept.explain(Some(Stage::INFO)).to_string()
    };
    for driver in DRIVERS {
        let (client, script) =
            stage::client([REFUSED, OK, OK, REFUSED, Act::Respond(503, ""), OK, Act::Respond(503, ""), OK]);
        script.clock.set_time(noon() + Duration::from_secs(20 * 60));
        let metadata = driver.make(client.call(move_())).unwrap().metadata;
        assert!(metadata.clock_corrected());
        let text = explained("Move", &metadata);
        for said in ["is 20 min ahead of the service's", "clock was off when an attempt was signed", "by NTP"]
        {
            assert!(text.contains(said), "{text}");
        }
        assert!(!text.contains("throttling") && !text.contains("unstable"), "{text}");

        // Later calls sign with the right time, and still report that the clock is wrong.
        let metadata = driver.make(client.call(List::default())).unwrap().metadata;
        assert_eq!((metadata.clock_corrected(), metadata.clock_offset()), (false, -1200));
        let text = explained("List", &metadata);
        assert!(text.contains("is 20 min ahead") && text.contains("Nothing failed"), "{text}");

        // Other failures are reported, too.
        script.clock.set_time(noon() - Duration::from_secs(60 * 60));
        let metadata = driver.make(client.call(List::default())).unwrap().metadata;
        let text = explained("List", &metadata);
        assert_eq!((metadata.attempts(), metadata.clock_corrected()), (3, true));
        assert!(text.contains("is 1 h behind") && text.contains("after failed attempts"), "{text}");

        let metadata = driver.make(client.call(List::default())).unwrap().metadata;
        assert_eq!((metadata.attempts(), metadata.clock_corrected()), (2, false));
        assert!(explained("List", &metadata).contains("throttling or an unstable connection"));
    }
    // An error reports it, too.
    let (client, script) = stage::client([REFUSED, Act::Respond(400, r#"{"__type":"BadRequest"}"#)]);
    script.clock.set_time(noon() + Duration::from_secs(20 * 60));
    let error = Driver::Blocking.make(client.call(move_())).unwrap_err();
    assert!(error.explain().to_string().contains("is 20 min ahead of the service's; requests are signed"));
    assert!(error.metadata().unwrap().clock_corrected());
}

#[test]
fn no_service_takes_the_clock_to_another_year() {
    for (date, offset) in [
        ("Fri, 31 Dec 9999 23:59:59 GMT", 0),
        ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
        ("Sat, 22 Nov 2036 12:00:00 GMT", 0),
        // A year that was typed wrong.
        ("Mon, 22 Nov 2027 12:00:00 GMT", 365 * 24 * 3600),
    ] {
        let headers = Box::leak(Box::new([("date", date)]));
        let refused = Act::RespondWith(403, headers, r#"{"__type":"RequestTimeTooSkewed"}"#);
        let (client, script) = stage::client([refused, OK]);
        let outcome = Driver::Blocking.make(client.call(List::default()));
        assert_eq!((client.clock_offset(), outcome.is_ok()), (offset, offset != 0), "{date}");
        assert_eq!(signed(&script)[0], 0);
        if let Err(error) = outcome {
            assert!(error.explain().to_string().contains("this machine's clock is "), "{date}");
        }
    }
}

#[test]
fn a_clock_that_is_right_is_left_alone() {
    for driver in DRIVERS {
        let (client, script) = stage::client([REFUSED]);
        script.clock.set_time(noon() - Duration::from_secs(239));
        assert_eq!(driver.make(client.call(List::default())).unwrap_err().attempts(), 1);
        assert_eq!(client.clock_offset(), 0);

        // An error that has nothing to do with time does not mention it.
        let other =
            Act::RespondWith(400, &[("date", "Sun, 22 Nov 2026 12:00:00 GMT")], r#"{"__type":"BadRequest"}"#);
        let (client, script) = stage::client([other]);
        script.clock.set_time(noon() - Duration::from_secs(5 * 60 * 60));
        assert_eq!(driver.make(client.call(List::default())).unwrap_err().attempts(), 1);
        assert_eq!(client.clock_offset(), 0);
    }
}

#[test]
fn a_call_follows_the_service_once_and_the_client_always() {
    for driver in DRIVERS {
        // The service's own clock jumps: the second refusal is reported, and remembered for the next call.
        let later = Act::RespondWith(
            403,
            &[("date", "Sun, 22 Nov 2026 13:00:00 GMT")],
            r#"{"__type":"RequestTimeTooSkewed"}"#,
        );
        let (client, script) = stage::client([REFUSED, later, OK]);
        script.clock.set_time(noon() - Duration::from_secs(60 * 60));
        let error = driver.make(client.call(List::default())).unwrap_err();
        assert_eq!((error.attempts(), client.clock_offset()), (2, 7200));
        driver.make(client.call(List::default())).unwrap();
        assert_eq!(signed(&script), [-3600, 0, 3600]);

        // Without an attempt left, the next call is right.
        let (client, script) = stage::client([REFUSED, OK]);
        script.clock.set_time(noon() - Duration::from_secs(60 * 60));
        let error = driver.make(client.call(List::default()).no_retries()).unwrap_err();
        assert_eq!(error.metadata().unwrap().clock_offset(), 3600);
        driver.make(client.call(List::default())).unwrap();
    }
}

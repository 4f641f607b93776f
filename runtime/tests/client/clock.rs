//! A machine whose clock is off.

use std::time::Duration;

use gatewright_runtime::sign::sigv4;

use crate::{
    OK, move_,
    stage::{self, Act, DRIVERS, List, Script, noon},
};

const REFUSED: Act = Act::AnswerWith(
    400,
    &[("date", "Sun, 22 Nov 2026 12:00:00 GMT")],
    r#"{"__type":"InvalidSignatureException","message":"Signature expired: a is now earlier than b"}"#,
);

/// Seconds from noon that each attempt bears.
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
            script.clock.set_wall(if offset < 0 { noon() - by } else { noon() + by });
            // Nothing was executed, so that every operation may go again; and no wait is needed.
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
fn a_clock_that_is_right_is_left_alone() {
    for driver in DRIVERS {
        let (client, script) = stage::client([REFUSED]);
        script.clock.set_wall(noon() - Duration::from_secs(239));
        assert_eq!(driver.make(client.call(List::default())).unwrap_err().attempts(), 1);
        assert_eq!(client.clock_offset(), 0);

        // An error that has nothing to do with time tells nothing of it.
        let other =
            Act::AnswerWith(400, &[("date", "Sun, 22 Nov 2026 12:00:00 GMT")], r#"{"__type":"BadRequest"}"#);
        let (client, script) = stage::client([other]);
        script.clock.set_wall(noon() - Duration::from_hours(5));
        assert_eq!(driver.make(client.call(List::default())).unwrap_err().attempts(), 1);
        assert_eq!(client.clock_offset(), 0);
    }
}

#[test]
fn a_call_follows_the_service_once_and_the_client_always() {
    for driver in DRIVERS {
        // The service's own clock jumps: the second refusal is told, and remembered for the next call.
        let later = Act::AnswerWith(
            403,
            &[("date", "Sun, 22 Nov 2026 13:00:00 GMT")],
            r#"{"__type":"RequestTimeTooSkewed"}"#,
        );
        let (client, script) = stage::client([REFUSED, later, OK]);
        script.clock.set_wall(noon() - Duration::from_hours(1));
        let error = driver.make(client.call(List::default())).unwrap_err();
        assert_eq!((error.attempts(), client.clock_offset()), (2, 7200));
        driver.make(client.call(List::default())).unwrap();
        assert_eq!(signed(&script), [-3600, 0, 3600]);

        // Without an attempt left, the next call is right.
        let (client, script) = stage::client([REFUSED, OK]);
        script.clock.set_wall(noon() - Duration::from_hours(1));
        let error = driver.make(client.call(List::default()).no_retries()).unwrap_err();
        assert_eq!(error.metadata().unwrap().clock_offset(), 3600);
        driver.make(client.call(List::default())).unwrap();
    }
}

//! Retries: which requests, how often, and after which delay.

use std::{error::Error as _, num::NonZeroU32, time::Duration};

use gatewright_runtime::{
    Error,
    transport::{Awaited, Reached, TimedOut, TransportErrorKind as Kind},
};

use crate::{
    OK,
    drivers::{DRIVERS, Driver},
    move_,
    stage::{self, Act, List, Script},
};

/// Attempts, and whether the last of them succeeded.
type Counted = Result<usize, usize>;

/// Plays a script for an operation that may be repeated and for one that may not, by both drivers; counts attempts.
#[track_caller]
fn check(acts: &[Act], repeatable: Counted, other: Counted) {
    for driver in DRIVERS {
        let (client, script) = stage::client(acts.to_vec());
        let outcome = driver.make(client.call(List::default()));
        let counted = script.attempts();
        assert_eq!(outcome.map(|_| counted).map_err(|_| counted), repeatable, "{driver:?} {acts:?}");

        let (client, script) = stage::client(acts.to_vec());
        let outcome = driver.make(client.call(move_()));
        let counted = script.attempts();
        assert_eq!(outcome.map(|_| counted).map_err(|_| counted), other, "{driver:?} {acts:?}");

        // As the AWS SDKs do: what may be repeated then is everything.
        let (client, script) = stage::client(acts.to_vec());
        let outcome = driver.make(client.call(move_()).retry_everything(true));
        let counted = script.attempts();
        assert_eq!(outcome.map(|_| counted).map_err(|_| counted), repeatable, "{driver:?} {acts:?}");

        let (client, script) = stage::client(acts.to_vec());
        let call = client.call(List::default()).no_retries();
        let is_stale = matches!(acts[0], Act::Fail(_, Reached::StaleConnection | Reached::StaleUnsent));
        assert_eq!(driver.make(call).is_ok(), repeatable == Ok(1) || is_stale && repeatable.is_ok());
        assert!(script.attempts() == 1 || is_stale);
    }
}

#[test]
fn attempts_follow_what_is_known_of_the_failure() {
    use Act::{Fail, Hang, Respond};

    check(&[OK], Ok(1), Ok(1));
    // Certainly not executed: always repeated.
    check(&[Respond(503, ""), OK], Ok(2), Ok(2));
    check(&[Respond(429, ""), OK], Ok(2), Ok(2));
    check(&[Respond(400, r#"{"__type":"Slow"}"#), OK], Ok(2), Ok(2));
    check(&[Respond(400, r#"{"__type":"ThrottlingException"}"#), OK], Ok(2), Ok(2));
    check(&[Fail(Kind::Dns, Reached::NotSent), OK], Ok(2), Ok(2));
    check(&[Fail(Kind::Connect, Reached::NotSent), OK], Ok(2), Ok(2));
    check(&[Fail(Kind::ConnectTimeout, Reached::NotSent), OK], Ok(2), Ok(2));
    check(&[Fail(Kind::Closed, Reached::NotSent), OK], Ok(2), Ok(2));
    check(&[Fail(Kind::Closed, Reached::StaleUnsent), OK], Ok(2), Ok(2));
    // Possibly executed: retried if that is harmless.
    check(&[Respond(500, ""), OK], Ok(2), Err(1));
    check(&[Respond(502, "<html>"), OK], Ok(2), Err(1));
    check(&[Respond(504, ""), OK], Ok(2), Err(1));
    check(&[Respond(408, r#"{"__type":"RequestTimeout"}"#), OK], Ok(2), Err(1));
    check(&[Respond(400, r#"{"__type":"RequestTimeoutException"}"#), OK], Ok(2), Err(1));
    check(&[Fail(Kind::Closed, Reached::MaybeSent), OK], Ok(2), Err(1));
    check(&[Fail(Kind::Closed, Reached::StaleConnection), OK], Ok(2), Err(1));
    check(&[Fail(Kind::Protocol, Reached::MaybeSent), OK], Ok(2), Err(1));
    check(&[Hang, OK], Ok(2), Err(1));
    for body in ["<html>", "", "null", "[]", "{", "\u{1f}\u{8b}"] {
        check(&[Respond(200, body), OK], Ok(2), Err(1));
    }
    // Never repeated.
    check(&[Respond(400, r#"{"__type":"BadRequest"}"#)], Err(1), Err(1));
    check(&[Respond(403, r#"{"__type":"InvalidSignatureException"}"#)], Err(1), Err(1));
    check(&[Respond(301, "")], Err(1), Err(1));
    // The AWS SDKs' lists have the names above, and not the status.
    check(&[Respond(408, "")], Err(1), Err(1));
    check(&[Fail(Kind::Request, Reached::NotSent)], Err(1), Err(1));
    check(&[Fail(Kind::Tls, Reached::NotSent)], Err(1), Err(1));
    check(&[Fail(Kind::TooLarge, Reached::MaybeSent)], Err(1), Err(1));
    // At most three times.
    check(&[Respond(503, ""), Respond(503, ""), Respond(503, "")], Err(3), Err(3));
}

/// Waits of a call, at their longest, in milliseconds.
#[track_caller]
fn check_waits(acts: &[Act], expected: u64) {
    for driver in DRIVERS {
        let (client, script) = stage::client(acts.to_vec());
        let call =
            client.call(List::default()).max_attempts(9).operation_timeout(Duration::from_secs(60 * 60));
        let (_, waited) = driver.time(&script.clock, call);
        // Tokio's timers are exact to a millisecond each.
        let excess = waited.checked_sub(Duration::from_millis(expected)).unwrap();
        assert!(excess <= Duration::from_millis(10), "{driver:?} {acts:?} {waited:?}");
    }
}

#[test]
fn waits_double_and_follow_the_service() {
    use Act::{Respond, RespondWith};

    let final_ = Respond(400, "");
    check_waits(&[Respond(500, ""), Respond(500, ""), Respond(500, ""), final_.clone()], 50 + 100 + 200);
    check_waits(&[Respond(429, ""), Respond(429, ""), final_.clone()], 1000 + 2000);
    check_waits(&[Respond(429, ""), Respond(500, ""), final_.clone()], 1000 + 100);
    check_waits(&[RespondWith(503, &[("x-amz-retry-after", "1500")], ""), final_.clone()], 1500);
    check_waits(&[RespondWith(503, &[("x-amz-retry-after", "1")], ""), final_.clone()], 50);
    check_waits(&[RespondWith(503, &[("retry-after", "3")], ""), final_.clone()], 3000);
    check_waits(&[RespondWith(429, &[("retry-after", "3600")], ""), final_.clone()], 6000);
    check_waits(
        &[RespondWith(503, &[("retry-after", "Sun, 22 Nov 2026 12:00:02 GMT")], ""), final_.clone()],
        2000,
    );
    check_waits(&[Act::Hang, final_], 10_000 + 50);
}

#[test]
fn errors_name_the_timeout_that_passed() {
    for driver in DRIVERS {
        let (client, script) = stage::client([Act::Hang, Act::Hang, Act::Hang]);
        let (outcome, took) = driver.time(&script.clock, client.call(List::default()));
        let error = outcome.unwrap_err();
        let Error::Transport(failure) = &error else { panic!("{error}") };
        assert_eq!(failure.error().kind(), Kind::OperationTimeout);
        assert!(error.to_string().contains("no response within the operation timeout"), "{error}");
        // The last attempt had 5 of these 25 seconds, or a little less.
        if driver == Driver::Awaiting {
            let late: &TimedOut = failure.error().source().unwrap().downcast_ref().unwrap();
            assert_eq!((late.awaited(), late.limit().as_secs()), (Awaited::Response, 25));
            assert_eq!(
                late.to_string(),
                "waited for the response until the limit of the whole call, 25s, was reached"
            );
        }
        assert_eq!((took.as_secs(), script.attempts()), (25, 3), "{driver:?}");

        let (client, _) = stage::client([Act::Hang]);
        let call = client.call(List::default()).attempt_timeout(Duration::from_secs(1)).no_retries();
        let error = driver.make(call).unwrap_err();
        let Error::Transport(failure) = &error else { panic!("{error}") };
        assert_eq!(failure.error().kind(), Kind::AttemptTimeout);

        // A limit of zero is an error, and nothing is sent; an endless limit does not panic.
        let (client, script) = stage::client([OK]);
        let error = driver.make(client.call(List::default()).operation_timeout(Duration::ZERO)).unwrap_err();
        assert!(error.to_string().contains("operation timeout"), "{error}");
        assert_eq!(script.attempts(), 0);
        let endless =
            client.call(List::default()).operation_timeout(Duration::MAX).attempt_timeout(Duration::MAX);
        driver.make(endless).unwrap();
    }
}

#[test]
fn stale_connections_do_not_count_as_attempts() {
    const STALE: Act = Act::Fail(Kind::Closed, Reached::StaleConnection);
    const UNSENT: Act = Act::Fail(Kind::Closed, Reached::StaleUnsent);
    for driver in DRIVERS {
        let (client, script) = stage::client([STALE, UNSENT, OK]);
        let (outcome, took) = driver.time(&script.clock, client.call(List::default()).no_retries());
        assert_eq!((outcome.unwrap().metadata.attempts(), script.attempts()), (1, 3));
        assert_eq!((took, client.retry_tokens()), (Duration::ZERO, 500));
    }
}

#[test]
fn the_budget_is_shared_by_clones_and_ends_retries() {
    for driver in DRIVERS {
        let (client, script) = stage::client(std::iter::repeat_n(Act::Respond(503, ""), 200));
        let calls =
            (0..40).map(|_| driver.make(client.clone().call(List::default())).unwrap_err().attempts());
        let attempts: Vec<_> = calls.collect();
        // 35 retries at 14 tokens.
        assert_eq!(attempts.iter().map(|attempts| attempts - 1).sum::<u32>(), 35, "{attempts:?}");
        assert_eq!((client.retry_tokens(), script.attempts()), (500 - 35 * 14, 75));
    }
}

#[test]
fn the_client_and_the_environment_set_the_attempts() {
    let script = Script::new([Act::Respond(503, ""), Act::Respond(503, ""), OK]);
    let one = NonZeroU32::new(1).unwrap();
    let client = stage::builder(&script).max_attempts(one).build().unwrap().0;
    assert_eq!(Driver::Blocking.make(client.call(List::default())).unwrap_err().attempts(), 1);
    let call = client.call(List::default()).max_attempts(2);
    assert_eq!(Driver::Blocking.make(call).unwrap().metadata.attempts(), 2);

    let script = Script::new([Act::Respond(500, ""), OK, Act::Respond(500, "")]);
    let client = stage::builder(&script).retry_everything(true).build().unwrap().0;
    assert_eq!(Driver::Awaiting.make(client.call(move_())).unwrap().metadata.attempts(), 2);
    let careful = client.call(move_()).retry_everything(false);
    assert_eq!(Driver::Awaiting.make(careful).unwrap_err().attempts(), 1);
}

//! Waits for a state, by both drivers, in simulated time.

use std::{error::Error as _, time::Duration};

use gatewright_runtime::{
    Call, Client,
    transport::{Reached, TransportErrorKind},
    wait::{
        Acceptor, Expected, Expression, Matcher, PathStep, Quantity, State, Wait, WaitError, WaitErrorKind,
        Waited, Waiter,
    },
};
use tokio::runtime;

use crate::{
    drivers::{DRIVERS, Driver},
    move_,
    stage::{self, Act, List, Move, Script},
};

/// All props are on stage; a broken one, or a lost one, ends the wait.
static ON_STAGE: Waiter = Waiter::new(
    "OnStage",
    2,
    120,
    &[
        Acceptor::success(names(Quantity::All, "chair")),
        Acceptor::failure(names(Quantity::Any, "broken chair")),
        Acceptor::retry(Matcher::Error(&["NoProp", "NoPropException"])),
        Acceptor::failure(Matcher::Status(410)),
    ],
)
.with_max_wait(60);

/// The prop does not exist any longer.
static GONE: Waiter = Waiter::new("Gone", 5, 5, &[Acceptor::success(Matcher::Error(&["NoProp"]))]);

const fn names(quantity: Quantity, expected: &'static str) -> Matcher {
    Matcher::Output {
        text: "Names[]",
        expression: Expression::Path(&[PathStep::Member("Names"), PathStep::Items]),
        quantity,
        expected: Expected::Text(expected),
    }
}

const NONE: Act = Act::Respond(200, r#"{"Names":[]}"#);
const SOME: Act = Act::Respond(200, r#"{"Names":["chair","lamp"]}"#);
const ALL: Act = Act::Respond(200, r#"{"Names":["chair","chair"]}"#);
const BROKEN: Act = Act::Respond(200, r#"{"Names":["chair","broken chair"]}"#);
const LOST: Act = Act::Respond(400, r#"{"__type":"NoProp","message":"Where is it?"}"#);
const REFUSED: Act = Act::Respond(400, r#"{"__type":"BadRequest","message":"No."}"#);
const STATUS: Act = Act::Respond(410, r#"{"__type":"Away"}"#);

type Ended<R> = Result<Waited<R>, WaitError<R>>;

impl Driver {
    fn wait(self, wait: Wait<List>) -> Ended<List> {
        match self {
            Self::Awaiting => {
                let paused = runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
                paused.unwrap().block_on(wait.into_future())
            }
            Self::Blocking => wait.send_blocking(),
        }
    }
}

/// Runs a wait with this script by both drivers, and compares what they give.
#[track_caller]
fn run(
    waiter: &'static Waiter,
    acts: &[Act],
    configure: fn(Wait<List>) -> Wait<List>,
) -> (Ended<List>, Script) {
    let [awaited, blocked] = DRIVERS.map(|driver| {
        let (client, script) = stage::client(acts.iter().cloned());
        (driver.wait(configure(client.wait(List::default(), waiter))), script)
    });
    // Real time passes between the steps of a test that blocks, and tokio rounds to milliseconds.
    let shown = |ended: &Ended<List>| match ended {
        Ok(Waited { calls, waited, last, .. }) => {
            (*calls, waited.as_secs(), format!("{:?}", last.as_ref().ok()))
        }
        Err(error) => (error.calls(), error.waited().as_secs(), error.to_string()),
    };
    assert_eq!(shown(&awaited.0), shown(&blocked.0));
    assert_eq!(awaited.1.attempts(), blocked.1.attempts());
    awaited
}

fn as_it_is(wait: Wait<List>) -> Wait<List> {
    wait
}

#[test]
fn a_wait_ends_with_its_state() {
    let (ended, script) = run(&ON_STAGE, &[NONE, LOST, SOME, ALL], as_it_is);
    let waited = ended.unwrap();
    assert_eq!(waited.last.unwrap().names.unwrap(), ["chair", "chair"]);
    // Delays of 2, 4 and 8 seconds.
    assert_eq!((waited.calls, waited.waited.as_secs(), script.attempts()), (4, 14, 4));
}

#[test]
fn an_error_may_be_what_was_waited_for() {
    let (ended, _) = run(&GONE, &[SOME, SOME, LOST], as_it_is);
    let waited = ended.unwrap();
    assert_eq!(waited.last.unwrap_err().as_service().unwrap().message(), Some("Where is it?"));
    assert_eq!((waited.calls, waited.waited.as_secs()), (3, 10));
}

#[test]
fn a_state_of_failure_ends_a_wait() {
    let (ended, _) = run(&ON_STAGE, &[SOME, BROKEN], as_it_is);
    let error = ended.unwrap_err();
    assert_eq!((error.kind(), error.calls()), (WaitErrorKind::Failed, 2));
    let met = error.acceptor().unwrap();
    assert_eq!(met.state(), State::Failure);
    assert!(matches!(met.matcher(), Matcher::Output { quantity: Quantity::Any, .. }));
    assert_eq!(error.last().unwrap().names.as_ref().unwrap().len(), 2);
    assert_eq!(
        error.to_string(),
        "OnStage: failed: one of Names[] is \"broken chair\" (after 2 calls in 2.0s)"
    );

    let (ended, _) = run(&ON_STAGE, &[STATUS], as_it_is);
    let error = ended.unwrap_err();
    assert_eq!(error.kind(), WaitErrorKind::Failed);
    assert!(error.to_string().starts_with("OnStage: failed: the status is 410 (after 1 call in "), "{error}");
    assert!(error.to_string().contains("): List: Away"), "{error}");
}

#[test]
fn errors_that_are_not_expected_end_a_wait() {
    let (ended, _) = run(&ON_STAGE, &[SOME, REFUSED], as_it_is);
    let error = ended.unwrap_err();
    assert_eq!((error.kind(), error.calls()), (WaitErrorKind::UnexpectedError, 2));
    assert!(error.acceptor().is_none());
    assert!(
        error
            .to_string()
            .starts_with("OnStage: a call failed (after 2 calls in 2.0s): List: BadRequest: No."),
        "{error}"
    );
    assert!(error.into_last().unwrap_err().as_service().is_some());

    let lost = Act::Fail(TransportErrorKind::Connect, Reached::NotSent);
    let (ended, _) = run(&ON_STAGE, &[lost], |wait| wait.each_call(Call::no_retries));
    let error = ended.unwrap_err();
    assert_eq!(error.kind(), WaitErrorKind::UnexpectedError);
    assert!(error.source().is_none() && error.into_last().unwrap_err().as_service().is_none());
}

#[test]
fn transient_failures_are_retried_within_a_call() {
    let (ended, script) = run(&ON_STAGE, &[Act::Respond(503, "{}"), ALL], as_it_is);
    assert_eq!((ended.unwrap().calls, script.attempts()), (1, 2));
}

#[test]
fn the_models_limit_or_the_programs_ends_a_wait() {
    // After delays of 2, 4, 8 and 16 seconds, the last call is made 2 seconds before the minute is over.
    let (ended, _) = run(&ON_STAGE, &[SOME, SOME, SOME, SOME, SOME, LOST], as_it_is);
    let error = ended.unwrap_err();
    assert_eq!((error.kind(), error.calls(), error.waited().as_secs()), (WaitErrorKind::TimedOut, 6, 58));
    assert!(
        error.to_string().starts_with(
            "OnStage: not reached within 60s; the last call: the service reports NoProp or NoPropException (after 6 calls"
        ),
        "{error}"
    );

    let (ended, _) = run(&ON_STAGE, &[SOME, SOME, SOME, SOME], |wait| wait.max_wait(Duration::from_secs(9)));
    let error = ended.unwrap_err();
    assert_eq!((error.calls(), error.waited().as_secs()), (4, 7));
    assert_eq!(error.to_string(), "OnStage: not reached within 9s (after 4 calls in 7.0s)");
}

#[test]
fn the_limit_ends_calls_too() {
    for driver in DRIVERS {
        let (client, _) = stage::client([SOME, Act::Hang]);
        let wait = client.wait(List::default(), &ON_STAGE).max_wait(Duration::from_secs(7));
        let error = driver.wait(wait.each_call(Call::no_retries)).unwrap_err();
        assert_eq!((error.kind(), error.calls(), error.waited().as_secs()), (WaitErrorKind::TimedOut, 2, 7));
        assert!(error.last().is_err(), "{driver:?}");
    }
}

#[test]
fn programs_set_delays() {
    let delays = |wait: Wait<List>| wait.delays(Duration::from_secs(3), Duration::from_secs(3));
    let (ended, _) = run(&ON_STAGE, &[SOME, SOME, SOME, ALL], delays);
    assert_eq!(ended.unwrap().waited.as_secs(), 9);
    // The longest is at least the shortest.
    let delays = |wait: Wait<List>| wait.delays(Duration::from_secs(3), Duration::ZERO);
    let (ended, _) = run(&ON_STAGE, &[SOME, ALL], delays);
    assert_eq!(ended.unwrap().waited.as_secs(), 3);
}

#[test]
fn invalid_requests_are_never_sent() {
    let (client, script) = stage::client([]);
    let invalid = Move { prop: Some("x".to_owned()), token: None };
    let error = client.wait(invalid, &GONE).send_blocking().unwrap_err();
    assert_eq!((error.kind(), error.calls(), script.attempts()), (WaitErrorKind::UnexpectedError, 1, 0));
}

#[test]
fn debug_shows_no_values() {
    let (client, _) = stage::client([BROKEN]);
    let wait = client.wait(move_(), &ON_STAGE);
    assert!(format!("{wait:?}").starts_with("Wait { waiter: \"OnStage\", call: Call {"), "{wait:?}");
    let error = wait.send_blocking().unwrap_err();
    assert!(!format!("{error:?}").contains("Names: "), "{error:?}");
}

/// Waits can be sent to other threads.
#[test]
fn waits_are_send() {
    fn check<T: Send>(_: &T) {}
    let (client, _): (Client, _) = stage::client([]);
    let wait = client.wait(move_(), &GONE);
    check(&wait);
    check(&wait.into_future());
}

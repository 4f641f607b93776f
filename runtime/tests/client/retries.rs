//! Bounds and classification of retries that a program sets, and a budget that clients share.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use gatewright_runtime::{
    Secret,
    hook::Outcome,
    retry::{Backoff, Classification, FailedAttempt, RetryBudget, RetryKind},
    transport::{Reached, TransportErrorKind},
};

use crate::{
    OK,
    drivers::DRIVERS,
    move_,
    stage::{self, Act, List, Script},
};

const BUSY: Act = Act::Respond(503, "");
const NO_PROP: Act = Act::Respond(400, r#"{"__type":"BadRequest","error":{"errorCode":"NoProp"}}"#);

/// The time that retries waited, at their longest, without the milliseconds that tokio's timers may add.
#[track_caller]
fn check_waited(waited: Duration, expected: Duration) {
    let excess = waited.checked_sub(expected).unwrap();
    assert!(excess <= Duration::from_millis(10), "{waited:?}, not {expected:?}");
}

#[test]
fn a_budget_is_shared_by_clients() {
    for driver in DRIVERS {
        let budget = RetryBudget::new(30);
        let client = || {
            let script = Script::new([BUSY, BUSY, BUSY]);
            (stage::builder(&script).retry_budget(budget.clone()).build().unwrap().0, script)
        };
        let ((one, first), (other, second)) = (client(), client());
        driver.make(one.call(List::default())).unwrap_err();
        assert_eq!((one.retry_tokens(), other.retry_tokens()), (2, 2));
        driver.make(other.call(List::default())).unwrap_err();
        // Both retries of the first client left too few tokens for one of the second.
        assert_eq!((first.attempts(), second.attempts(), budget.left()), (3, 1, 2), "{driver:?}");
    }
}

#[test]
fn a_budget_without_capacity_ends_retries_and_never_overflows() {
    for driver in DRIVERS {
        let script = Script::new([BUSY, OK]);
        let client = stage::builder(&script).retry_budget(RetryBudget::new(0)).build().unwrap().0;
        driver.make(client.call(List::default())).unwrap_err();
        assert_eq!(script.attempts(), 1);

        let budget = RetryBudget::new(u32::MAX);
        let script = Script::new([BUSY, OK, OK]);
        let client = stage::builder(&script).retry_budget(budget.clone()).build().unwrap().0;
        driver.make(client.call(List::default())).unwrap();
        driver.make(client.call(List::default())).unwrap();
        assert_eq!(budget.left(), u32::MAX);
    }
}

#[test]
fn delays_follow_client_and_call() {
    let slow = Act::Respond(429, "");
    let backoff = Backoff::new()
        .base(Duration::from_millis(300))
        .throttling_base(Duration::from_secs(2))
        .max(Duration::from_secs(3));
    for driver in DRIVERS {
        let acts = [BUSY, BUSY, slow.clone(), OK];
        let script = Script::new(acts.clone());
        let client = stage::builder(&script).backoff(backoff).build().unwrap().0;
        let (outcome, waited) = driver.time(&script.clock, client.call(List::default()).max_attempts(4));
        outcome.unwrap();
        check_waited(waited, Duration::from_millis(300 + 600 + 3000));

        // The call's own delays replace the client's; no delay at all is possible.
        let script = Script::new(acts);
        let client = stage::builder(&script).backoff(backoff).build().unwrap().0;
        let call = client.call(List::default()).max_attempts(4).backoff(backoff.max(Duration::ZERO));
        let (outcome, waited) = driver.time(&script.clock, call);
        outcome.unwrap();
        assert_eq!(waited, Duration::ZERO);

        // The limit of the whole call ends retries, and endless delays do not panic.
        let script = Script::new([Act::RespondWith(503, &[("retry-after", "9")], "")]);
        let client = stage::builder(&script).build().unwrap().0;
        let endless = Backoff::new().base(Duration::MAX).max(Duration::MAX);
        driver.make(client.call(List::default()).backoff(endless)).unwrap_err();
        assert_eq!(script.attempts(), 1);
    }
}

/// Retries what this program knows to pass.
fn lenient(failure: &FailedAttempt<'_>) -> Classification {
    match &failure.outcome {
        Outcome::Refused(fault, _) if fault.code.as_deref() == Some("NoProp") => {
            Classification::transient().not_executed()
        }
        _ => failure.usual,
    }
}

#[test]
fn a_classifier_decides_for_client_and_call() {
    for driver in DRIVERS {
        // Neither code nor status are retried by default.
        let (client, script) = stage::client([NO_PROP]);
        driver.make(client.call(move_())).unwrap_err();
        assert_eq!(script.attempts(), 1);
        let script = Script::new([NO_PROP, BUSY, OK]);
        let client = stage::builder(&script).retry_classifier(lenient).build().unwrap().0;
        assert_eq!(driver.make(client.call(move_())).unwrap().metadata.attempts(), 3);

        // The call's classifier replaces the client's, which never retries.
        let script = Script::new([BUSY, NO_PROP, OK]);
        let never = |_: &FailedAttempt<'_>| Classification::never();
        let client = stage::builder(&script).retry_classifier(never).build().unwrap().0;
        driver.make(client.call(List::default())).unwrap_err();
        assert_eq!(script.attempts(), 1);
        driver.make(client.call(move_()).retry_classifier(lenient)).unwrap();
        assert_eq!(script.attempts(), 3);
    }
}

#[test]
fn a_request_that_may_have_been_executed_stays_safe() {
    for driver in DRIVERS {
        let (client, script) = stage::client([NO_PROP]);
        let call = client.call(move_()).retry_classifier(|_| Classification::transient());
        driver.make(call).unwrap_err();
        assert_eq!(script.attempts(), 1);

        // Reading is harmless, and so is whatever the caller allows.
        let (client, script) = stage::client([NO_PROP, OK, NO_PROP, OK]);
        driver.make(client.call(List::default()).retry_classifier(|_| Classification::transient())).unwrap();
        let call = client.call(move_()).retry_everything(true);
        driver.make(call.retry_classifier(|_| Classification::transient())).unwrap();
        assert_eq!(script.attempts(), 4);
    }
}

#[test]
fn a_classifier_sees_the_usual_classification() {
    for driver in DRIVERS {
        let seen = Arc::<Mutex<Vec<_>>>::default();
        let keep = {
            let seen = Arc::clone(&seen);
            move |failure: &FailedAttempt<'_>| {
                let usual = failure.usual;
                seen.lock().unwrap().push((
                    failure.attempt.number,
                    usual.kind(),
                    usual.is_not_executed(),
                    usual.requested_delay(),
                ));
                usual
            }
        };
        let script = Script::new([
            Act::Fail(TransportErrorKind::Closed, Reached::StaleConnection),
            Act::RespondWith(503, &[("retry-after", "2")], ""),
            Act::Respond(429, ""),
            Act::Respond(500, ""),
            NO_PROP,
        ]);
        let client = stage::builder(&script).retry_classifier(keep).build().unwrap().0;
        let (_, waited) = driver.time(&script.clock, client.call(List::default()).max_attempts(9));
        let two = Some(Duration::from_secs(2));
        assert_eq!(
            *seen.lock().unwrap(),
            [
                // A closed connection costs neither an attempt nor a delay, if the classifier keeps it so.
                (1, RetryKind::Transient, false, None),
                (1, RetryKind::Transient, true, two),
                (2, RetryKind::Throttling, true, None),
                (3, RetryKind::Transient, false, None),
                (4, RetryKind::Never, false, None),
            ],
            "{driver:?}"
        );
        check_waited(waited, Duration::from_millis(2000 + 2000 + 200));
    }
}

#[test]
fn a_classifier_chooses_the_delay() {
    for driver in DRIVERS {
        let (client, script) = stage::client([NO_PROP, NO_PROP, OK]);
        let call = client.call(List::default()).retry_classifier(|failure| match failure.attempt.number {
            1 => Classification::throttling(),
            _ => Classification::transient().retry_after(Duration::from_secs(3)),
        });
        let (outcome, waited) = driver.time(&script.clock, call);
        outcome.unwrap();
        check_waited(waited, Duration::from_secs(1 + 3));
    }
}

/// A call without credentials sends nothing, and can be classified as well.
#[test]
fn a_classifier_sees_failures_before_sending() {
    use gatewright_runtime::{
        BoxFuture,
        credentials::{Credentials, CredentialsError, ProvideCredentials},
    };

    #[derive(Debug, Default)]
    struct Second(Mutex<u32>);

    impl ProvideCredentials for Second {
        fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
            let mut asked = self.0.lock().unwrap();
            *asked += 1;
            let provided = match *asked {
                1 => Err(CredentialsError::new("the vault", "sealed")),
                _ => Ok(Credentials::new("AKIDEXAMPLE", Secret::new("secret-of-the-stage"))),
            };
            Box::pin(std::future::ready(provided))
        }
    }

    for driver in DRIVERS {
        let script = Script::new([OK]);
        let client = stage::builder(&script).credentials(Second::default()).build().unwrap().0;
        let call = client.call(move_()).retry_classifier(|failure| match failure.outcome {
            Outcome::Unsigned(_) => Classification::transient().not_executed(),
            _ => failure.usual,
        });
        driver.make(call).unwrap();
        assert_eq!(script.attempts(), 1);
    }
}

//! Hooks see every attempt, and may change it before it is signed.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use gatewright_runtime::{
    hook::{Attempt, AttemptReport, CallReport, Hook, Outcome},
    transport::{Reached, Request, TransportErrorKind},
};

use crate::{
    OK,
    drivers::{DRIVERS, Driver},
    stage::{self, Act, List, Script},
};

#[derive(Clone, Debug, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Hook for Diary {
    fn before_signing(&self, attempt: &Attempt, request: &mut Request) {
        request.headers_mut().insert("x-attempt", attempt.number.into());
    }

    fn after_attempt(&self, attempt: &Attempt, report: &AttemptReport<'_>) {
        let outcome = match &report.outcome {
            Outcome::NoResponse(error) => format!("{:?}", error.kind()),
            outcome => outcome.status().unwrap().to_string(),
        };
        let next = report.next.map(|wait| wait.as_millis());
        self.0.lock().unwrap().push(format!("{} {}: {outcome}, {next:?}", attempt.operation, attempt.number));
    }

    fn after_call(&self, report: &CallReport<'_>) {
        let succeeded = matches!(report.outcome, Outcome::Succeeded(_));
        let (attempts, seconds) = (report.last.number, report.duration.as_secs());
        self.0.lock().unwrap().push(format!("{attempts} attempts, {seconds} s, {succeeded}"));
    }
}

#[test]
fn hooks_see_attempts_and_change_what_is_signed() {
    for driver in DRIVERS {
        let diary = Diary::default();
        let script = Script::new([
            Act::Fail(TransportErrorKind::Closed, Reached::StaleConnection),
            Act::Hang,
            Act::Respond(503, ""),
            OK,
        ]);
        let client = stage::builder(&script).hook(diary.clone()).build().unwrap().0;
        let (outcome, _) = driver.time(&script.clock, client.call(List::default()));
        outcome.unwrap();
        assert_eq!(
            *diary.0.lock().unwrap(),
            [
                "List 1: Closed, Some(0)",
                "List 1: AttemptTimeout, Some(50)",
                "List 2: 503 Service Unavailable, Some(100)",
                "List 3: 200 OK, None",
                "3 attempts, 10 s, true",
            ],
            "{driver:?}"
        );
        for (request, number) in script.seen.lock().unwrap().iter().zip([1, 1, 2, 3]) {
            assert_eq!(request.headers()["x-attempt"], number.to_string());
            let authorization = request.headers()["authorization"].to_str().unwrap();
            assert!(authorization.contains(";x-attempt,"), "{authorization}");
        }
    }
}

#[test]
fn what_a_hook_changed_is_what_was_signed() {
    let script = Script::new([Act::Respond(403, "")]);
    let client = stage::builder(&script).hook(Diary::default()).build().unwrap().0;
    let call = client.call(List::default()).timeout(Duration::from_secs(5));
    let error = Driver::Blocking.make(call).unwrap_err();
    let signed = error.as_service().unwrap().signed().unwrap();
    assert!(signed.to_texts().0.contains("\nx-attempt:1\n"));
}

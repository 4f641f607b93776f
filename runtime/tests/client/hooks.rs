//! Hooks see every attempt, and may change it before it is signed.

use std::{
    error::Error as _,
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use gatewright_runtime::{
    Error,
    explain::{self, Evidence},
    hook::{Attempt, AttemptReport, CallReport, Hook, HookError, Outcome},
    sign::Auth,
    transport::{Reached, Request, TransportErrorKind},
};

use crate::{
    OK,
    drivers::{DRIVERS, Driver},
    move_,
    stage::{self, Act, List, Script},
};

#[derive(Clone, Debug, Default)]
struct Diary(Arc<Mutex<Vec<String>>>);

impl Hook for Diary {
    fn before_signing(&self, attempt: &Attempt, request: &mut Request) -> Result<(), HookError> {
        request.headers_mut().insert("x-attempt", attempt.number.into());
        Ok(())
    }

    fn after_attempt(&self, attempt: &Attempt, report: &AttemptReport<'_>) {
        let outcome = match &report.outcome {
            Outcome::NoResponse(error) => format!("{:?}", error.kind()),
            Outcome::Stopped(error) => error.reason().to_string(),
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
    let call = client.call(List::default()).operation_timeout(Duration::from_secs(5));
    let error = Driver::Blocking.make(call).unwrap_err();
    let signed = error.as_service().unwrap().signed().unwrap();
    assert!(signed.to_texts().0.contains("\nx-attempt:1\n"));
}

/// Traces requests, and hides which program sends them.
#[derive(Debug)]
struct Traced;

impl Hook for Traced {
    fn before_signing(&self, _: &Attempt, request: &mut Request) -> Result<(), HookError> {
        request.headers_mut().insert("traceparent", http::HeaderValue::from_static("00-a-b-01"));
        request.headers_mut().remove("user-agent");
        Ok(())
    }
}

/// Signatures do not cover all headers, and explanations conclude from those that are missing.
#[test]
fn evidence_names_the_headers_that_were_sent() {
    for (auth, has_authorization) in [(Auth::sigv4("stage"), true), (Auth::RPC_V1, false)] {
        let script = Script::new([Act::Respond(403, "")]);
        let client = stage::builder(&script).auth(auth).hook(Traced).build().unwrap().0;
        let error = Driver::Blocking.make(client.call(List::default())).unwrap_err();
        let explain::Outcome::Service(refused) = error.evidence().outcome else { panic!("{error}") };
        let names = refused.request.header_names.unwrap();
        let has = |name: &str| names.iter().any(|sent| sent == name);
        let expected = (true, has_authorization, false);
        assert_eq!((has("traceparent"), has("authorization"), has("user-agent")), expected, "{names:?}");
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct OverBudget {
    cents: u32,
}

impl fmt::Display for OverBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cents over budget", self.cents)
    }
}

impl std::error::Error for OverBudget {}

/// Stops attempts up to a number, for good or for now.
#[derive(Clone, Debug)]
struct Guard {
    until: u32,
    is_transient: bool,
    asked: Arc<AtomicU32>,
}

impl Guard {
    fn new(until: u32, is_transient: bool) -> Self {
        Self { until, is_transient, asked: Arc::default() }
    }
}

impl Hook for Guard {
    fn before_signing(&self, attempt: &Attempt, _: &mut Request) -> Result<(), HookError> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        if attempt.number > self.until {
            return Ok(());
        }
        let refused: Result<(), OverBudget> = Err(OverBudget { cents: 7 });
        if self.is_transient {
            return Err(HookError::from(OverBudget { cents: 7 }).transient());
        }
        refused?;
        Ok(())
    }
}

#[test]
fn a_hook_stops_a_call_before_it_is_signed() {
    for driver in DRIVERS {
        let (diary, guard, last) = (Diary::default(), Guard::new(9, false), Guard::new(0, false));
        let script = Script::new([]);
        let client =
            stage::builder(&script).hook(diary.clone()).hook(guard.clone()).hook(last.clone()).build();
        let (outcome, waited) = driver.time(&script.clock, client.unwrap().0.call(List::default()));
        let error = outcome.unwrap_err();
        let Error::Hook(stopped) = &error else { panic!("{error}") };
        assert_eq!(
            (error.attempts(), stopped.error().is_transient(), error.metadata().is_none()),
            (0, false, true)
        );
        assert_eq!(error.to_string(), "List: a hook stopped the call before it was signed");
        let own = error.source().unwrap().downcast_ref::<OverBudget>();
        assert_eq!(own, Some(&OverBudget { cents: 7 }));
        let explanation = error.explain();
        assert_eq!(explanation.evidence, ["7 cents over budget"]);
        let evidence = error.evidence();
        assert_eq!(Evidence::from_json(&evidence.to_json()).unwrap(), evidence);

        // Nothing was sent or waited for; later hooks were not asked, but all see how it ended.
        assert_eq!((script.attempts(), waited, last.asked.load(Ordering::Relaxed)), (0, Duration::ZERO, 0));
        assert_eq!(
            *diary.0.lock().unwrap(),
            ["List 1: 7 cents over budget, None", "1 attempts, 0 s, false"],
            "{driver:?}"
        );
    }
}

#[test]
fn a_hook_stops_attempts_for_now_if_it_says_so() {
    for driver in DRIVERS {
        let (script, guard) = (Script::new([OK]), Guard::new(2, true));
        let client = stage::builder(&script).hook(guard.clone()).build().unwrap().0;
        let (outcome, waited) = driver.time(&script.clock, client.call(move_()));
        assert_eq!(outcome.unwrap().metadata.attempts(), 3);
        assert!(waited >= Duration::from_millis(50 + 100), "{waited:?}");
        assert_eq!((script.attempts(), guard.asked.load(Ordering::Relaxed)), (1, 3), "{driver:?}");

        // The attempts end as usual.
        let (script, guard) = (Script::new([]), Guard::new(9, true));
        let client = stage::builder(&script).hook(guard.clone()).build().unwrap().0;
        let error = driver.make(client.call(move_())).unwrap_err();
        assert!(error.source().unwrap().is::<OverBudget>());
        assert_eq!((script.attempts(), guard.asked.load(Ordering::Relaxed)), (0, 3), "{driver:?}");
    }
}

#[test]
fn a_hook_stops_a_retry() {
    #[derive(Debug)]
    struct Once;

    impl Hook for Once {
        fn before_signing(&self, attempt: &Attempt, _: &mut Request) -> Result<(), HookError> {
            if attempt.number > 1 { Err(HookError::new("once only")) } else { Ok(()) }
        }
    }

    for driver in DRIVERS {
        let script = Script::new([Act::Respond(503, "")]);
        let client = stage::builder(&script).hook(Once).build().unwrap().0;
        let error = driver.make(client.call(List::default())).unwrap_err();
        assert_eq!((error.attempts(), script.attempts()), (1, 1), "{driver:?}");
        assert_eq!(error.source().unwrap().to_string(), "once only");
    }
}

use proptest::prelude::*;

use super::*;

const AMPLE: Duration = Duration::from_secs(60 * 60);
const TRANSIENT: Verdict = Verdict { retry: Retry::Transient, not_executed: false, retry_after: None };
const THROTTLING: Verdict = Verdict { retry: Retry::Throttling, not_executed: true, retry_after: None };

fn retries(max_attempts: u32, repeatable: bool) -> Retries {
    Retries::new(limits(max_attempts, repeatable), RetryBudget::default())
}

fn limits(max_attempts: u32, repeatable: bool) -> Limits {
    Limits { max_attempts, repeatable, backoff: Backoff::default() }
}

#[track_caller]
fn check(retries: &mut Retries, verdict: Verdict, jitter: f64, expected: Option<u64>) {
    let decision = retries.failed(verdict, AMPLE, || jitter);
    let expected = expected.map_or(Decision::GiveUp, |millis| Decision::Retry(Duration::from_millis(millis)));
    assert_eq!(decision, expected);
}

#[test]
fn delays_double_within_the_cap_and_end_with_the_attempts() {
    let mut transient = retries(4, true);
    for expected in [Some(50), Some(100), Some(200), None] {
        check(&mut transient, TRANSIENT, 1.0, expected);
    }
    let mut throttled = retries(8, false);
    for expected in [1, 2, 4, 8, 16, 20, 20] {
        check(&mut throttled, THROTTLING, 1.0, Some(expected * 1000));
    }
    check(&mut retries(3, true), TRANSIENT, 0.5, Some(25));
    check(&mut retries(1, true), TRANSIENT, 1.0, None);
}

#[test]
fn requests_that_may_have_been_executed_are_retried_only_if_harmless() {
    check(&mut retries(3, false), TRANSIENT, 1.0, None);
    check(&mut retries(3, false), Verdict { not_executed: true, ..TRANSIENT }, 1.0, Some(50));
    check(&mut retries(3, true), Verdict { retry: Retry::Never, ..TRANSIENT }, 1.0, None);
}

#[test]
fn the_service_may_lengthen_a_delay_within_a_bound() {
    let wish = |millis| Verdict { retry_after: Some(Duration::from_millis(millis)), ..TRANSIENT };
    check(&mut retries(3, true), wish(10), 1.0, Some(50));
    check(&mut retries(3, true), wish(700), 1.0, Some(700));
    check(&mut retries(3, true), wish(60_000), 1.0, Some(5050));
}

#[test]
fn no_wait_outlasts_the_operation() {
    let decision = retries(3, true).failed(TRANSIENT, Duration::from_millis(50), || 1.0);
    assert_eq!(decision, Decision::GiveUp);
}

#[test]
fn stale_connections_do_not_count_as_attempts_up_to_a_limit() {
    let stale = Verdict { retry: Retry::Stale, ..TRANSIENT };
    let mut retries = retries(2, true);
    for _ in 0..MAX_STALE {
        assert_eq!(retries.failed(stale, AMPLE, || 1.0), Decision::Resend);
    }
    assert_eq!((retries.attempts(), retries.budget.left()), (1, 500));
    check(&mut retries, stale, 1.0, Some(50));
    check(&mut retries, stale, 1.0, None);
}

#[test]
fn a_clock_is_corrected_once() {
    let clock = Verdict { retry: Retry::Clock, not_executed: true, retry_after: None };
    let mut retries = retries(3, false);
    check(&mut retries, clock, 1.0, Some(0));
    assert_eq!((retries.attempts(), retries.budget.left()), (2, 500));
    check(&mut retries, clock, 1.0, None);
}

/// The token examples of the retry facts.
#[test]
fn the_budget_is_shared_and_never_negative() {
    let budget = RetryBudget::default();
    let left = |expected| assert_eq!(budget.left(), expected);
    let start = || Retries::new(limits(9, true), budget.clone());
    let mut a = start();
    check(&mut a, TRANSIENT, 0.0, Some(0));
    left(486);
    check(&mut a, TRANSIENT, 0.0, Some(0));
    left(472);
    let mut b = start();
    check(&mut b, THROTTLING, 0.0, Some(0));
    left(467);
    b.succeeded();
    left(472);
    start().succeeded();
    left(473);
    assert!(budget.take(463));
    check(&mut a, TRANSIENT, 0.0, None);
    let mut c = start();
    for expected in [Some(0), Some(0), None] {
        check(&mut c, THROTTLING, 0.0, expected);
    }
    left(0);
}

#[test]
fn a_call_dropped_midway_gives_its_tokens_back() {
    let budget = RetryBudget::default();
    let mut dropped = Retries::new(limits(3, true), budget.clone());
    check(&mut dropped, TRANSIENT, 0.0, Some(0));
    assert_eq!(budget.left(), 486);
    drop(dropped);
    assert_eq!(budget.left(), 500);
}

fn verdicts() -> impl Strategy<Value = Verdict> {
    let retry = prop_oneof![
        Just(Retry::Never),
        Just(Retry::Stale),
        Just(Retry::Clock),
        Just(Retry::Transient),
        Just(Retry::Throttling)
    ];
    let retry_after = proptest::option::of((0..100_000_u64).prop_map(Duration::from_millis));
    (retry, any::<bool>(), retry_after).prop_map(|(retry, not_executed, retry_after)| Verdict {
        retry,
        not_executed,
        retry_after,
    })
}

proptest! {
    /// Calls of one client that fail in any way, in turns.
    #[test]
    fn whatever_fails_stays_within_the_rules(
        calls in proptest::collection::vec(
            (0..6_u32, any::<bool>(), proptest::collection::vec((verdicts(), 0.0..=1.0, 0..30_000_u64), 0..20)),
            1..30,
        ),
        tokens in 0..=500_u32,
    ) {
        let budget = RetryBudget::default();
        prop_assert!(budget.take(500 - tokens));
        for (max_attempts, repeatable, failures) in calls {
            let mut retries = Retries::new(limits(max_attempts, repeatable), budget.clone());
            let (mut corrections, mut resends) = (0, 0);
            for (verdict, jitter, left) in failures {
                let (before, attempts) = (budget.left(), retries.attempts());
                let left = Duration::from_millis(left);
                let decision = retries.failed(verdict, left, || jitter);
                let may_repeat = verdict.not_executed || repeatable;
                prop_assert!(budget.left() <= before && before - budget.left() <= 14);
                match decision {
                    Decision::GiveUp => {
                        prop_assert_eq!(budget.left(), before);
                        break;
                    }
                    Decision::Resend => {
                        resends += 1;
                        prop_assert!(may_repeat && verdict.retry == Retry::Stale);
                        prop_assert_eq!((retries.attempts(), budget.left()), (attempts, before));
                    }
                    Decision::Retry(delay) => {
                        prop_assert!(may_repeat && verdict.retry != Retry::Never);
                        prop_assert!(delay < left && delay <= Backoff::default().max + RETRY_AFTER_EXCESS);
                        prop_assert_eq!(before - budget.left(), verdict.retry.cost());
                        prop_assert_eq!(retries.attempts(), attempts + 1);
                        corrections += u32::from(verdict.retry == Retry::Clock);
                    }
                }
                prop_assert!(retries.attempts() <= max_attempts.max(1));
                prop_assert!(corrections <= 1 && resends <= MAX_STALE);
            }
            prop_assert!(budget.left() <= 500);
        }
    }
}

//! The attempts of one call, as a state machine without I/O: events in, steps out.
//!
//! The numbers are those of the AWS SDKs' standard mode, edition 2.1, the default of November 2026.

mod verdict;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

pub(crate) use self::verdict::{Retry, Verdict};

/// Attempts of a call, the first one too, unless set.
pub(crate) const MAX_ATTEMPTS: u32 = 3;
const CAP: Duration = Duration::from_secs(20);
/// How far a service's own wish may lengthen a delay.
const RETRY_AFTER_EXCESS: Duration = Duration::from_secs(5);
const BUDGET: u32 = 500;
const FIRST_TRY_REFUND: u32 = 1;

/// What happened.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    /// A response came.
    Succeeded,
    /// None did.
    Failed(Verdict),
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Step {
    /// Wait, then send again.
    Retry(Duration),
    /// Tell the caller.
    Done,
}

impl Retry {
    fn base(self) -> Duration {
        match self {
            Self::Never | Self::Transient => Duration::from_millis(50),
            Self::Throttling => Duration::from_secs(1),
        }
    }

    fn cost(self) -> u32 {
        match self {
            Self::Never => 0,
            Self::Transient => 14,
            Self::Throttling => 5,
        }
    }
}

/// Retries that the calls of one client may spend together, so that an outage is not answered with a flood.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(BUDGET))
    }
}

impl Budget {
    fn take(&self, cost: u32) -> bool {
        let taken = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(cost));
        taken.is_ok()
    }

    fn refund(&self, tokens: u32) {
        // A full budget is the common case, and stays unwritten.
        if self.0.load(Ordering::Acquire) < BUDGET {
            let refill = |left: u32| Some((left + tokens).min(BUDGET));
            let _ = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, refill);
        }
    }
}

/// The attempts of one call.
#[derive(Debug)]
pub(crate) struct Exchange {
    max_attempts: u32,
    repeatable: bool,
    budget: Arc<Budget>,
    attempts: u32,
    paid: u32,
}

impl Exchange {
    /// Begins with the first attempt.
    pub(crate) fn new(max_attempts: u32, repeatable: bool, budget: Arc<Budget>) -> Self {
        Self { max_attempts: max_attempts.max(1), repeatable, budget, attempts: 1, paid: 0 }
    }

    /// Attempts so far, the running one too.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// What follows an event. `left` is the time that remains for the whole operation, `jitter` is drawn evenly
    /// from 0 to 1 for each call.
    pub(crate) fn next(&mut self, event: Event, left: Duration, jitter: impl FnOnce() -> f64) -> Step {
        let verdict = match event {
            Event::Succeeded => {
                self.budget.refund(if self.paid == 0 { FIRST_TRY_REFUND } else { self.paid });
                return Step::Done;
            }
            Event::Failed(verdict) => verdict,
        };
        let allowed = verdict.retry != Retry::Never
            && (verdict.not_executed || self.repeatable)
            && self.attempts < self.max_attempts;
        if !allowed {
            return Step::Done;
        }
        let delay = self.delay(verdict, jitter());
        // The last error says more than a timeout while waiting.
        if delay >= left || !self.budget.take(verdict.retry.cost()) {
            return Step::Done;
        }
        self.paid = verdict.retry.cost();
        self.attempts += 1;
        Step::Retry(delay)
    }

    /// Full jitter after the cap; the service's wish may only lengthen it, within a bound.
    fn delay(&self, verdict: Verdict, jitter: f64) -> Duration {
        let doubled = verdict.retry.base().saturating_mul(1 << (self.attempts - 1).min(16));
        let delay = doubled.min(CAP).mul_f64(jitter.clamp(0.0, 1.0));
        verdict.retry_after.map_or(delay, |wish| wish.clamp(delay, delay + RETRY_AFTER_EXCESS))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AMPLE: Duration = Duration::from_hours(1);
    const TRANSIENT: Verdict = Verdict { retry: Retry::Transient, not_executed: false, retry_after: None };
    const THROTTLING: Verdict = Verdict { retry: Retry::Throttling, not_executed: true, retry_after: None };

    fn exchange(max_attempts: u32, repeatable: bool) -> Exchange {
        Exchange::new(max_attempts, repeatable, Arc::default())
    }

    #[track_caller]
    fn check(exchange: &mut Exchange, verdict: Verdict, jitter: f64, expected: Option<u64>) {
        let step = exchange.next(Event::Failed(verdict), AMPLE, || jitter);
        assert_eq!(step, expected.map_or(Step::Done, |millis| Step::Retry(Duration::from_millis(millis))));
    }

    #[test]
    fn delays_double_within_the_cap_and_end_with_the_attempts() {
        let mut transient = exchange(4, true);
        for expected in [Some(50), Some(100), Some(200), None] {
            check(&mut transient, TRANSIENT, 1.0, expected);
        }
        let mut throttled = exchange(8, false);
        for expected in [1, 2, 4, 8, 16, 20, 20] {
            check(&mut throttled, THROTTLING, 1.0, Some(expected * 1000));
        }
        check(&mut exchange(3, true), TRANSIENT, 0.5, Some(25));
        check(&mut exchange(1, true), TRANSIENT, 1.0, None);
    }

    #[test]
    fn what_may_have_been_executed_is_repeated_only_where_that_is_harmless() {
        check(&mut exchange(3, false), TRANSIENT, 1.0, None);
        check(&mut exchange(3, false), Verdict { not_executed: true, ..TRANSIENT }, 1.0, Some(50));
        check(&mut exchange(3, true), Verdict { retry: Retry::Never, ..TRANSIENT }, 1.0, None);
    }

    #[test]
    fn the_service_may_lengthen_a_delay_within_a_bound() {
        let wish = |millis| Verdict { retry_after: Some(Duration::from_millis(millis)), ..TRANSIENT };
        check(&mut exchange(3, true), wish(10), 1.0, Some(50));
        check(&mut exchange(3, true), wish(700), 1.0, Some(700));
        check(&mut exchange(3, true), wish(60_000), 1.0, Some(5050));
    }

    #[test]
    fn no_wait_outlasts_the_operation() {
        let step = exchange(3, true).next(Event::Failed(TRANSIENT), Duration::from_millis(50), || 1.0);
        assert_eq!(step, Step::Done);
    }

    /// The token examples of the retry facts.
    #[test]
    fn the_budget_is_shared_and_never_negative() {
        let budget = Arc::new(Budget::default());
        let left = |expected| assert_eq!(budget.0.load(Ordering::Acquire), expected);
        let start = || Exchange::new(9, true, Arc::clone(&budget));
        let mut a = start();
        check(&mut a, TRANSIENT, 0.0, Some(0));
        left(486);
        check(&mut a, TRANSIENT, 0.0, Some(0));
        left(472);
        let mut b = start();
        check(&mut b, THROTTLING, 0.0, Some(0));
        left(467);
        b.next(Event::Succeeded, AMPLE, || 0.0);
        left(472);
        start().next(Event::Succeeded, AMPLE, || 0.0);
        left(473);
        budget.0.store(10, Ordering::Release);
        check(&mut a, TRANSIENT, 0.0, None);
        for expected in [Some(0), Some(0), None] {
            check(&mut a, THROTTLING, 0.0, expected);
        }
        left(0);
    }
}

//! Retries: the decision whether and when another attempt follows a failed one.
//!
//! The numbers are the AWS SDKs' standard mode, edition 2.1, the default of November 2026.

use std::time::Duration;

use super::verdict::{Retry, Verdict};
use crate::retry::{Backoff, RetryBudget};

/// Default number of attempts of a call, including the first.
pub(crate) const MAX_ATTEMPTS: u32 = 3;
/// How much `Retry-After` may lengthen a delay.
const RETRY_AFTER_EXCESS: Duration = Duration::from_secs(5);
const FIRST_TRY_REFUND: u32 = 1;
/// Maximum number of closed connections in a call that do not count as attempts.
const MAX_STALE: u32 = 3;

/// Limits of a call's retries.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Attempts, including the first.
    pub(crate) max_attempts: u32,
    /// Whether the operation may be executed twice.
    pub(crate) repeatable: bool,
    pub(crate) backoff: Backoff,
}

/// The next step after a failed attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decision {
    /// No further attempt: the caller gets the result.
    GiveUp,
    /// The same attempt over a new connection.
    Resend,
    /// Another attempt, after a wait.
    Retry(Duration),
}

/// The attempts of one call.
#[derive(Debug)]
pub(crate) struct Retries {
    limits: Limits,
    budget: RetryBudget,
    attempts: u32,
    /// The cost of the last retry, until the call ends.
    paid: u32,
    stale: u32,
    clock_corrected: bool,
}

impl Retries {
    /// Starts with the first attempt.
    pub(crate) fn new(limits: Limits, budget: RetryBudget) -> Self {
        Self { limits, budget, attempts: 1, paid: 0, stale: 0, clock_corrected: false }
    }

    /// Attempts so far, including the running one.
    pub(crate) fn attempts(&self) -> u32 {
        self.attempts
    }

    /// The maximum number of attempts.
    pub(crate) fn max_attempts(&self) -> u32 {
        self.limits.max_attempts.max(1)
    }

    /// Records the response of the call.
    pub(crate) fn succeeded(&mut self) {
        let paid = std::mem::take(&mut self.paid);
        self.budget.refund(if self.attempts == 1 { FIRST_TRY_REFUND } else { paid });
    }

    /// Decides after a failed attempt. `left` is the remaining time of the whole operation, `jitter` a uniform number
    /// from 0 to 1.
    pub(crate) fn failed(
        &mut self,
        verdict: Verdict,
        left: Duration,
        jitter: impl FnOnce() -> f64,
    ) -> Decision {
        let decision = self.decide(verdict, left, jitter);
        match decision {
            Decision::GiveUp => self.paid = 0,
            Decision::Resend => {}
            Decision::Retry(_) => self.attempts += 1,
        }
        decision
    }

    fn decide(&mut self, verdict: Verdict, left: Duration, jitter: impl FnOnce() -> f64) -> Decision {
        if verdict.retry == Retry::Never || !(verdict.not_executed || self.limits.repeatable) {
            return Decision::GiveUp;
        }
        if verdict.retry == Retry::Stale && self.stale < MAX_STALE && !left.is_zero() {
            self.stale += 1;
            return Decision::Resend;
        }
        if self.attempts >= self.max_attempts() {
            return Decision::GiveUp;
        }
        if verdict.retry == Retry::Clock {
            // Only once: if it fails again, the clock was not the reason.
            let again = !std::mem::replace(&mut self.clock_corrected, true) && !left.is_zero();
            return if again { Decision::Retry(Duration::ZERO) } else { Decision::GiveUp };
        }
        let delay = self.delay(verdict, jitter());
        // The last error is more informative than a timeout while waiting.
        if delay >= left || !self.budget.take(verdict.retry.cost()) {
            return Decision::GiveUp;
        }
        self.paid = verdict.retry.cost();
        Decision::Retry(delay)
    }

    /// Full jitter after the cap; the service's delay may only lengthen it, within a limit.
    fn delay(&self, verdict: Verdict, jitter: f64) -> Duration {
        let Backoff { base, throttling_base, max } = self.limits.backoff;
        let base = if verdict.retry == Retry::Throttling { throttling_base } else { base };
        let doubled = base.saturating_mul(1 << (self.attempts - 1).min(16));
        let longest = doubled.min(max);
        let delay = longest.as_secs_f64() * jitter.clamp(0.0, 1.0);
        let delay = Duration::try_from_secs_f64(delay).unwrap_or(longest);
        verdict.retry_after.map_or(delay, |wish| wish.clamp(delay, delay.saturating_add(RETRY_AFTER_EXCESS)))
    }
}

/// A call that is dropped returns the cost of its last retry.
impl Drop for Retries {
    fn drop(&mut self) {
        if self.paid > 0 {
            self.budget.refund(self.paid);
        }
    }
}

impl Retry {
    fn cost(self) -> u32 {
        match self {
            Self::Never | Self::Clock => 0,
            Self::Stale | Self::Transient => 14,
            Self::Throttling => 5,
        }
    }
}

#[cfg(test)]
mod tests;

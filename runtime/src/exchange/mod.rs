//! One call, from its prepared request to its outcome, as a sans-I/O state machine: events in, steps out.
//!
//! A driver, async or blocking, executes each step and reports its result. Everything else is here: attempts,
//! signing, reading responses, timeouts, the clock's correction, the rate limit, hooks.

mod attempt;
mod clock;
mod destination;
mod prepared;
mod rate;
mod retries;
mod route;
mod shared;
mod verdict;

use std::time::{Duration, Instant};

pub(crate) use self::{
    attempt::Outcome,
    clock::ClockOffset,
    destination::Destination,
    prepared::Prepared,
    rate::RateLimit,
    retries::{Limits, MAX_ATTEMPTS},
    route::Route,
    shared::{CallOptions, Shared, call_options},
    verdict::{Retry, Verdict},
};
use self::{
    attempt::{Failed, Signature},
    retries::{Decision, Retries},
};
use crate::{
    hook::{self, AttemptReport, CallReport},
    identity::{Credentials, CredentialsError},
    protocol::DecodeError,
    time::deadline,
    trace::{self, Span},
    transport::{Reached, Request, Response, TransportError, TransportErrorKind},
};

/// Reads a response into its type.
pub(crate) type Decode<'a> = &'a mut (dyn FnMut(&Response) -> Result<(), DecodeError> + Send);

/// What has happened.
pub(crate) enum Event {
    /// The call has started, or the wait is over.
    Ready,
    /// The result of the source of credentials; `None` after its time limit.
    Provided(Option<Result<Credentials, CredentialsError>>),
    /// The result of the transport; `None` after its time limit.
    Responded(Option<Result<Response, TransportError>>),
}

/// What to do next.
#[expect(
    clippy::large_enum_variant,
    reason = "it is destructured immediately; a box would cost one allocation per attempt"
)]
pub(crate) enum Step {
    /// Ask for credentials, at most this long.
    Provide(Duration),
    /// Send a request and receive its response within this time.
    Send(Request, Duration),
    /// Wait.
    Rest(Duration),
    /// Return to the caller.
    Done(Outcome),
}

/// One call.
pub(crate) struct Exchange<'a> {
    shared: &'a Shared,
    call: &'a Prepared,
    decode: Decode<'a>,
    span: &'a Span,
    /// The span of the running attempt, once its request was sent.
    attempt_span: Span,
    retries: Retries,
    began: Instant,
    deadline: Instant,
    sent: Instant,
    /// Whether the operation's timeout limits the running step, not the attempt's.
    bound_by_operation: bool,
    /// Whether the rate limit has given this attempt a permit that it has not used.
    has_permit: bool,
    signature: Option<Signature>,
    /// Whether this call corrected the clock.
    clock_corrected: bool,
}

impl<'a> Exchange<'a> {
    pub(crate) fn new(
        shared: &'a Shared,
        call: &'a Prepared,
        decode: Decode<'a>,
        span: &'a Span,
        now: Instant,
    ) -> Self {
        Self {
            shared,
            decode,
            span,
            attempt_span: Span::default(),
            retries: Retries::new(call.limits, shared.budget.clone()),
            began: now,
            deadline: deadline(now, call.operation_timeout),
            sent: now,
            bound_by_operation: false,
            has_permit: false,
            signature: None,
            clock_corrected: false,
            call,
        }
    }

    /// The next step after an event.
    pub(crate) fn next(&mut self, event: Event, now: Instant) -> Step {
        match event {
            Event::Ready => self.begin(now),
            Event::Provided(provided) => {
                let signed = self.sign(provided).map_err(|failed| self.classify(failed));
                self.send(signed, now)
            }
            Event::Responded(response) => {
                let outcome = self.receive(response).map_err(|failed| self.classify(failed));
                if let Some(rate) = &self.shared.rate {
                    let throttled =
                        outcome.as_ref().is_err_and(|failed| failed.verdict.retry == Retry::Throttling);
                    rate.learn(throttled, now);
                }
                self.decide(outcome, now)
            }
        }
    }

    /// Starts an attempt.
    fn begin(&mut self, now: Instant) -> Step {
        if self.left(now).is_zero() {
            let error = self.transport_error(TransportErrorKind::OperationTimeout, Reached::NotSent);
            return self.decide(Err(self.without_response(error)), now);
        }
        if let Some(rate) = &self.shared.rate
            && !self.has_permit
            && let Some(wait) = rate.acquire(now)
        {
            self.has_permit = true;
            if wait >= self.left(now) {
                let error = self.transport_error(TransportErrorKind::OperationTimeout, Reached::NotSent);
                let error = error.with_source(format!(
                    "the client's own rate limit, which follows the service's throttling, requires a wait of {wait:.1?}"
                ));
                return self.decide(Err(self.without_response(error)), now);
            }
            if !wait.is_zero() {
                return Step::Rest(wait);
            }
        }
        if self.call.operation.unsigned {
            let request = self.unsigned().map_err(|failed| self.classify(failed));
            return self.send(request, now);
        }
        Step::Provide(self.left(now))
    }

    /// Sends the request of an attempt, unless signing failed.
    fn send(&mut self, request: Result<Request, Box<Failed>>, now: Instant) -> Step {
        self.sent = now;
        match request {
            Ok(request) => {
                self.has_permit = false;
                self.attempt_span = Span::of_attempt(&self.call.traced(self.shared), self.retries.attempts());
                let left = self.left(now);
                self.bound_by_operation = left <= self.call.attempt_timeout;
                Step::Send(request, left.min(self.call.attempt_timeout))
            }
            Err(failed) => self.decide(Err(failed), now),
        }
    }

    /// Ends the call, or continues it.
    fn decide(&mut self, outcome: Outcome, now: Instant) -> Step {
        let number = self.retries.attempts();
        let decision = match &outcome {
            Ok(_) => {
                self.retries.succeeded();
                Decision::GiveUp
            }
            Err(failed) => self.retries.failed(failed.verdict, self.left(now), || self.shared.jitter()),
        };
        self.report(number, &outcome, decision, now);
        match decision {
            Decision::GiveUp => Step::Done(outcome),
            Decision::Resend | Decision::Retry(Duration::ZERO) => self.begin(now),
            Decision::Retry(delay) => Step::Rest(delay),
        }
    }

    /// Notifies the hooks.
    fn report(&mut self, number: u32, outcome: &Outcome, decision: Decision, now: Instant) {
        if self.shared.hooks.is_empty() && cfg!(not(feature = "tracing")) {
            return;
        }
        let outcome = match outcome {
            Ok(metadata) => hook::Outcome::Succeeded(metadata),
            Err(failed) => failed.outcome(),
        };
        let attempt = self.attempt(number);
        let next = match decision {
            Decision::GiveUp => None,
            Decision::Resend => Some(Duration::ZERO),
            Decision::Retry(delay) => Some(delay),
        };
        let duration = now.saturating_duration_since(self.sent);
        let report = AttemptReport { duration, outcome, next };
        let span = std::mem::take(&mut self.attempt_span);
        span.within(|| trace::attempt(&attempt, &report));
        span.end(&report.outcome);
        if decision == Decision::GiveUp {
            self.span.end(&report.outcome);
        }
        for hook in &self.shared.hooks {
            hook.after_attempt(&attempt, &report);
        }
        if decision == Decision::GiveUp {
            let duration = now.saturating_duration_since(self.began);
            let report = CallReport { last: attempt, duration, outcome: report.outcome };
            for hook in &self.shared.hooks {
                hook.after_call(&report);
            }
        }
    }

    /// The span of the running attempt.
    pub(crate) fn attempt_span(&self) -> &Span {
        &self.attempt_span
    }

    fn attempt(&self, number: u32) -> hook::Attempt {
        hook::Attempt { service: self.shared.service.title, operation: self.call.operation.name, number }
    }

    fn left(&self, now: Instant) -> Duration {
        self.deadline.saturating_duration_since(now)
    }

    fn transport_error(&self, kind: TransportErrorKind, reached: Reached) -> TransportError {
        TransportError::new(kind, self.shared.peer(self.call.request.uri()), reached)
    }
}

/// Returns the permit of a call that ends, or is dropped, before it has used it.
impl Drop for Exchange<'_> {
    fn drop(&mut self) {
        if let Some(rate) = self.shared.rate.as_ref().filter(|_| self.has_permit) {
            rate.give_back();
        }
    }
}

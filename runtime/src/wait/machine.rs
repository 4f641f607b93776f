//! A wait as a sans-I/O state machine: events and the time in, steps out.

use std::time::{Duration, Instant};

use super::waiter::{Acceptor, State};
use crate::time::deadline;

/// Delays beyond a day mean a day; nobody waits for them, and they do not overflow.
const LONGEST: Duration = Duration::from_secs(24 * 60 * 60);

/// What has happened.
pub(super) enum Event {
    /// The wait has started, or a delay is over.
    Ready,
    /// A call has ended.
    Called(Seen),
}

/// What a call's outcome shows.
pub(super) enum Seen {
    /// The state of this acceptor.
    Accepted(&'static Acceptor),
    /// A response that no acceptor expects.
    Response,
    /// An error that no acceptor expects.
    Error,
}

/// What to do next.
#[derive(Debug, PartialEq)]
pub(super) enum Step {
    /// Make a call, within this time.
    Call(Duration),
    /// Wait.
    Rest(Duration),
    /// Return to the caller.
    Done(End),
}

/// How a wait ends.
#[derive(Debug, PartialEq)]
pub(super) enum End {
    Success,
    Failure,
    UnexpectedError,
    TimedOut,
}

/// A wait.
pub(super) struct Machine {
    min_delay: Duration,
    max_delay: Duration,
    began: Instant,
    deadline: Instant,
    calls: u32,
    /// The acceptor that the latest outcome met.
    met: Option<&'static Acceptor>,
}

impl Machine {
    pub(super) fn new([min_delay, max_delay]: [Duration; 2], max_wait: Duration, now: Instant) -> Self {
        let [min_delay, max_delay] = [min_delay, max_delay].map(|delay| delay.min(LONGEST));
        Self { min_delay, max_delay, began: now, deadline: deadline(now, max_wait), calls: 0, met: None }
    }

    pub(super) fn calls(&self) -> u32 {
        self.calls
    }

    pub(super) fn met(&self) -> Option<&'static Acceptor> {
        self.met
    }

    pub(super) fn waited(&self, now: Instant) -> Duration {
        now.saturating_duration_since(self.began)
    }

    /// The next step after an event; `jitter` gives a number from 0 to 1.
    pub(super) fn next(&mut self, event: &Event, now: Instant, jitter: impl FnOnce() -> f64) -> Step {
        let left = self.deadline.saturating_duration_since(now);
        match event {
            Event::Ready => {
                self.calls = self.calls.saturating_add(1);
                return Step::Call(left);
            }
            Event::Called(Seen::Accepted(acceptor)) => {
                self.met = Some(acceptor);
                match acceptor.state {
                    State::Success => return Step::Done(End::Success),
                    State::Failure => return Step::Done(End::Failure),
                    State::Retry => {}
                }
            }
            Event::Called(Seen::Response) => self.met = None,
            Event::Called(Seen::Error) => {
                self.met = None;
                // A call that the end of the wait cut off shows nothing.
                return Step::Done(if left.is_zero() { End::TimedOut } else { End::UnexpectedError });
            }
        }
        match self.delay(left, jitter()) {
            Some(delay) => Step::Rest(delay),
            None => Step::Done(End::TimedOut),
        }
    }

    /// The delay before the next call: exponential, with full jitter above the shortest delay, as in Smithy's specification
    /// of waiters. `None` if there is no time for a call. The last call is made the shortest delay before the deadline, so that
    /// it has time.
    fn delay(&self, left: Duration, jitter: f64) -> Option<Duration> {
        let doubled = self.calls.saturating_sub(1).min(31);
        let longest = self.min_delay.saturating_mul(1 << doubled).min(self.max_delay);
        let delay = self.min_delay + longest.saturating_sub(self.min_delay).mul_f64(jitter.clamp(0.0, 1.0));
        let last = left.saturating_sub(self.min_delay);
        if last.is_zero() {
            return None;
        }
        Some(delay.min(last))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wait::waiter::Matcher;

    static SUCCESS: Acceptor = Acceptor::success(Matcher::Status(200));
    static FAILURE: Acceptor = Acceptor::failure(Matcher::Status(400));
    static RETRY: Acceptor = Acceptor::retry(Matcher::Status(404));

    const fn seconds(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    /// Delays and calls until the wait ends, if all calls take `call` and show the same.
    fn run(max_wait: u64, call: Duration, jitter: f64, seen: fn() -> Seen) -> (Vec<u64>, u32, End, Duration) {
        let start = Instant::now();
        let mut now = start;
        let mut machine = Machine::new([seconds(2), seconds(120)], seconds(max_wait), now);
        let mut delays = Vec::new();
        let mut event = Event::Ready;
        loop {
            event = match machine.next(&event, now, || jitter) {
                Step::Call(limit) => {
                    now += call.min(limit);
                    Event::Called(seen())
                }
                Step::Rest(delay) => {
                    delays.push(delay.as_secs());
                    now += delay;
                    Event::Ready
                }
                Step::Done(end) => return (delays, machine.calls(), end, now - start),
            };
        }
    }

    #[test]
    fn delays_double_up_to_the_longest() {
        let (delays, calls, end, waited) = run(1000, Duration::ZERO, 1.0, || Seen::Response);
        assert_eq!(delays, [2, 4, 8, 16, 32, 64, 120, 120, 120, 120, 120, 120, 120, 32]);
        assert_eq!((calls, end, waited), (15, End::TimedOut, seconds(998)));
        let (delays, ..) = run(20, Duration::ZERO, 0.0, || Seen::Accepted(&RETRY));
        assert_eq!(delays, [2; 9]);
        // In between, they are spread.
        let (delays, ..) = run(100, Duration::ZERO, 0.5, || Seen::Response);
        assert_eq!(delays, [2, 3, 5, 9, 17, 33, 29]);
    }

    #[test]
    fn no_wait_lasts_longer_than_its_limit() {
        for max_wait in [0, 1, 2, 3, 10, 300] {
            for call in [Duration::ZERO, Duration::from_millis(700), seconds(7), seconds(1000)] {
                for jitter in [0.0, 0.3, 1.0] {
                    for seen in [|| Seen::Response, || Seen::Accepted(&RETRY)] {
                        let (_, calls, end, waited) = run(max_wait, call, jitter, seen);
                        assert_eq!(end, End::TimedOut);
                        assert!(calls >= 1 && waited <= seconds(max_wait), "{max_wait} {call:?}: {waited:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn states_end_waits() {
        let end = |seen| run(60, seconds(1), 0.5, seen);
        let (_, calls, ended, waited) = end(|| Seen::Accepted(&SUCCESS));
        assert_eq!((calls, ended, waited), (1, End::Success, seconds(1)));
        assert_eq!(end(|| Seen::Accepted(&FAILURE)).2, End::Failure);
        assert_eq!(end(|| Seen::Error).2, End::UnexpectedError);
        // The deadline cut the call off.
        assert_eq!(run(60, seconds(100), 0.5, || Seen::Error).2, End::TimedOut);
        assert_eq!(run(60, seconds(100), 0.5, || Seen::Accepted(&SUCCESS)).2, End::Success);
    }

    #[test]
    fn long_waits_do_not_overflow() {
        let now = Instant::now();
        let mut machine = Machine::new([Duration::MAX; 2], Duration::MAX, now);
        machine.calls = u32::MAX;
        assert!(matches!(machine.next(&Event::Ready, now, || 1.0), Step::Call(_)));
        let _ = machine.next(&Event::Called(Seen::Response), now, || 1.0);
    }
}

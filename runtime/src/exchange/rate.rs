//! The client-side rate limit of the adaptive retry mode: after throttling, a client slows its own requests down and
//! speeds up again along a cubic curve, as TCP CUBIC (RFC 9438) does. The constants are the AWS SDKs'.

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

/// The lowest rate, in requests per second.
const MIN_RATE: f64 = 0.5;
const MIN_CAPACITY: f64 = 1.0;
/// The factor of the rate after throttling.
const BETA: f64 = 0.7;
const SCALE: f64 = 0.4;
/// Weight of the newest measurement.
const SMOOTHING: f64 = 0.8;
/// Seconds over which requests are counted.
const BUCKET: f64 = 0.5;

/// The rate limit that the calls of a client share. It is inactive until the first throttling.
#[derive(Debug)]
pub(crate) struct RateLimit {
    epoch: Instant,
    state: Mutex<State>,
}

impl RateLimit {
    pub(crate) fn new(now: Instant) -> Self {
        Self { epoch: now, state: Mutex::default() }
    }

    /// Takes a permit to send a request; returns how long to wait before sending. `None` if none is needed yet.
    pub(super) fn acquire(&self, now: Instant) -> Option<Duration> {
        self.state().acquire(self.seconds(now))
    }

    /// Returns an unused permit.
    pub(super) fn give_back(&self) {
        let mut state = self.state();
        state.capacity = (state.capacity + 1.0).min(state.max_capacity);
    }

    /// Updates the rate after a response.
    pub(super) fn learn(&self, throttled: bool, now: Instant) {
        self.state().learn(throttled, self.seconds(now));
    }

    fn seconds(&self, now: Instant) -> f64 {
        now.saturating_duration_since(self.epoch).as_secs_f64()
    }

    /// A panic of another thread leaves the numbers usable.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Times are seconds since the client was created.
#[derive(Debug, Default)]
struct State {
    enabled: bool,
    fill_rate: f64,
    max_capacity: f64,
    /// Negative while requests wait for permits that they have already taken.
    capacity: f64,
    refilled_at: f64,
    measured_rate: f64,
    bucket: f64,
    requests: f64,
    max_rate: f64,
    throttled_at: f64,
}

impl State {
    fn acquire(&mut self, now: f64) -> Option<Duration> {
        if !self.enabled {
            return None;
        }
        self.refill(now);
        self.capacity -= 1.0;
        let missing = (-self.capacity).max(0.0);
        Some(Duration::try_from_secs_f64(missing / self.fill_rate).unwrap_or(Duration::MAX))
    }

    fn learn(&mut self, throttled: bool, now: f64) {
        self.measure(now);
        let rate = if throttled {
            let rate = if self.enabled { self.measured_rate.min(self.fill_rate) } else { self.measured_rate };
            (self.max_rate, self.throttled_at, self.enabled) = (rate, now, true);
            rate * BETA
        } else if self.enabled {
            let window = (self.max_rate * (1.0 - BETA) / SCALE).cbrt();
            SCALE * (now - self.throttled_at - window).powi(3) + self.max_rate
        } else {
            return;
        };
        self.refill(now);
        self.fill_rate = rate.min(2.0 * self.measured_rate).max(MIN_RATE);
        self.max_capacity = self.fill_rate.max(MIN_CAPACITY);
        self.capacity = self.capacity.min(self.max_capacity);
    }

    fn refill(&mut self, now: f64) {
        let filled = (now - self.refilled_at).max(0.0) * self.fill_rate;
        self.capacity = (self.capacity + filled).min(self.max_capacity);
        self.refilled_at = self.refilled_at.max(now);
    }

    fn measure(&mut self, now: f64) {
        self.requests += 1.0;
        let bucket = (now / BUCKET).floor() * BUCKET;
        if bucket > self.bucket {
            let rate = self.requests / (bucket - self.bucket);
            self.measured_rate = rate * SMOOTHING + self.measured_rate * (1.0 - SMOOTHING);
            (self.requests, self.bucket) = (0.0, bucket);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(limit: &RateLimit, seconds: f64) -> Instant {
        limit.epoch + Duration::from_secs_f64(seconds)
    }

    #[test]
    fn nothing_is_limited_before_the_first_throttling() {
        let limit = RateLimit::new(Instant::now());
        for request in 0..1000 {
            let now = at(&limit, f64::from(request) / 1000.0);
            assert_eq!(limit.acquire(now), None);
            limit.learn(false, now);
        }
    }

    /// The cubic curve of the SDKs' published test: throttled at 10 requests per second, the rate is 7; it
    /// is 10 again after the window of about 1.96 s, and higher later.
    #[test]
    fn the_rate_falls_and_recovers_along_the_curve() {
        let mut state = State { measured_rate: 10.0, bucket: 5.0, ..State::default() };
        state.learn(true, 5.0);
        assert!((state.fill_rate - 7.0).abs() < 1e-9, "{state:?}");
        let mut rates = Vec::new();
        for tenths in 51..85 {
            state.measured_rate = 100.0;
            (state.bucket, state.requests) = (f64::MAX, 0.0);
            state.learn(false, f64::from(tenths) / 10.0);
            rates.push(state.fill_rate);
        }
        assert!(rates.is_sorted(), "{rates:?}");
        let at = |seconds: f64| {
            let window = 7.5_f64.cbrt();
            0.4 * (seconds - window).powi(3) + 10.0
        };
        for (index, seconds) in [(0, 0.1), (9, 1.0), (18, 1.9), (33, 3.4)] {
            let rate: f64 = *rates.get(index).unwrap();
            assert!((rate - at(seconds)).abs() < 1e-6, "{seconds}: {rate}");
        }
    }

    #[test]
    fn requests_wait_their_turn() {
        let mut state = State { measured_rate: 2.0, bucket: 1.0, ..State::default() };
        state.learn(true, 1.0);
        // 1.4 requests per second, with no unused permits.
        let waits: Vec<_> =
            (0..3).map(|_| (state.acquire(1.0).unwrap().as_secs_f64() * 1.4).round()).collect();
        assert_eq!(waits, [1.0, 2.0, 3.0]);
        assert_eq!(state.acquire(100.0), Some(Duration::ZERO));
    }

    proptest! {
        #[test]
        fn a_rate_is_always_positive_and_at_most_twice_the_measured(
            responses in proptest::collection::vec((any::<bool>(), 0.0..2.0_f64), 1..200),
        ) {
            let (mut state, mut now) = (State::default(), 0.0);
            for (throttled, after) in responses {
                now += after;
                let wait = state.acquire(now).unwrap_or_default();
                prop_assert!(!state.enabled || wait <= Duration::from_secs(3 + 2 * 200), "{wait:?} {state:?}");
                now += wait.as_secs_f64();
                state.learn(throttled, now);
                prop_assert!(!state.enabled || state.fill_rate >= MIN_RATE);
                prop_assert!(!state.enabled || state.fill_rate <= (2.0 * state.measured_rate).max(MIN_RATE));
                prop_assert!(state.capacity <= state.max_capacity);
            }
        }
    }
}

//! How often sources of credentials are asked, and when expired credentials are still used.
//!
//! Each source has a [`Policy`]; time limits and repetition are defined only here.
//!
//! | source | one attempt | attempts | after expiry |
//! | --- | --- | --- | --- |
//! | instance metadata | 1 s per request, unless set | 3, unless set | used |
//! | container endpoint | 2 s | 3 | used |
//! | credentials URI | 2 s | 3 | not used |
//! | portal and sign-in service of SSO | 10 s per request | 3 | not used |
//! | STS: roles, web identities, OIDC tokens | 10 s | as its client retries: 3 unless set | not used |
//! | `credential_process` | 1 min | 1 | not used |
//! | custom sources | theirs | theirs | not used |
//!
//! - **All attempts together** may take three times the limit of one, or their number times if it is greater; those for a
//!   blocking call end with it. The pauses between them are half a second, then a second, plus up to half as much at
//!   random.
//! - **Retries** follow transient failures: connections that are refused, lost or too slow, HTTP 429, 500, 502, 503 and
//!   504, other errors whose code means throttling, and successes whose body is empty, cut off or not JSON. Instance
//!   metadata has two exceptions: if it cannot be connected to, the machine is not an instance, and a token that does not
//!   arrive in time means too few hops. Its 401 means that the token has expired: the next attempt gets a new one.
//! - **Before expiry**, by five minutes or half their lifetime, credentials are refreshed. If that fails, the old ones
//!   are used, and the source is asked again after one minute, then two, four, eight and ten.
//! - **After expiry**, credentials of instances and containers are still used while their source fails transiently or
//!   has no newer ones: their issuer can extend them, and the service decides (static stability). The expiry of all
//!   others was fixed when they were issued: the service would refuse the request, and its error would explain less
//!   than the error of the refresh.
//! - **Sign-ins** of SSO that have a refresh token are renewed by it from 15 minutes before they expire, as in the AWS
//!   CLI; a failure does not matter while they are valid. If another process has used the refresh token first, its
//!   sign-in is looked for in the file, and once more after half a second.
//! - **Programs of Alibaba Cloud's profiles** that print a token without its expiry are run again after a minute.
//! - **The time** is this machine's, corrected by services' responses: see [`ClockOffset`].
//!
//! [`ClockOffset`]: crate::exchange::ClockOffset

use std::time::{Duration, Instant, SystemTime};

use crate::time::deadline;

/// How one source is asked.
#[derive(Clone, Copy, Debug)]
pub(super) struct Policy {
    /// The source's name in errors.
    pub(super) source: &'static str,
    /// Limit of one request, or one run of a program.
    pub(super) attempt: Duration,
    /// Maximum number of attempts.
    pub(super) attempts: u32,
    /// Whether expired credentials are still used.
    pub(super) past_end: bool,
}

pub(super) const INSTANCE: Policy =
    Policy { source: "instance metadata", attempt: Duration::from_secs(1), attempts: 3, past_end: true };

pub(super) const CONTAINER: Policy =
    Policy { source: "container", attempt: Duration::from_secs(2), attempts: 3, past_end: true };

pub(super) const SSO: Policy =
    Policy { source: "sso", attempt: Duration::from_secs(10), attempts: 3, past_end: false };

pub(super) const ROLE: Policy = Policy { source: "role", ..SSO };

pub(super) const WEB_IDENTITY: Policy = Policy { source: "web identity", ..ROLE };

pub(super) const OIDC: Policy = Policy { source: "OIDC token", ..ROLE };

pub(super) const CREDENTIALS_URI: Policy = Policy { source: "credentials URI", past_end: false, ..CONTAINER };

pub(super) const PROCESS: Policy =
    Policy { source: "credential process", attempt: Duration::from_secs(60), attempts: 1, past_end: false };

/// How long temporary keys are used if the program that prints them does not state when they expire. The vendor's own tools
/// run it for each request.
pub(super) const UNSTATED_LIFE: Duration = Duration::from_secs(60);

/// How long before they expire sign-ins are renewed.
pub(super) const RENEWED_AHEAD: Duration = Duration::from_secs(15 * 60);

/// A source that has limits of its own.
pub(super) const fn own(source: &'static str) -> Policy {
    Policy { source, attempt: Duration::MAX, attempts: 1, past_end: false }
}

impl Policy {
    /// Limit of all attempts.
    pub(super) const fn all_attempts(&self) -> Duration {
        self.attempt.saturating_mul(if self.attempts > 3 { self.attempts } else { 3 })
    }
}

/// The attempts of one request for credentials.
#[derive(Clone, Copy, Debug)]
pub(super) struct Attempts {
    policy: Policy,
    begun: u32,
    deadline: Instant,
}

impl Attempts {
    /// Starts the first attempt, for a call that may wait for `left`.
    pub(super) fn begin(policy: Policy, now: Instant, left: Duration) -> Self {
        Self { policy, begun: 1, deadline: deadline(now, policy.all_attempts().min(left)) }
    }

    /// The time limit of a request that is sent now.
    pub(super) fn limit(&self, now: Instant) -> Duration {
        self.policy.attempt.min(self.deadline.saturating_duration_since(now))
    }

    /// How long to wait for the next attempt after a transient failure, if there is one. `random` is uniform.
    pub(super) fn next(&mut self, now: Instant, random: u8) -> Option<Duration> {
        let pause = pause_after(self.begun, random);
        let is_last = self.begun >= self.policy.attempts || now + pause >= self.deadline;
        self.begun += 1;
        (!is_last).then_some(pause)
    }
}

/// Longer than most waits between two attempts. A source may have stopped because its caller had less time left.
pub(super) const LONGEST_WAIT: Duration = Duration::from_secs(2);

/// How long to wait after this number of failed attempts.
pub(super) fn pause_after(attempts: u32, random: u8) -> Duration {
    let pause = Duration::from_millis(500) * attempts;
    pause + pause / 2 * u32::from(random) / 255
}

/// How long before they expire credentials are refreshed; if they live for less than twice as long, in the middle of
/// their life. A random fifth is taken off, so that machines that started together do not ask together.
pub(super) fn refresh_at(now: SystemTime, expires_at: SystemTime, random: u8) -> SystemTime {
    const AHEAD: Duration = Duration::from_secs(5 * 60);
    let life = expires_at.duration_since(now).unwrap_or_default();
    let ahead = AHEAD.min(life / 2) / 5 * 4;
    expires_at - (ahead + ahead / 4 * u32::from(random) / 255)
}

/// How long a source is not asked after this number of failed refreshes in a row, while old credentials can be used.
pub(super) fn pause(failures: u32, random: u8) -> Duration {
    let pause = Duration::from_secs(60) * 2_u32.saturating_pow(failures.saturating_sub(1));
    let pause = pause.min(Duration::from_secs(10 * 60));
    pause + pause / 5 * u32::from(random) / 255
}

/// Longer than any [`pause`].
pub(super) const LONGEST_PAUSE: Duration = Duration::from_secs(12 * 60);

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// Seconds from the first attempt to each further one where each takes so long.
    fn attempts(policy: Policy, each: Duration, random: u8) -> Vec<f64> {
        let start = Instant::now();
        let mut now = start;
        let mut attempts = Attempts::begin(policy, now, Duration::MAX);
        let mut at = Vec::new();
        loop {
            now += each.min(attempts.limit(now));
            let Some(pause) = attempts.next(now, random) else { return at };
            now += pause;
            at.push((now - start).as_secs_f64());
        }
    }

    #[test]
    fn attempts_stay_within_the_limit_of_the_source() {
        // A container endpoint that refuses connections for 0.8 s, or takes 2.5 s once, is asked again in time.
        assert_eq!(attempts(CONTAINER, Duration::ZERO, 0), [0.5, 1.5]);
        assert_eq!(attempts(CONTAINER, Duration::ZERO, 255), [0.75, 2.25]);
        assert_eq!(attempts(CONTAINER, SECOND * 3, 0), [2.5, 5.5]);
        assert_eq!(attempts(CONTAINER, SECOND * 3, 255), [2.75]);
        assert_eq!(attempts(INSTANCE, SECOND * 3, 0), [1.5]);
        assert_eq!(attempts(PROCESS, SECOND, 0), [0.0; 0]);
        let endless = Policy { attempt: Duration::MAX, ..INSTANCE };
        assert_eq!(attempts(endless, SECOND, 0), [1.5, 3.5]);
        let many = Policy { attempts: 5, ..INSTANCE };
        assert_eq!(attempts(many, Duration::ZERO, 0), [0.5, 1.5, 3.0]);
        let patient = Policy { attempt: SECOND * 3, ..many };
        assert_eq!(attempts(patient, Duration::ZERO, 0), [0.5, 1.5, 3.0, 5.0]);
        let none = Policy { attempt: Duration::ZERO, ..INSTANCE };
        assert_eq!(attempts(none, SECOND, 0), [0.0; 0]);
    }

    #[test]
    fn the_last_request_is_cut_at_the_limit_of_all() {
        let start = Instant::now();
        let attempts = Attempts::begin(CONTAINER, start, Duration::MAX);
        for (after, limit) in [(0, 2000), (4000, 2000), (4500, 1500), (6000, 0), (9000, 0)] {
            let now = start + Duration::from_millis(after);
            assert_eq!(attempts.limit(now), Duration::from_millis(limit));
        }
        let mut attempts = Attempts::begin(CONTAINER, start, SECOND);
        assert_eq!(attempts.limit(start), SECOND);
        assert_eq!(attempts.next(start + SECOND / 2, 0), None);
    }

    #[test]
    fn sources_that_fail_are_left_alone_for_longer_and_longer() {
        let minutes = [1, 2, 4, 8, 10, 10].map(|minutes| Duration::from_secs(minutes * 60));
        assert_eq!([1, 2, 3, 4, 5, 6].map(|failures| pause(failures, 0)), minutes);
        assert_eq!(pause(1, 255), SECOND * 72);
        assert_eq!(pause(u32::MAX, 255), LONGEST_PAUSE);
    }

    #[test]
    fn credentials_are_refreshed_ahead_of_their_end() {
        let at = |seconds| SystemTime::UNIX_EPOCH + SECOND * seconds;
        assert_eq!(refresh_at(at(0), at(3600), 0), at(3600 - 240));
        assert_eq!(refresh_at(at(0), at(3600), 255), at(3600 - 300));
        assert_eq!(refresh_at(at(0), at(60), 255), at(30));
        assert_eq!(refresh_at(at(60), at(30), 0), at(30));
    }
}

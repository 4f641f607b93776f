//! A cache of credentials, which refreshes them before they expire.

use std::{
    fmt,
    future::poll_fn,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context as Task, Poll, Waker},
    time::SystemTime,
};

use super::{
    Credentials, CredentialsError, ProvideCredentials, Setup,
    io::{Io, Source},
    policy::{self, Policy},
    provide,
};
use crate::{context::Context, driver::Driver, time::Timestamp};

/// Caches the credentials of a source, and refreshes them before they expire.
///
/// They are refreshed about five minutes before. Credentials that live for less than ten minutes are refreshed in the
/// middle of their life. Up to a fifth of the time before expiry is left out at random, to spread the refreshes of many
/// machines.
///
/// One caller refreshes at a time, on any thread or task. The others use the old credentials while they are valid, and
/// otherwise wait. While the old ones are valid, a failure is not reported, and the next refresh waits for about one
/// minute, up to ten if failures continue. A caller that drops its future counts as a failure; without valid
/// credentials, the next caller refreshes.
pub struct CachedCredentials {
    policy: Policy,
    setup: Setup,
    source: Box<dyn Source>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    is_refreshing: bool,
    /// Completed refreshes.
    ended: u64,
    /// Why the last refresh failed, if there are no old credentials to use.
    failed: Option<CredentialsError>,
    waiting: Vec<Waker>,
}

struct Kept {
    credentials: Credentials,
    /// `None` if they never expire.
    refresh_at: Option<SystemTime>,
    /// Consecutive failed refreshes.
    failures: u32,
    /// When the next refresh may be tried after a failure.
    paused_until: Option<SystemTime>,
    /// Whether they are used after they have expired.
    is_prolonged: bool,
}

impl Kept {
    fn new(credentials: Credentials, now: SystemTime, random: u8) -> Self {
        let expires_at = credentials.expires_at();
        let refresh_at = expires_at.map(|expires_at| policy::refresh_at(now, expires_at, random));
        Self { credentials, refresh_at, failures: 0, paused_until: None, is_prolonged: false }
    }

    fn is_valid(&self, now: SystemTime) -> bool {
        self.credentials.expires_at().is_none_or(|expires_at| now < expires_at)
    }

    fn is_due(&self, now: SystemTime) -> bool {
        // A clock that was set back must not extend the pause.
        let is_paused = self.paused_until.is_some_and(|until| {
            until.duration_since(now).is_ok_and(|left| !left.is_zero() && left <= policy::LONGEST_PAUSE)
        });
        !is_paused && self.refresh_at.is_some_and(|refresh_at| refresh_at <= now)
    }

    /// Pauses refreshes for a while.
    fn pause(&mut self, now: SystemTime, random: u8) {
        self.failures = self.failures.saturating_add(1);
        self.paused_until = Some(now + policy::pause(self.failures, random));
    }
}

/// What a caller must do.
enum Turn<'a> {
    Use(Credentials),
    Refresh(Refresh<'a>),
    Fail(CredentialsError),
}

impl CachedCredentials {
    /// Caches the credentials of this source.
    pub fn new(context: Arc<dyn Context>, source: impl ProvideCredentials) -> Self {
        let source: Box<dyn ProvideCredentials> = Box::new(source);
        Self::of(policy::own("cache"), Setup::new(context, None), source)
    }

    /// Caches the credentials of a source, by its policy.
    pub(super) fn of(policy: Policy, setup: Setup, source: impl Source) -> Self {
        Self { policy, setup, source: Box::new(source), state: Mutex::default() }
    }

    pub(super) async fn ask(&self, driver: Driver) -> Result<Credentials, CredentialsError> {
        let mut waited_since = None;
        match poll_fn(|task| self.turn(task, &mut waited_since)).await {
            Turn::Use(credentials) => Ok(credentials),
            Turn::Refresh(refresh) => {
                let response = self.source.ask(Io::new(&self.setup, driver)).await;
                // A failure for lack of time is not that of others.
                let is_shared = response.is_ok() || driver.left() >= policy::LONGEST_WAIT;
                refresh.end(response, is_shared)
            }
            Turn::Fail(error) => Err(error),
        }
    }

    /// `waited_since` identifies the refresh that a caller waits for, so that it shares its failure.
    fn turn(&self, task: &Task<'_>, waited_since: &mut Option<u64>) -> Poll<Turn<'_>> {
        let now = self.setup.now();
        let mut state = self.state();
        let (is_refreshing, ended) = (state.is_refreshing, state.ended);
        let usable = state.kept.as_ref().filter(|kept| kept.is_valid(now) || kept.is_prolonged);
        if let Some(kept) = usable.filter(|kept| !kept.is_due(now) || is_refreshing) {
            return Poll::Ready(Turn::Use(kept.credentials.clone()));
        }
        if let Some(error) = state.failed.as_ref().filter(|_| waited_since.is_some_and(|since| since < ended))
        {
            return Poll::Ready(Turn::Fail(error.clone()));
        }
        if !is_refreshing {
            state.is_refreshing = true;
            return Poll::Ready(Turn::Refresh(Refresh { cache: self, has_ended: false }));
        }
        waited_since.get_or_insert(ended);
        if !state.waiting.iter().any(|waker| waker.will_wake(task.waker())) {
            state.waiting.push(task.waker().clone());
        }
        Poll::Pending
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that could panic runs while the lock is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A running refresh. When it ends in any way, the next caller gets its turn.
struct Refresh<'a> {
    cache: &'a CachedCredentials,
    has_ended: bool,
}

impl Refresh<'_> {
    /// `is_shared`: whether the callers that wait fail with this one.
    fn end(
        mut self,
        provided: Result<Credentials, CredentialsError>,
        is_shared: bool,
    ) -> Result<Credentials, CredentialsError> {
        let (now, random, policy) = (self.cache.setup.now(), self.cache.setup.random(), &self.cache.policy);
        self.has_ended = true;
        let mut state = self.cache.state();
        state.ended += u64::from(is_shared);
        let error = match provided {
            Ok(fresh) => {
                let fresh = Kept::new(fresh, now, random);
                if fresh.is_valid(now) {
                    state.failed = None;
                    return Ok(state.kept.insert(fresh).credentials.clone());
                }
                let error = over(policy, &fresh.credentials, now);
                let end = fresh.credentials.expires_at();
                if policy.past_end
                    && state.kept.as_ref().is_none_or(|kept| kept.credentials.expires_at() < end)
                {
                    state.kept = Some(fresh);
                }
                error.transient_if(policy.past_end)
            }
            Err(error) => error,
        };
        let failed = is_shared.then(|| error.clone());
        let Some(old) = state.kept.as_mut() else {
            state.failed = failed;
            return Err(error);
        };
        old.is_prolonged = policy.past_end && error.is_transient();
        let is_valid = old.is_valid(now);
        if is_valid || old.is_prolonged {
            let consequence = if is_valid {
                "credentials could not be refreshed; the cached ones are still valid"
            } else {
                "expired credentials are used because there are no newer ones; the service decides whether to accept them"
            };
            crate::trace::not_renewed(&error, consequence);
            old.pause(now, random);
            return Ok(old.credentials.clone());
        }
        state.failed = failed;
        Err(error)
    }
}

impl Drop for Refresh<'_> {
    fn drop(&mut self) {
        let (now, random) = (self.cache.setup.now(), self.cache.setup.random());
        let mut state = self.cache.state();
        state.is_refreshing = false;
        if let Some(kept) = state.kept.as_mut().filter(|_| !self.has_ended) {
            // The caller did not wait. A source that takes this long counts as failed.
            kept.is_prolonged = self.cache.policy.past_end;
            kept.pause(now, random);
        }
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}

/// The error for expired credentials that are not used.
fn over(policy: &Policy, credentials: &Credentials, now: SystemTime) -> CredentialsError {
    let [expiry, now] = [credentials.expires_at().unwrap_or(now), now].map(Timestamp::from);
    let problem = format!("the credentials expired at {expiry}, and this machine's clock shows {now}");
    CredentialsError::new(policy.source, problem)
}

provide!(CachedCredentials, |cache, driver| cache.ask(driver));

impl fmt::Debug for CachedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedCredentials").field("source", &self.source).finish_non_exhaustive()
    }
}

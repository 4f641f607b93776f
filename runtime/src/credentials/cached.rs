//! Credentials that expire: kept, and refreshed ahead of that.

use std::{
    fmt,
    future::poll_fn,
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context as Task, Poll, Waker},
    time::{Duration, SystemTime},
};

use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::{BoxFuture, context::Context, time::Timestamp};

/// How long before they expire credentials are refreshed; those that live for less than twice as long, in the middle of
/// their life. A random fifth is taken off, so that machines that started together do not ask together.
const AHEAD: Duration = Duration::from_mins(5);

/// How long a failed refresh is not repeated while the old credentials are valid.
const PAUSE: Duration = Duration::from_mins(1);

/// Keeps what a source gives, and asks it again five minutes before that expires.
///
/// One caller asks at a time, on whatever thread or task; meanwhile the others use the old credentials while these are
/// valid, and wait for the new ones otherwise. While the old ones are valid a failure is not told, and not repeated
/// within a minute. A caller that gives up, by dropping its future, leaves the turn to the next.
pub struct CachedCredentials {
    name: &'static str,
    context: Arc<dyn Context>,
    source: Box<dyn ProvideCredentials>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    kept: Option<Kept>,
    is_refreshing: bool,
    /// Refreshes that came to an end.
    ended: u64,
    /// Why the last of them failed, without old credentials to fall back on.
    failed: Option<CredentialsError>,
    waiting: Vec<Waker>,
}

struct Kept {
    credentials: Credentials,
    /// `None` where they never expire.
    refresh_at: Option<SystemTime>,
}

impl Kept {
    fn is_valid(&self, now: SystemTime) -> bool {
        self.credentials.expires_at().is_none_or(|expires_at| now < expires_at)
    }
}

/// What a caller is to do.
enum Turn<'a> {
    Use(Credentials),
    Refresh(Refresh<'a>),
    Fail(CredentialsError),
}

impl CachedCredentials {
    /// Keeps what this source gives.
    pub fn new(context: Arc<dyn Context>, source: impl ProvideCredentials) -> Self {
        Self::named("cache", context, source)
    }

    /// The same, for errors that name the source.
    pub(super) fn named(
        name: &'static str,
        context: Arc<dyn Context>,
        source: impl ProvideCredentials,
    ) -> Self {
        Self { name, context, source: Box::new(source), state: Mutex::default() }
    }

    async fn ask(&self) -> Result<Credentials, CredentialsError> {
        let mut waited_since = None;
        match poll_fn(|task| self.turn(task, &mut waited_since)).await {
            Turn::Use(credentials) => Ok(credentials),
            Turn::Refresh(refresh) => {
                let answer = self.source.provide().await;
                refresh.end(answer)
            }
            Turn::Fail(error) => Err(error),
        }
    }

    /// `waited_since` tells which refresh a caller waits for, so that it shares its failure.
    fn turn(&self, task: &Task<'_>, waited_since: &mut Option<u64>) -> Poll<Turn<'_>> {
        let now = self.context.now();
        let mut state = self.state();
        let (is_refreshing, ended) = (state.is_refreshing, state.ended);
        if let Some(kept) = state.kept.as_ref().filter(|kept| kept.is_valid(now)) {
            let is_due = kept.refresh_at.is_some_and(|refresh_at| refresh_at <= now);
            if !is_due || is_refreshing {
                return Poll::Ready(Turn::Use(kept.credentials.clone()));
            }
        }
        if let Some(error) = state.failed.as_ref().filter(|_| waited_since.is_some_and(|since| since < ended))
        {
            return Poll::Ready(Turn::Fail(error.clone()));
        }
        if !is_refreshing {
            state.is_refreshing = true;
            return Poll::Ready(Turn::Refresh(Refresh { cache: self }));
        }
        waited_since.get_or_insert(ended);
        if !state.waiting.iter().any(|waker| waker.will_wake(task.waker())) {
            state.waiting.push(task.waker().clone());
        }
        Poll::Pending
    }

    /// What a fresh answer is worth.
    fn kept(&self, credentials: Credentials, now: SystemTime) -> Result<Kept, CredentialsError> {
        let Some(expires_at) = credentials.expires_at() else {
            return Ok(Kept { credentials, refresh_at: None });
        };
        let life = expires_at.duration_since(now).unwrap_or_default();
        if life.is_zero() {
            let [expiry, now] = [expires_at, now].map(Timestamp::from);
            let problem = format!("what it gave expired at {expiry}, and this machine's clock says {now}");
            return Err(CredentialsError::new(self.name, problem));
        }
        let mut dice = [0];
        self.context.random(&mut dice);
        let ahead = AHEAD.min(life / 2) / 5 * 4;
        let ahead = ahead + ahead / 4 * u32::from(dice[0]) / 255;
        Ok(Kept { credentials, refresh_at: Some(expires_at - ahead) })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing that could panic runs while it is held.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A refresh that is under way. However it ends, the turn goes to the next.
struct Refresh<'a> {
    cache: &'a CachedCredentials,
}

impl Refresh<'_> {
    fn end(self, answer: Result<Credentials, CredentialsError>) -> Result<Credentials, CredentialsError> {
        let now = self.cache.context.now();
        let fresh = answer.and_then(|credentials| self.cache.kept(credentials, now));
        let mut state = self.cache.state();
        state.ended += 1;
        match (fresh, state.kept.as_ref().filter(|kept| kept.is_valid(now))) {
            (Ok(fresh), _) => {
                let credentials = fresh.credentials.clone();
                state.kept = Some(fresh);
                state.failed = None;
                Ok(credentials)
            }
            // Dropping this puts the next refresh off.
            (Err(_), Some(old)) => Ok(old.credentials.clone()),
            (Err(error), None) => {
                state.failed = Some(error.clone());
                Err(error)
            }
        }
    }
}

impl Drop for Refresh<'_> {
    fn drop(&mut self) {
        let now = self.cache.context.now();
        let mut state = self.cache.state();
        state.is_refreshing = false;
        if let Some(refresh_at) = state.kept.as_mut().and_then(|kept| kept.refresh_at.as_mut())
            && *refresh_at <= now
        {
            *refresh_at = now + PAUSE;
        }
        let waiting = mem::take(&mut state.waiting);
        drop(state);
        waiting.into_iter().for_each(Waker::wake);
    }
}

impl ProvideCredentials for CachedCredentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.ask())
    }
}

impl fmt::Debug for CachedCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CachedCredentials").field("source", &self.source).finish_non_exhaustive()
    }
}

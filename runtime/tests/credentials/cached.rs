//! Credentials that expire.

use std::{
    future::{Future, poll_fn},
    pin::pin,
    sync::{
        Arc, Barrier, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, Waker},
    thread,
    time::{Duration, SystemTime},
};

use gatewright_fake::TestContext;
use gatewright_runtime::{
    BoxFuture, Secret,
    context::Context as _,
    credentials::{CachedCredentials, Credentials, CredentialsError, ProvideCredentials},
};

use crate::{
    drivers::{DRIVERS, Driver},
    support::shown,
};

/// Provides `A1`, `A2` and so on, each for an hour, or fails.
#[derive(Debug, Default)]
struct Source {
    asked: AtomicUsize,
    fails: Mutex<bool>,
    /// Seconds that credentials live, instead of an hour.
    life: Option<u64>,
    machine: TestContext,
    delay: Duration,
}

impl ProvideCredentials for Source {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let number = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        Box::pin(async move {
            thread::sleep(self.delay);
            if *self.fails.lock().unwrap() {
                return Err(CredentialsError::new("source", format!("failure {number}")));
            }
            let expiry = self.machine.now() + Duration::from_secs(self.life.unwrap_or(3600));
            Ok(Credentials::new(format!("A{number}"), Secret::new("s")).with_expiry(expiry))
        })
    }
}

impl Source {
    fn fail(&self, fails: bool) {
        *self.fails.lock().unwrap() = fails;
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

fn cache() -> (Arc<Source>, CachedCredentials, TestContext) {
    of(Source::default())
}

fn of(source: Source) -> (Arc<Source>, CachedCredentials, TestContext) {
    let source = Arc::new(source);
    let machine = source.machine.clone();
    let cache = CachedCredentials::new(machine.shared(), Arc::clone(&source));
    (source, cache, machine)
}

#[test]
fn kept_until_shortly_before_they_expire() {
    for driver in DRIVERS {
        let (source, cache, machine) = cache();
        assert_eq!(shown(driver.provide(&cache)), "A1 s - 3600");
        // Dice that fall low: four minutes ahead.
        machine.advance(Duration::from_secs(3600 - 241));
        assert_eq!(shown(driver.provide(&cache)), "A1 s - 3600");
        assert_eq!(source.asked(), 1);
        machine.advance(Duration::from_secs(1));
        assert_eq!(shown(driver.provide(&cache)), "A2 s - 6960");
        assert_eq!(source.asked(), 2);
    }
}

#[test]
fn short_lives_are_refreshed_in_their_middle() {
    let (source, cache, machine) = of(Source { life: Some(60), ..Source::default() });
    shown(Driver::Blocking.provide(&cache));
    machine.advance(Duration::from_secs(35));
    shown(Driver::Blocking.provide(&cache));
    assert_eq!(source.asked(), 1);
    machine.advance(Duration::from_secs(1));
    assert_eq!(shown(Driver::Blocking.provide(&cache)), "A2 s - 96");
}

#[test]
fn those_that_never_expire_are_kept() {
    let machine = TestContext::new();
    let cache = CachedCredentials::new(machine.shared(), Credentials::new("A", Secret::new("a")));
    shown(Driver::Blocking.provide(&cache));
    machine.advance(Duration::from_secs(1 << 40));
    assert_eq!(shown(Driver::Blocking.provide(&cache)), "A a - 0");
}

#[test]
fn old_credentials_are_used_while_a_refresh_fails() {
    let (source, cache, machine) = cache();
    shown(Driver::Blocking.provide(&cache));
    source.fail(true);
    machine.advance(Duration::from_secs(3600 - 100));
    for _ in 0..5 {
        assert_eq!(shown(Driver::Blocking.provide(&cache)), "A1 s - 3600");
    }
    assert_eq!(source.asked(), 2, "no second try within a minute");
    machine.advance(Duration::from_secs(60));
    assert_eq!(shown(Driver::Blocking.provide(&cache)), "A1 s - 3600");
    assert_eq!(source.asked(), 3);

    machine.advance(Duration::from_secs(40));
    assert_eq!(shown(Driver::Blocking.provide(&cache)), "no credentials: source: failure 4");
    assert_eq!(shown(Driver::Blocking.provide(&cache)), "no credentials: source: failure 5");
    source.fail(false);
    assert_eq!(shown(Driver::Blocking.provide(&cache)), "A6 s - 7200");
}

#[test]
fn credentials_that_come_expired_are_refused() {
    let (_, cache, machine) = of(Source { life: Some(0), ..Source::default() });
    machine.advance(Duration::from_secs(7));
    assert_eq!(
        shown(Driver::Blocking.provide(&cache)),
        "no credentials: cache: the credentials expired at 1970-01-01T00:00:07Z, and this machine's clock shows \
         1970-01-01T00:00:07Z"
    );
}

#[test]
fn fifty_threads_ask_once() {
    for fails in [false, true] {
        let (source, cache, _) = of(Source { delay: Duration::from_millis(50), ..Source::default() });
        source.fail(fails);
        let barrier = Barrier::new(50);
        let outcomes: Vec<_> = thread::scope(|scope| {
            let ask = |index: usize| {
                let (cache, barrier) = (&cache, &barrier);
                scope.spawn(move || {
                    barrier.wait();
                    shown(DRIVERS[index % 2].provide(cache))
                })
            };
            let threads: Vec<_> = (0..50).map(ask).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        let expected = if fails { "no credentials: source: failure 1" } else { "A1 s - 3600" };
        // A late thread finds the refresh finished; if it failed, the thread requests anew.
        let same = outcomes.iter().filter(|outcome| *outcome == expected).count();
        assert!(same == 50 || fails && same > 25, "{outcomes:?}");
        assert!(fails || source.asked() == 1);
    }
}

/// Never responds while it is shut.
#[derive(Debug, Default)]
struct Gate {
    open: Mutex<bool>,
    waiting: Mutex<Vec<Waker>>,
}

impl ProvideCredentials for Gate {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(poll_fn(|task| {
            if *self.open.lock().unwrap() {
                let expiry = SystemTime::UNIX_EPOCH + Duration::from_secs(60 * 60);
                return Poll::Ready(Ok(Credentials::new("G", Secret::new("g")).with_expiry(expiry)));
            }
            self.waiting.lock().unwrap().push(task.waker().clone());
            Poll::Pending
        }))
    }
}

#[test]
fn a_dropped_call_passes_its_permit_to_the_next() {
    let gate = Arc::new(Gate::default());
    let cache = CachedCredentials::new(TestContext::new().shared(), Arc::clone(&gate));
    let task = &mut Context::from_waker(Waker::noop());
    let mut first = Box::pin(cache.provide());
    assert!(first.as_mut().poll(task).is_pending());
    thread::scope(|scope| {
        let second = scope.spawn(|| shown(Driver::Blocking.provide(&cache)));
        let third = scope.spawn(|| shown(Driver::Awaiting.provide(&cache)));
        thread::sleep(Duration::from_millis(20));
        *gate.open.lock().unwrap() = true;
        // Nothing wakes the first call, which has the permit; dropping it must wake the others.
        drop(first);
        assert_eq!(
            (second.join().unwrap().as_str(), third.join().unwrap().as_str()),
            ("G g - 3600", "G g - 3600")
        );
    });
}

#[test]
fn old_credentials_are_used_while_another_call_refreshes() {
    let (gate, machine) = (Arc::new(Gate::default()), TestContext::new());
    *gate.open.lock().unwrap() = true;
    let cache = CachedCredentials::new(machine.shared(), Arc::clone(&gate));
    shown(Driver::Blocking.provide(&cache));
    *gate.open.lock().unwrap() = false;
    machine.advance(Duration::from_secs(3600 - 100));
    {
        let mut refresh = pin!(cache.provide());
        assert!(refresh.as_mut().poll(&mut Context::from_waker(Waker::noop())).is_pending());
        assert_eq!(shown(Driver::Blocking.provide(&cache)), "G g - 3600");
    }
    // Given up: not repeated within a minute, since the old ones are valid.
    assert_eq!(shown(Driver::Blocking.provide(&cache)), "G g - 3600");
    assert!(!format!("{cache:?}").contains("\"g\""));
}

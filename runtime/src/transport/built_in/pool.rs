//! Idle connections.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::{Instant, TransportErrorKind, origin::Origin};

/// Idle connections by origin. They are dropped when they turn out to be closed, when they were idle for too long
/// (checked at the next request to any server), or with the pool.
pub(super) struct Pool<C> {
    idle_timeout: Duration,
    max_idle_per_host: usize,
    /// A client uses few servers: a list is searched as quickly as a map.
    hosts: Mutex<Vec<Host<C>>>,
}

struct Host<C> {
    origin: Origin,
    /// Oldest first.
    idle: VecDeque<Idle<C>>,
}

struct Idle<C> {
    since: Instant,
    connection: C,
}

impl<C> Pool<C> {
    pub(super) fn new(idle_timeout: Duration, max_idle_per_host: usize) -> Self {
        Self { idle_timeout, max_idle_per_host, hosts: Mutex::new(Vec::new()) }
    }

    /// The open connection that was used last, so that the others can expire. Those that do not fit stay.
    pub(super) fn take_open(
        &self,
        origin: &Origin,
        fits: impl Fn(&C) -> bool,
        is_open: impl Fn(&mut C) -> bool,
    ) -> Option<C> {
        std::iter::from_fn(|| self.take(origin, &fits))
            .find_map(|mut kept| is_open(&mut kept).then_some(kept))
    }

    fn take(&self, origin: &Origin, fits: impl Fn(&C) -> bool) -> Option<C> {
        let now = Instant::now();
        let mut hosts = self.hosts();
        hosts.retain_mut(|host| {
            while host.idle.front().is_some_and(|idle| now - idle.since >= self.idle_timeout) {
                host.idle.pop_front();
            }
            !host.idle.is_empty() || host.origin == *origin
        });
        let host = hosts.iter_mut().find(|host| host.origin == *origin)?;
        let last = host.idle.iter().rposition(|idle| fits(&idle.connection))?;
        host.idle.remove(last).map(|idle| idle.connection)
    }

    pub(super) fn put(&self, origin: Origin, connection: C) {
        let idle = Idle { since: Instant::now(), connection };
        let mut hosts = self.hosts();
        match hosts.iter_mut().find(|host| host.origin == origin) {
            Some(host) => {
                host.idle.push_back(idle);
                if host.idle.len() > self.max_idle_per_host {
                    host.idle.pop_front();
                }
            }
            None if self.max_idle_per_host > 0 => hosts.push(Host { origin, idle: VecDeque::from([idle]) }),
            None => {}
        }
    }

    /// Closes the connections to a server that have been idle since before a request that failed on another. If that turned out
    /// to be closed or silent, they probably are, too.
    pub(super) fn clear_after(&self, failure: TransportErrorKind, origin: &Origin, sent: Instant) {
        if matches!(failure, TransportErrorKind::Closed | TransportErrorKind::AttemptTimeout) {
            for host in self.hosts().iter_mut().filter(|host| host.origin == *origin) {
                host.idle.retain(|idle| idle.since >= sent);
            }
        }
    }

    /// The number of idle connections.
    pub(super) fn len(&self) -> usize {
        self.hosts().iter().map(|host| host.idle.len()).sum()
    }

    /// A panic while the lock was held leaves the list usable.
    fn hosts(&self) -> MutexGuard<'_, Vec<Host<C>>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

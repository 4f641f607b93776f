//! Idle connections.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use super::Instant;

/// Idle connections by the place that they belong to: a server, and the runtime if there is one. They are dropped when they turn out to be closed, when they were idle for too long
/// (checked at the next request to any server), or with the pool.
pub(super) struct Pool<K, C> {
    idle_timeout: Duration,
    max_idle_per_host: usize,
    /// A client uses few servers: a list is searched as quickly as a map.
    hosts: Mutex<Vec<Host<K, C>>>,
}

struct Host<K, C> {
    place: K,
    /// Oldest first.
    idle: VecDeque<Idle<C>>,
}

struct Idle<C> {
    since: Instant,
    connection: C,
}

impl<K: PartialEq, C> Pool<K, C> {
    pub(super) fn new(idle_timeout: Duration, max_idle_per_host: usize) -> Self {
        Self { idle_timeout, max_idle_per_host, hosts: Mutex::new(Vec::new()) }
    }

    /// The open connection that was used last, so that the others can expire.
    pub(super) fn take_open(&self, place: &K, is_open: impl Fn(&mut C) -> bool) -> Option<C> {
        std::iter::from_fn(|| self.take(place)).find_map(|mut kept| is_open(&mut kept).then_some(kept))
    }

    fn take(&self, place: &K) -> Option<C> {
        let now = Instant::now();
        let mut hosts = self.hosts();
        hosts.retain_mut(|host| {
            while host.idle.front().is_some_and(|idle| now - idle.since >= self.idle_timeout) {
                host.idle.pop_front();
            }
            !host.idle.is_empty() || host.place == *place
        });
        let host = hosts.iter_mut().find(|host| host.place == *place)?;
        host.idle.pop_back().map(|idle| idle.connection)
    }

    pub(super) fn put(&self, place: K, connection: C) {
        let idle = Idle { since: Instant::now(), connection };
        let mut hosts = self.hosts();
        match hosts.iter_mut().find(|host| host.place == place) {
            Some(host) => {
                host.idle.push_back(idle);
                if host.idle.len() > self.max_idle_per_host {
                    host.idle.pop_front();
                }
            }
            None if self.max_idle_per_host > 0 => hosts.push(Host { place, idle: VecDeque::from([idle]) }),
            None => {}
        }
    }

    /// Closes the idle connections to a server: one of them turned out to be closed, and others of that age probably
    /// are, too.
    pub(super) fn clear(&self, place: &K) {
        self.hosts().retain(|host| host.place != *place);
    }

    /// The number of idle connections.
    pub(super) fn len(&self) -> usize {
        self.hosts().iter().map(|host| host.idle.len()).sum()
    }

    /// A panic while the lock was held leaves the list usable.
    fn hosts(&self) -> MutexGuard<'_, Vec<Host<K, C>>> {
        self.hosts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! Handlers, failures and misbehaviour that a test has set.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::Method;
use serde_json::Value;

use super::raw_http::Routes;
use super::{FakeError, Misbehaviour};
use crate::transport::Response;

/// Responds to a request with a response, both JSON.
pub(super) type Handler = Box<dyn FnMut(&Value) -> Result<String, FakeError> + Send>;

/// Handlers, failures and misbehaviour to come.
#[derive(Default)]
pub(super) struct Script(Mutex<Plans>);

#[derive(Default)]
struct Plans {
    routes: Routes,
    handlers: BTreeMap<&'static str, Arc<Mutex<Handler>>>,
    failures: BTreeMap<&'static str, VecDeque<(FakeError, usize)>>,
    misbehaviours: VecDeque<Misbehaviour>,
    recurring: Recurring,
    spoilt: u64,
}

/// Misbehaviour that returns.
#[derive(Debug, Default)]
struct Recurring {
    /// How many requests make a round, of which the last is spoilt; 0 for none.
    every: usize,
    /// Requests of the running round so far.
    passed: usize,
    /// The next one first.
    turns: VecDeque<Misbehaviour>,
}

impl Recurring {
    /// Whether the round ends with this request.
    fn count(&mut self) -> bool {
        self.passed += 1;
        let is_last = self.passed == self.every;
        if is_last {
            self.passed = 0;
        }
        is_last
    }

    fn take_turn(&mut self) -> Option<Misbehaviour> {
        let turn = self.turns.pop_front()?;
        self.turns.push_back(turn.clone());
        Some(turn)
    }
}

impl Script {
    pub(super) fn on(&self, operation: &'static str, handler: Handler) {
        self.plans().handlers.insert(operation, Arc::new(Mutex::new(handler)));
    }

    pub(super) fn fail(&self, operation: &'static str, error: FakeError, times: usize) {
        self.plans().failures.entry(operation).or_default().push_back((error, times));
    }

    pub(super) fn misbehave(&self, misbehaviour: Misbehaviour) {
        self.plans().misbehaviours.push_back(misbehaviour);
    }

    pub(super) fn misbehave_every(&self, every: usize, turns: VecDeque<Misbehaviour>) {
        self.plans().recurring = Recurring { every, passed: 0, turns };
    }

    /// How the response to this request is spoilt, if it is.
    pub(super) fn misbehaviour(&self) -> Option<Misbehaviour> {
        let plans = &mut *self.plans();
        let is_due = plans.recurring.count();
        let ordered = plans.misbehaviours.pop_front();
        let misbehaviour = ordered.or_else(|| is_due.then(|| plans.recurring.take_turn()).flatten())?;
        plans.spoilt += 1;
        Some(misbehaviour)
    }

    /// Responses that were spoilt.
    pub(super) fn spoilt(&self) -> u64 {
        self.plans().spoilt
    }

    /// Sets the response by method and path.
    pub(super) fn respond(&self, method: Option<Method>, path: String, response: Response) {
        self.plans().routes.set(method, path, response);
    }

    /// The response that was set for this method and path.
    pub(super) fn response(&self, method: &Method, path: &str) -> Option<Response> {
        self.plans().routes.find(method, path)
    }

    /// Forgets all but the handlers and the responses that were set.
    pub(super) fn reset(&self) {
        let plans = &mut *self.plans();
        *plans = Plans {
            handlers: std::mem::take(&mut plans.handlers),
            routes: std::mem::take(&mut plans.routes),
            ..Plans::default()
        };
    }

    /// The error that this request fails with, if it does.
    pub(super) fn failure(&self, operation: &str) -> Option<FakeError> {
        let mut plans = self.plans();
        let queue = plans.failures.get_mut(operation)?;
        while let Some((error, times)) = queue.front_mut() {
            if let Some(left) = times.checked_sub(1) {
                *times = left;
                return Some(error.clone());
            }
            queue.pop_front();
        }
        None
    }

    /// The response of the operation's handler, if there is one. It runs without the script's lock, so that it may use
    /// the fake.
    pub(super) fn handle(&self, operation: &str, input: &Value) -> Option<Result<String, FakeError>> {
        let handler = self.plans().handlers.get(operation).cloned()?;
        let mut handler = handler.lock().unwrap_or_else(PoisonError::into_inner);
        Some(handler(input))
    }

    fn plans(&self) -> MutexGuard<'_, Plans> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plans = self.plans();
        f.debug_struct("Script")
            .field("handlers", &plans.handlers.keys())
            .field("failures", &plans.failures)
            .field("misbehaviours", &plans.misbehaviours)
            .field("recurring", &plans.recurring)
            .finish_non_exhaustive()
    }
}

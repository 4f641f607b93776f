//! Handlers, failures and misbehaviour that a test has set.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use http::Method;
use serde_json::Value;

use super::{FakeError, InvalidPath, Misbehaviour, dialect::raw_http::Routes};
use crate::transport::Response;

/// Maps the JSON of a request to the JSON of a response.
pub(super) type Handler = Box<dyn FnMut(&Value) -> Result<String, FakeError> + Send>;

/// The handlers, failures and misbehaviour that are still to come.
#[derive(Default)]
pub(super) struct Script(Mutex<Plans>);

#[derive(Default)]
struct Plans {
    routes: Routes,
    handlers: BTreeMap<&'static str, Arc<Mutex<Handler>>>,
    failures: BTreeMap<&'static str, VecDeque<(FakeError, usize)>>,
    misbehaviours: VecDeque<Misbehaviour>,
    recurring: Recurring,
    misbehaved: u64,
}

/// Misbehaviour that recurs.
#[derive(Debug, Default)]
struct Recurring {
    /// Requests per round; the fake misbehaves in the response to the last one. 0 disables rounds.
    every: usize,
    /// Requests in the current round so far.
    passed: usize,
    /// Misbehaviours in turn, the next one first.
    turns: VecDeque<Misbehaviour>,
}

impl Recurring {
    /// Counts a request; returns whether it is the last of its round.
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

    /// The misbehaviour for the response to this request, if any.
    pub(super) fn misbehaviour(&self) -> Option<Misbehaviour> {
        let plans = &mut *self.plans();
        let is_due = plans.recurring.count();
        let ordered = plans.misbehaviours.pop_front();
        let misbehaviour = ordered.or_else(|| is_due.then(|| plans.recurring.take_turn()).flatten())?;
        plans.misbehaved += 1;
        Some(misbehaviour)
    }

    /// The number of misbehaviours.
    pub(super) fn misbehaviours(&self) -> u64 {
        self.plans().misbehaved
    }

    /// Sets the response by method and path.
    pub(super) fn respond(
        &self,
        method: Option<Method>,
        path: String,
        response: Response,
    ) -> Result<(), InvalidPath> {
        self.plans().routes.set(method, path, response)
    }

    /// The response that was set for this method and path.
    pub(super) fn response(&self, method: &Method, path: &str) -> Option<Response> {
        self.plans().routes.find(method, path)
    }

    /// Removes everything except handlers, responses and the number of misbehaviours.
    pub(super) fn reset(&self) {
        let plans = &mut *self.plans();
        *plans = Plans {
            handlers: std::mem::take(&mut plans.handlers),
            routes: std::mem::take(&mut plans.routes),
            misbehaved: plans.misbehaved,
            ..Plans::default()
        };
    }

    /// The error for this request, if any.
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

    /// The response of the operation's handler, if any. Handlers run without the script's lock, so that they may use
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

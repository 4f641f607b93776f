//! What a test told the fake to do.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;

use super::{FakeError, Misbehaviour};

/// Answers a request with a response, both JSON.
pub(super) type Handler = Box<dyn FnMut(&Value) -> Result<String, FakeError> + Send>;

/// Handlers, failures and misbehaviour to come.
#[derive(Default)]
pub(super) struct Script(Mutex<Plans>);

#[derive(Default)]
struct Plans {
    handlers: BTreeMap<&'static str, Arc<Mutex<Handler>>>,
    failures: BTreeMap<&'static str, VecDeque<(FakeError, usize)>>,
    misbehaviours: VecDeque<Misbehaviour>,
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

    /// How the answer to this request is spoilt, if it is.
    pub(super) fn misbehaviour(&self) -> Option<Misbehaviour> {
        self.plans().misbehaviours.pop_front()
    }

    /// Forgets all failures and misbehaviour.
    pub(super) fn reset(&self) {
        let mut plans = self.plans();
        plans.failures.clear();
        plans.misbehaviours.clear();
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

    /// What the operation's handler answers, if there is one. It runs without the script's lock, so that it may use
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
            .finish()
    }
}

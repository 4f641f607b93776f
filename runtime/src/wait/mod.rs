//! Waits for a state: calls of an operation until the outcome shows the state.

#[cfg(feature = "async-driver")]
mod awaiting;
#[cfg(feature = "blocking-driver")]
mod blocking;
mod error;
mod expression;
mod machine;
mod waiter;

use std::{fmt, time::Duration};

use serde_core::Serialize;

pub use self::{
    error::{WaitError, WaitErrorKind},
    expression::{Comparison, Expression, PathStep},
    waiter::{Acceptor, Expected, Matcher, Quantity, State, Waiter},
};
use self::{
    machine::{End, Event, Machine, Seen, Step},
    waiter::Facts,
};
use crate::{Call, Client, Error, Operation, WithMetadata, error::CallError};

/// A wait that can be configured and then started: `.await` it, or use `.send_blocking()`.
///
/// The operation is called until the outcome shows a final state, with exponential backoff and jitter. Each call has
/// the client's own retries. As for [calls](Call), awaiting needs a tokio runtime. Dropping its future ends the wait.
#[must_use = "a wait starts when it is awaited or sent"]
pub struct Wait<R: Operation> {
    call: Call<R>,
    waiter: &'static Waiter,
    delays: [Duration; 2],
    limit: Duration,
}

impl Client {
    /// A wait by a waiter of an operation.
    pub fn wait<R: Operation>(&self, request: R, waiter: &'static Waiter) -> Wait<R> {
        let Waiter { min_delay, max_delay, max_wait, .. } = *waiter;
        Wait { call: self.call(request), waiter, delays: [min_delay, max_delay], limit: max_wait }
    }
}

impl<R: Operation> Wait<R> {
    /// Limits the time of the whole wait, including all calls and delays between them.
    ///
    /// Without it, the model's limit applies, or ten minutes if it has none.
    pub fn max_wait(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// Sets the shortest and the longest delay between calls, instead of the model's.
    pub fn delays(mut self, shortest: Duration, longest: Duration) -> Self {
        self.delays = [shortest, longest.max(shortest)];
        self
    }

    /// Configures the calls: timeouts, retries, headers.
    pub fn each_call(mut self, configure: impl FnOnce(Call<R>) -> Call<R>) -> Self {
        self.call = configure(self.call);
        self
    }
}

/// The end of a wait that reached its state.
#[non_exhaustive]
pub struct Waited<R: Operation> {
    /// The outcome of the last call, which shows the state. It may be an error: that a resource does not exist.
    pub last: Result<R::Output, CallError<R>>,
    /// Number of calls.
    pub calls: u32,
    /// Time from the start of the wait to its end.
    pub waited: Duration,
}

/// The outcome of a call, and what it shows.
type Outcome<R> = Result<WithMetadata<<R as Operation>::Output>, CallError<R>>;

impl<R> Wait<R>
where
    R: Operation + Clone,
    R::Output: Serialize,
{
    /// What the outcome of a call shows.
    fn seen(&self, outcome: &Outcome<R>) -> Seen {
        let service = outcome.as_ref().err().and_then(Error::as_service);
        let metadata = outcome.as_ref().map_or_else(Error::metadata, |success| Some(&success.metadata));
        let output =
            outcome.as_ref().ok().filter(|_| self.waiter.needs_output()).map(|success| {
                serde_json::to_value(&success.output).expect("a response can be written as JSON")
            });
        let facts = Facts {
            output,
            error: service.map(|error| [error.fault().exception.as_deref(), error.fault().code.as_deref()]),
            succeeded: outcome.is_ok(),
            status: metadata.map(|metadata| metadata.status().as_u16()),
        };
        match self.waiter.accepts(&facts) {
            Some(acceptor) => Seen::Accepted(acceptor),
            None if outcome.is_ok() => Seen::Response,
            None => Seen::Error,
        }
    }

    fn finish(self, end: &End, last: Option<Outcome<R>>, machine: &Machine, waited: Duration) -> Ended<R> {
        let last = last.expect("a wait ends after a call").map(|success| success.output);
        let kind = match end {
            End::Success => return Ok(Waited { last, calls: machine.calls(), waited }),
            End::Failure => WaitErrorKind::Failed,
            End::UnexpectedError => WaitErrorKind::UnexpectedError,
            End::TimedOut => WaitErrorKind::TimedOut,
        };
        Err(WaitError {
            kind,
            waiter: self.waiter,
            met: machine.met(),
            max_wait: self.limit,
            calls: machine.calls(),
            waited,
            last: Box::new(last),
        })
    }
}

/// The result of a wait.
type Ended<R> = Result<Waited<R>, WaitError<R>>;

impl<R: Operation + fmt::Debug> fmt::Debug for Wait<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wait")
            .field("waiter", &self.waiter.name)
            .field("call", &self.call)
            .field("delays", &self.delays)
            .field("max_wait", &self.limit)
            .finish()
    }
}

impl<R: Operation<Output: fmt::Debug>> fmt::Debug for Waited<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Waited")
            .field("last", &self.last)
            .field("calls", &self.calls)
            .field("waited", &self.waited)
            .finish_non_exhaustive()
    }
}

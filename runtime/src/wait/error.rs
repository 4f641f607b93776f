//! Waits that did not reach their state.

use std::{error::Error as StdError, fmt, time::Duration};

use super::waiter::{Acceptor, Waiter};
use crate::{Operation, error::CallError};

/// Why a wait ended without its state.
pub struct WaitError<R: Operation> {
    pub(super) kind: WaitErrorKind,
    pub(super) waiter: &'static Waiter,
    pub(super) met: Option<&'static Acceptor>,
    pub(super) max_wait: Duration,
    pub(super) calls: u32,
    pub(super) waited: Duration,
    pub(super) last: Box<Result<R::Output, CallError<R>>>,
}

/// The ways in which a wait ends without its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WaitErrorKind {
    /// The last outcome shows that the state can no longer be reached.
    Failed,
    /// The last call failed with an error that the waiter does not expect.
    UnexpectedError,
    /// The time limit of the wait expired.
    TimedOut,
}

impl<R: Operation> WaitError<R> {
    /// The way in which the wait ended.
    pub fn kind(&self) -> WaitErrorKind {
        self.kind
    }

    /// The waiter.
    pub fn waiter(&self) -> &'static Waiter {
        self.waiter
    }

    /// The acceptor that the last outcome met, if it met any.
    pub fn acceptor(&self) -> Option<&'static Acceptor> {
        self.met
    }

    /// Number of calls.
    pub fn calls(&self) -> u32 {
        self.calls
    }

    /// Time from the start of the wait to its end.
    pub fn waited(&self) -> Duration {
        self.waited
    }

    /// The outcome of the last call.
    ///
    /// # Errors
    /// The last call's error, if it failed.
    pub fn last(&self) -> Result<&R::Output, &CallError<R>> {
        (*self.last).as_ref()
    }

    /// The outcome of the last call, by value.
    ///
    /// # Errors
    /// The last call's error, if it failed.
    pub fn into_last(self) -> Result<R::Output, CallError<R>> {
        *self.last
    }
}

/// One line with the waiter, what happened, and the last call's error. Also has the number of calls and the time.
impl<R: Operation> fmt::Display for WaitError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { kind, waiter, met, max_wait, calls, waited, last } = self;
        let word = if *calls == 1 { "call" } else { "calls" };
        write!(f, "{}: ", waiter.name())?;
        match (kind, met) {
            (WaitErrorKind::Failed, Some(met)) => write!(f, "failed: {}", met.matcher())?,
            (WaitErrorKind::Failed, None) => f.write_str("failed")?,
            (WaitErrorKind::UnexpectedError, _) => f.write_str("a call failed")?,
            (WaitErrorKind::TimedOut, Some(met)) => {
                write!(f, "not reached within {max_wait:?}; the last call: {}", met.matcher())?;
            }
            (WaitErrorKind::TimedOut, None) => write!(f, "not reached within {max_wait:?}")?,
        }
        write!(f, " (after {calls} {word} in {waited:.1?})")?;
        match &**last {
            Err(error) => write!(f, ": {error}"),
            Ok(_) => Ok(()),
        }
    }
}

impl<R: Operation> fmt::Debug for WaitError<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitError")
            .field("waiter", &self.waiter.name())
            .field("kind", &self.kind)
            .field("acceptor", &self.met)
            .field("calls", &self.calls)
            .field("waited", &self.waited)
            .field("error", &self.last().err())
            .finish_non_exhaustive()
    }
}

impl<R: Operation> StdError for WaitError<R> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        // `Display` has the error itself.
        self.last().err().and_then(StdError::source)
    }
}

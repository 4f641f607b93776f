//! Settings of retries: a shared budget, delays, and a custom classifier of failures.
//!
//! Four bounds apply to every call: the number of attempts, the delays, the budget, and the time limit of the whole
//! call (`operation_timeout` of the builder or of a call).

use std::{
    fmt,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use crate::hook::{Attempt, Outcome};

/// A budget of retries, shared by all clients that it is given to.
///
/// It prevents a flood of requests in an outage.
///
/// A retry takes 14 tokens, or 5 after throttling. A retry that succeeds returns its tokens, and a call that succeeds
/// at the first attempt adds one. Without enough tokens, calls are not retried. Clones share their tokens.
///
/// ```
/// # extern crate gatewright_runtime as gatewright;
/// # use gatewright::{BuildError, ClientBuilder, ServiceClient};
/// use gatewright::retry::RetryBudget;
///
/// # fn example<One: ServiceClient, Other: ServiceClient>() -> Result<(One, Other), BuildError> {
/// let budget = RetryBudget::default();
/// let one: One = ClientBuilder::new().retry_budget(budget.clone()).build()?;
/// let other: Other = ClientBuilder::new().retry_budget(budget).build()?;
/// # Ok((one, other))
/// # }
/// ```
#[derive(Clone)]
pub struct RetryBudget(Arc<Bucket>);

struct Bucket {
    capacity: u32,
    left: AtomicU32,
}

/// The capacity of the AWS SDKs' standard mode: 500 tokens.
impl Default for RetryBudget {
    fn default() -> Self {
        Self::new(500)
    }
}

impl RetryBudget {
    /// A full budget. Without any capacity, nothing is retried.
    pub fn new(capacity: u32) -> Self {
        Self(Arc::new(Bucket { capacity, left: AtomicU32::new(capacity) }))
    }

    /// The largest number of tokens.
    pub fn capacity(&self) -> u32 {
        self.0.capacity
    }

    /// The remaining tokens.
    pub fn left(&self) -> u32 {
        self.0.left.load(Ordering::Acquire)
    }

    /// Takes the cost of a retry, if there are enough tokens.
    pub(crate) fn take(&self, cost: u32) -> bool {
        let take = |left: u32| left.checked_sub(cost);
        self.0.left.fetch_update(Ordering::AcqRel, Ordering::Acquire, take).is_ok()
    }

    /// Returns tokens.
    pub(crate) fn refund(&self, tokens: u32) {
        // A full budget is the common case, and needs no write.
        if self.left() < self.0.capacity {
            let refill = |left: u32| Some(left.saturating_add(tokens).min(self.0.capacity));
            let _ = self.0.left.fetch_update(Ordering::AcqRel, Ordering::Acquire, refill);
        }
    }
}

impl fmt::Debug for RetryBudget {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RetryBudget")
            .field("left", &self.left())
            .field("capacity", &self.capacity())
            .finish_non_exhaustive()
    }
}

/// Delays between attempts. A base doubles with every attempt up to a maximum, and a random part of the result is
/// waited.
///
/// A service may ask for a longer delay, which is granted up to 5 s beyond the delay chosen here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Backoff {
    /// The base after transient failures; default: 50 ms.
    pub base: Duration,
    /// The base after throttling; default: 1 s.
    pub throttling_base: Duration,
    /// The longest delay; default: 20 s.
    pub max: Duration,
}

/// The delays of the AWS SDKs' standard mode, edition 2.1.
impl Default for Backoff {
    fn default() -> Self {
        Self {
            base: Duration::from_millis(50),
            throttling_base: Duration::from_secs(1),
            max: Duration::from_secs(20),
        }
    }
}

impl Backoff {
    /// The default delays.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets the base after transient failures.
    #[must_use]
    pub fn base(mut self, base: Duration) -> Self {
        self.base = base;
        self
    }

    /// Sets the base after throttling.
    #[must_use]
    pub fn throttling_base(mut self, base: Duration) -> Self {
        self.throttling_base = base;
        self
    }

    /// Sets the longest delay.
    #[must_use]
    pub fn max(mut self, max: Duration) -> Self {
        self.max = max;
        self
    }
}

/// A failed attempt, to be classified.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct FailedAttempt<'a> {
    /// The attempt.
    pub attempt: Attempt,
    /// The failure.
    pub outcome: Outcome<'a>,
    /// The client's own classification.
    pub usual: Classification,
}

/// The kind of a failure, for further attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryKind {
    /// No further attempt helps.
    Never,
    /// A further attempt may succeed.
    Transient,
    /// The service limits the rate of requests. A further attempt may succeed after a longer delay.
    Throttling,
}

/// The consequences of a failure for further attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Classification {
    kind: RetryKind,
    not_executed: bool,
    retry_after: Option<Duration>,
}

impl Classification {
    /// No further attempt helps.
    pub const fn never() -> Self {
        Self { kind: RetryKind::Never, not_executed: false, retry_after: None }
    }

    /// A further attempt may succeed; the service may have executed the request.
    pub const fn transient() -> Self {
        Self { kind: RetryKind::Transient, ..Self::never() }
    }

    /// The service refused the request because of its rate, and has not executed it.
    pub const fn throttling() -> Self {
        Self { kind: RetryKind::Throttling, not_executed: true, retry_after: None }
    }

    /// The service has certainly not executed the request. Only such requests are sent again if the operation changes
    /// something, unless `retry_everything` is set.
    #[must_use]
    pub const fn not_executed(mut self) -> Self {
        self.not_executed = true;
        self
    }

    /// The service asks for this delay; it may lengthen the client's own, see [`Backoff`].
    #[must_use]
    pub const fn retry_after(mut self, delay: Duration) -> Self {
        self.retry_after = Some(delay);
        self
    }

    /// Replaces what accompanies the kind.
    pub(crate) const fn with(self, not_executed: bool, retry_after: Option<Duration>) -> Self {
        Self { not_executed, retry_after, ..self }
    }

    /// The kind of the failure.
    pub const fn kind(&self) -> RetryKind {
        self.kind
    }

    /// Whether the service has certainly not executed the request.
    pub const fn is_not_executed(&self) -> bool {
        self.not_executed
    }

    /// The delay that the service asks for.
    pub const fn requested_delay(&self) -> Option<Duration> {
        self.retry_after
    }
}

type Classify = dyn Fn(&FailedAttempt<'_>) -> Classification + Send + Sync;

/// A classifier of a program.
#[derive(Clone)]
pub(crate) struct Classifier(Arc<Classify>);

impl Classifier {
    pub(crate) fn new(
        classify: impl Fn(&FailedAttempt<'_>) -> Classification + Send + Sync + 'static,
    ) -> Self {
        Self(Arc::new(classify))
    }

    pub(crate) fn classify(
        &self,
        attempt: Attempt,
        outcome: Outcome<'_>,
        usual: Classification,
    ) -> Classification {
        (self.0)(&FailedAttempt { attempt, outcome, usual })
    }
}

impl fmt::Debug for Classifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Classifier").finish_non_exhaustive()
    }
}

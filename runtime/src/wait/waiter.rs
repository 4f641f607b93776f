//! Tables of waiters, which generated code fills in.

use std::{fmt, time::Duration};

use serde_json::Value;

use super::expression::Expression;

/// How long a wait lasts if neither the program nor the model limits it.
const MAX_WAIT: Duration = Duration::from_secs(10 * 60);

/// A waiter of a service: which outcomes of calls end a wait.
#[derive(Debug)]
pub struct Waiter {
    pub(super) name: &'static str,
    pub(super) min_delay: Duration,
    pub(super) max_delay: Duration,
    pub(super) max_wait: Duration,
    acceptors: &'static [Acceptor],
}

impl Waiter {
    /// A waiter with delays in seconds.
    pub const fn new(
        name: &'static str,
        min_delay: u64,
        max_delay: u64,
        acceptors: &'static [Acceptor],
    ) -> Self {
        Self {
            name,
            min_delay: Duration::from_secs(min_delay),
            max_delay: Duration::from_secs(max_delay),
            max_wait: MAX_WAIT,
            acceptors,
        }
    }

    /// Limits waits to so many seconds, unless the program sets a limit.
    #[must_use]
    pub const fn with_max_wait(mut self, seconds: u64) -> Self {
        self.max_wait = Duration::from_secs(seconds);
        self
    }

    /// Name in the model: `TableExists`.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// Conditions on the outcome of a call; the first that matches applies.
    pub fn acceptors(&self) -> &'static [Acceptor] {
        self.acceptors
    }

    /// Whether it looks into responses.
    pub(super) fn needs_output(&self) -> bool {
        self.acceptors.iter().any(|acceptor| matches!(acceptor.matcher, Matcher::Output { .. }))
    }

    /// The acceptor that applies to an outcome.
    pub(super) fn accepts(&self, facts: &Facts<'_>) -> Option<&'static Acceptor> {
        self.acceptors.iter().find(|acceptor| acceptor.matcher.matches(facts))
    }
}

/// A condition on the outcome of a call, and the state that it shows.
#[derive(Debug)]
pub struct Acceptor {
    pub(super) state: State,
    matcher: Matcher,
}

impl Acceptor {
    /// The state is reached.
    pub const fn success(matcher: Matcher) -> Self {
        Self { state: State::Success, matcher }
    }

    /// The state can no longer be reached.
    pub const fn failure(matcher: Matcher) -> Self {
        Self { state: State::Failure, matcher }
    }

    /// The state may still be reached.
    pub const fn retry(matcher: Matcher) -> Self {
        Self { state: State::Retry, matcher }
    }

    /// The state.
    pub fn state(&self) -> State {
        self.state
    }

    /// The condition.
    pub fn matcher(&self) -> &Matcher {
        &self.matcher
    }
}

/// The state that an acceptor shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum State {
    /// The state is reached.
    Success,
    /// The state can no longer be reached.
    Failure,
    /// The state may still be reached.
    Retry,
}

/// A condition on the outcome of a call.
#[derive(Debug)]
#[non_exhaustive]
pub enum Matcher {
    /// The response has values.
    Output {
        /// The expression as a person would write it.
        text: &'static str,
        /// The expression that gives the values.
        expression: Expression,
        /// Which of the values must be the expected one.
        quantity: Quantity,
        /// The expected value.
        expected: Expected,
    },
    /// The service reports an error with one of these names.
    Error(&'static [&'static str]),
    /// The call succeeds, or the service reports any error.
    Succeeds(bool),
    /// The response has this HTTP status.
    Status(u16),
}

/// Which values must be the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quantity {
    /// The single value.
    Is,
    /// All values, of which there is at least one.
    All,
    /// At least one value.
    Any,
}

/// A value that an acceptor expects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// A text.
    Text(&'static str),
    /// `true` or `false`.
    Boolean(bool),
}

/// What acceptors look at.
pub(super) struct Facts<'a> {
    /// The response of a successful call, as JSON.
    pub(super) output: Option<Value>,
    /// Names in the service's error, if it reports one.
    pub(super) error: Option<[Option<&'a str>; 2]>,
    /// Whether the call succeeded.
    pub(super) succeeded: bool,
    pub(super) status: Option<u16>,
}

impl Matcher {
    fn matches(&self, facts: &Facts<'_>) -> bool {
        match self {
            Self::Output { expression, quantity, expected, .. } => {
                facts.output.as_ref().is_some_and(|output| quantity.holds(expression, output, *expected))
            }
            Self::Error(names) => facts.error.iter().flatten().flatten().any(|name| names.contains(name)),
            Self::Succeeds(true) => facts.succeeded,
            Self::Succeeds(false) => facts.error.is_some(),
            Self::Status(status) => facts.status == Some(*status),
        }
    }
}

impl Quantity {
    fn holds(self, expression: &Expression, output: &Value, expected: Expected) -> bool {
        let is_expected = |value: &Value| match expected {
            Expected::Text(text) => value.as_str() == Some(text),
            Expected::Boolean(boolean) => value.as_bool() == Some(boolean),
        };
        let found = expression.of(output);
        match (self, found.several()) {
            (Self::Is, _) => found.single().is_some_and(is_expected),
            (Self::All, Some(values)) => !values.is_empty() && values.iter().all(|value| is_expected(value)),
            (Self::Any, Some(values)) => values.iter().any(|value| is_expected(value)),
            (Self::All | Self::Any, None) => false,
        }
    }
}

/// The condition as a clause: `Table.TableStatus is "ACTIVE"`.
impl fmt::Display for Matcher {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Output { text, quantity, expected, .. } => match quantity {
                Quantity::Is => write!(f, "{text} is {expected}"),
                Quantity::All => write!(f, "all {text} are {expected}"),
                Quantity::Any => write!(f, "one of {text} is {expected}"),
            },
            Self::Error(names) => write!(f, "the service reports {}", names.join(" or ")),
            Self::Succeeds(true) => f.write_str("the call succeeds"),
            Self::Succeeds(false) => f.write_str("the service reports an error"),
            Self::Status(status) => write!(f, "the status is {status}"),
        }
    }
}

impl fmt::Display for Expected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => write!(f, "{text:?}"),
            Self::Boolean(boolean) => write!(f, "{boolean}"),
        }
    }
}

//! Waiters: calls of an operation until the response shows a state.

use crate::Expression;
use crate::json::choice;

/// A waiter: calls its operation until a response shows a state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiter {
    /// Name: `TableExists`.
    pub name: String,
    /// Name that Rust's are made of, mostly the same.
    pub rust_name: String,
    /// What it waits for, in a sentence; empty if the name is enough.
    pub doc: String,
    /// Shortest delay between calls, in seconds.
    pub min_delay: u64,
    /// Longest delay between calls, in seconds.
    pub max_delay: u64,
    /// Seconds after which the vendor's tools stop waiting, if they do.
    pub max_wait: Option<u64>,
    /// Why not to use it, if it is deprecated.
    pub deprecated: Option<String>,
    /// Conditions that end or continue it; the first that matches a response applies.
    pub acceptors: Vec<Acceptor>,
}

/// A condition on the outcome of a call, and the state that it shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acceptor {
    /// The state.
    pub state: WaiterState,
    /// The condition.
    pub matcher: Matcher,
}

choice! {
    /// The state that an acceptor shows.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum WaiterState {
        /// The awaited state is reached.
        Success = "success",
        /// The awaited state can no longer be reached.
        Failure = "failure",
        /// The awaited state may still be reached.
        Retry = "retry",
    }
}

/// A condition on the outcome of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Matcher {
    /// The response has values.
    Output {
        /// The expression as the model has it.
        text: String,
        /// The expression that gives the values, in names on the wire.
        expression: Expression,
        /// Which of the values must be the expected one.
        quantity: Quantity,
        /// The expected value.
        expected: Expected,
    },
    /// The service reports an error with one of these names.
    Error(Vec<String>),
    /// The call succeeds, or the service reports any error.
    Succeeds(bool),
    /// The response has this HTTP status.
    Status(u16),
}

/// Which values must be the expected one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    /// The single value.
    Is,
    /// All values, of which there is at least one.
    All,
    /// At least one value.
    Any,
}

/// A value that an acceptor expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A text.
    Text(String),
    /// `true` or `false`.
    Boolean(bool),
}

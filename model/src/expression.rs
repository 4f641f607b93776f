//! Expressions over responses: the part of `JMESPath` that waiters need.

mod check;
mod parse;

pub use check::{ExpressionFault, Types, ValueKind, Values};
pub(crate) use parse::brief;

/// What an expression computes from a response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expression {
    /// The values that a path leads to.
    Path(Vec<PathStep>),
    /// A text.
    Text(String),
    /// A whole number.
    Number(i64),
    /// `true` or `false`.
    Boolean(bool),
    /// The number of items, entries or characters.
    Length(Box<Expression>),
    /// Whether two values compare so.
    Compare(Box<Expression>, Comparison, Box<Expression>),
    /// The first value if it means false, else the second.
    And(Box<Expression>, Box<Expression>),
    /// The first value if it means true, else the second.
    Or(Box<Expression>, Box<Expression>),
    /// Whether the value means false.
    Not(Box<Expression>),
}

/// A step of a path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathStep {
    /// To a member; by its name in a text, by its name on the wire in a model. From several values, to this member of each.
    Member(String),
    /// To the items of a list; from several lists, to the items of all.
    Items,
    /// To the values of a map.
    Values,
    /// To the items of a list for which the expression means true.
    Where(Expression),
}

/// How two values compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `==`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

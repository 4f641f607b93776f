//! Violations of constraints: places and messages.

use std::{borrow::Cow, fmt};

use super::{Bounds, Pattern, Text};
use crate::{mask::MASK, secret::Secret, text::Labelled};

/// A broken constraint. `Display` and `Debug` never show a text, nor a number or key that is a secret.
#[derive(Clone)]
pub struct Violation {
    pub(super) place: Vec<Segment>,
    pub(super) fault: Fault,
}

#[derive(Clone)]
pub(super) enum Fault {
    Rule(Rule),
    Other(String),
}

impl Violation {
    /// A fault other than a broken constraint.
    pub fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { place: vec![Segment::Member(Cow::Owned(path.into()))], fault: Fault::Other(message.into()) }
    }

    /// A constraint that a value breaks.
    pub(super) fn of_rule(place: Vec<Segment>, rule: Rule) -> Self {
        Self { place, fault: Fault::Rule(rule) }
    }

    /// The place, in wire names: `Tags[3].Key`.
    pub fn path(&self) -> String {
        path(&self.place)
    }

    /// The problem and the requirement: `1 character, at least 2`.
    pub fn message(&self) -> String {
        match &self.fault {
            Fault::Rule(rule) => rule.to_string(),
            Fault::Other(message) => message.clone(),
        }
    }

    /// The broken constraint of the model, if any.
    pub fn rule(&self) -> Option<Rule> {
        match self.fault {
            Fault::Rule(rule) => Some(rule),
            Fault::Other(_) => None,
        }
    }
}

/// A place, in wire names.
pub fn path(place: &[Segment]) -> String {
    let mut path = String::new();
    for segment in place {
        match segment {
            Segment::Member(name) if path.is_empty() => path.push_str(name),
            Segment::Member(name) => path.extend([".", name]),
            Segment::Index(index) => path.extend(["[", &index.to_string(), "]"]),
            Segment::Key(key) => path.extend(["[\"", &key.escape_debug().to_string(), "\"]"]),
            Segment::SecretKey(_) => path.extend(["[", MASK, "]"]),
        }
    }
    path
}

/// Violations are compared by their texts.
impl PartialEq for Violation {
    fn eq(&self, other: &Self) -> bool {
        self.path() == other.path() && self.message() == other.message()
    }
}

impl Eq for Violation {}

impl fmt::Debug for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (path, message) = (self.path(), self.message());
        f.debug_struct("Violation").field("path", &path).field("message", &message).finish()
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Labelled(&self.path(), &self.message()).fmt(f)
    }
}

/// A step from a request to a value in it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum Segment {
    /// A member of a structure.
    Member(Cow<'static, str>),
    /// An item of a list, from 0.
    Index(usize),
    /// A value of a map, by its key.
    Key(String),
    /// A value of a map whose keys are secrets.
    SecretKey(Secret),
}

/// A number that breaks its bounds. `Display` and `Debug` show `***` if it is a secret.
#[derive(Clone, Copy)]
pub struct Number<T> {
    pub(super) value: T,
    pub(super) is_secret: bool,
}

impl<T> Number<T> {
    /// The value, for comparisons.
    pub const fn expose(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Display> fmt::Display for Number<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_secret { f.write_str(MASK) } else { self.value.fmt(f) }
    }
}

impl<T: fmt::Display> fmt::Debug for Number<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A rule that a value breaks.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum Rule {
    /// A member is required but missing.
    Required,
    /// The length of a text.
    Characters(usize, &'static Text),
    /// The pattern of a text.
    Form(&'static Text),
    /// The known values of an enum.
    Enum(&'static [&'static str]),
    /// The length of a blob, list or map.
    Length(usize, Unit, Bounds<usize>),
    /// The bounds of an integer.
    Integer(Number<i64>, Bounds<i64>),
    /// The bounds of a floating-point number.
    Float(Number<f64>, Bounds<f64>),
}

/// The unit of a length.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum Unit {
    /// Bytes of a blob.
    Byte,
    /// Items of a list.
    Item,
    /// Entries of a map.
    Entry,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Required => f.write_str("required but missing"),
            Self::Characters(length, Text { length: bounds, .. }) => {
                write_length(f, *length, ["character", "characters"], *bounds)
            }
            Self::Form(text) => {
                write!(f, "does not match {}", text.pattern.as_ref().map_or("", Pattern::source))
            }
            Self::Enum(values) => write!(f, "not one of {}", values.join(", ")),
            Self::Length(length, unit, bounds) => {
                let unit = match unit {
                    Unit::Byte => ["byte", "bytes"],
                    Unit::Item => ["item", "items"],
                    Unit::Entry => ["entry", "entries"],
                };
                write_length(f, *length, unit, *bounds)
            }
            Self::Integer(number, bounds) => write_bound(f, number.expose(), number, *bounds),
            Self::Float(number, bounds) => write_bound(f, number.expose(), number, *bounds),
        }
    }
}

fn write_length(
    f: &mut fmt::Formatter<'_>,
    length: usize,
    [one, many]: [&str; 2],
    bounds: Bounds<usize>,
) -> fmt::Result {
    let unit = if length == 1 { one } else { many };
    write_bound(f, &length, format_args!("{length} {unit}"), bounds)
}

/// The value and the bound that it breaks.
fn write_bound<T: PartialOrd + fmt::Display>(
    f: &mut fmt::Formatter<'_>,
    value: &T,
    shown: impl fmt::Display,
    bounds: Bounds<T>,
) -> fmt::Result {
    match bounds {
        Bounds { min: Some(min), .. } if *value < min => write!(f, "{shown}, at least {min}"),
        Bounds { max: Some(max), .. } => write!(f, "{shown}, at most {max}"),
        Bounds { .. } => write!(f, "{shown}"),
    }
}

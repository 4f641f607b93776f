//! Why a value cannot be read: a place, and words for people who edit JSON.

use std::fmt::{self, Display, Formatter};

use serde_json::Value;

use crate::error::{Place, Report};

/// Why a value cannot be read. In a box: the code that reads each type is compiled faster.
#[derive(Debug)]
pub(crate) struct Error(Box<Located>);

#[derive(Debug)]
struct Located {
    /// The place, from the inside out.
    at: Vec<Segment>,
    what: What,
}

#[derive(Debug)]
pub(super) enum Segment {
    Key(String),
    Index(usize),
}

#[derive(Debug)]
enum What {
    /// None of the keys or values that are expected.
    Unknown(Unknown),
    Other(String),
}

#[derive(Debug)]
struct Unknown {
    what: Named,
    name: String,
    expected: &'static [&'static str],
    /// Keys of the same object that are read elsewhere.
    also: &'static [&'static str],
}

/// What has an unknown name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Named {
    Key,
    Value,
}

impl Display for Named {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Key => "key",
            Self::Value => "value",
        })
    }
}

impl Error {
    fn new(what: What) -> Self {
        Self(Box::new(Located { at: Vec::new(), what }))
    }

    pub(crate) fn other(message: String) -> Self {
        Self::new(What::Other(message))
    }

    fn unknown(what: Named, name: &str, expected: &'static [&'static str]) -> Self {
        Self::new(What::Unknown(Unknown { what, name: name.to_owned(), expected, also: &[] }))
    }

    pub(super) fn unknown_key(key: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown(Named::Key, key, expected).at(Segment::Key(key.to_owned()))
    }

    pub(super) fn unknown_value(name: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown(Named::Value, name, expected)
    }

    pub(super) fn missing_key(key: &str) -> Self {
        Self::other(format!("lacks the key `{key}`"))
    }

    pub(super) fn wrong_type(found: &Value, expected: &str) -> Self {
        Self::other(format!("invalid type: {}, expected {expected}", Self::kind(found)))
    }

    pub(super) fn wrong_value(found: &Value, expected: &str) -> Self {
        Self::other(format!("invalid value: {}, expected {expected}", Self::kind(found)))
    }

    /// What a value is.
    pub(super) fn kind(value: &Value) -> String {
        match value {
            Value::Null => "null".to_owned(),
            Value::Bool(flag) => format!("boolean `{flag}`"),
            Value::Number(number) if number.is_f64() => format!("floating point `{number}`"),
            Value::Number(number) => format!("integer `{number}`"),
            Value::String(text) => format!("string {text:?}"),
            Value::Array(_) => "list".to_owned(),
            Value::Object(_) => "object".to_owned(),
        }
    }

    /// The error of a value that is not one of an enum's variants.
    pub(super) fn no_variant(found: &str, variants: &[&str]) -> Self {
        Self::other(format!("invalid {found}, {}", one_of(variants)))
    }

    pub(super) fn at(mut self, segment: Segment) -> Self {
        self.0.at.push(segment);
        self
    }

    /// The error of an object that was read as the value of a variant: its keys are next to `others`, and the variant is the
    /// value of `key`.
    pub(crate) fn of_variant(mut self, key: &str, others: &'static [&'static str]) -> Self {
        if self.0.at.pop().is_none() {
            return self.at(Segment::Key(key.to_owned()));
        }
        match &mut self.0.what {
            What::Unknown(unknown) if unknown.what == Named::Key && self.0.at.len() == 1 => {
                unknown.also = others;
            }
            What::Unknown(_) | What::Other(_) => {}
        }
        self
    }

    /// Reports it, for a value at a place.
    pub(crate) fn report(self, place: &Place, report: &mut Report) {
        let place = self.0.at.iter().rev().fold(place.clone(), |place, segment| match segment {
            Segment::Key(key) => place.key(key),
            Segment::Index(index) => place.index(*index),
        });
        let message = match self.0.what {
            What::Unknown(unknown) => unknown.message(report),
            What::Other(message) => message,
        };
        report.fault(&place, message);
    }
}

impl Unknown {
    /// With the name that was probably meant.
    fn message(&self, report: &mut Report) -> String {
        let Self { what, name, expected, also } = self;
        match report.nearest(name, expected.iter().chain(*also).copied()) {
            Some(near) => format!("unknown {what} `{name}`, did you mean `{near}`? ({})", one_of(expected)),
            None => format!("unknown {what} `{name}`, {}", one_of(expected)),
        }
    }
}

fn one_of(names: &[&str]) -> String {
    match names {
        [] => "this type takes none".to_owned(),
        [one] => format!("expected `{one}`"),
        [one, other] => format!("expected `{one}` or `{other}`"),
        several => format!("expected one of `{}`", several.join("`, `")),
    }
}

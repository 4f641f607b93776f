//! Why a value cannot be read: a place, and words for people who edit JSON.

use std::fmt::{self, Display, Formatter};

use serde::de::{self, Expected, Unexpected};

use crate::error::{Place, Report};

/// Why a value cannot be read. In a box: the code that serde derives for each type is compiled faster.
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

    pub(super) fn other(message: String) -> Self {
        Self::new(What::Other(message))
    }

    fn unknown(what: Named, name: &str, expected: &'static [&'static str]) -> Self {
        Self::new(What::Unknown(Unknown { what, name: name.to_owned(), expected, also: &[] }))
    }

    /// The error of a list of which only the first items are read.
    pub(super) fn too_long(read: usize, surplus: usize) -> Self {
        Self::other(format!("invalid length: {}, expected a list of {read} items", read + surplus))
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
            None => self.to_string(),
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

impl Display for Unknown {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} `{}`, {}", self.what, self.name, one_of(self.expected))
    }
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.0.what {
            What::Unknown(unknown) => unknown.fmt(f),
            What::Other(message) => f.write_str(message),
        }
    }
}

impl std::error::Error for Error {}

impl de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::other(message.to_string())
    }

    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::other(format!("invalid type: {}, expected {}", kind(found), plain(expected)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        let expected = match expected.to_string().as_str() {
            "i64" => format!("a whole number from {} to {}", i64::MIN, i64::MAX),
            _ => plain(expected),
        };
        Self::other(format!("invalid value: {}, expected {expected}", kind(found)))
    }

    fn invalid_length(length: usize, expected: &dyn Expected) -> Self {
        Self::other(format!("invalid length: {length}, expected {}", plain(expected)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown(Named::Value, variant, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown(Named::Key, field, expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::other(format!("lacks the key `{field}`"))
    }
}

/// What serde expects, in words of JSON.
fn plain(expected: &dyn Expected) -> String {
    let expected = expected.to_string();
    let plain = match expected.as_str() {
        "i64" => "a whole number",
        "u64" => "a whole number, 0 or more",
        "i32" => "a whole number from -2147483648 to 2147483647",
        "u32" => "a whole number from 0 to 4294967295",
        "u16" => "a whole number from 0 to 65535",
        "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        "a tuple of size 2" => "a list of 2 items",
        other => other,
    };
    plain.to_owned()
}

/// What serde found, in words of JSON.
pub(super) fn kind(found: Unexpected<'_>) -> String {
    const KINDS: [(Unexpected<'_>, &str); 3] =
        [(Unexpected::Map, "object"), (Unexpected::Seq, "list"), (Unexpected::Unit, "null")];
    if let Unexpected::Float(number) = found {
        // `Display` writes all digits of 1e300.
        return format!("floating point `{number:?}`");
    }
    match KINDS.iter().find(|(kind, _)| *kind == found) {
        Some((_, name)) => (*name).to_owned(),
        None => found.to_string(),
    }
}

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
    what: &'static str,
    name: String,
    expected: &'static [&'static str],
    /// Keys of the same object that are read elsewhere.
    also: &'static [&'static str],
}

impl Error {
    fn new(what: What) -> Self {
        Self(Box::new(Located { at: Vec::new(), what }))
    }

    pub(super) fn other(message: String) -> Self {
        Self::new(What::Other(message))
    }

    fn unknown(what: &'static str, name: &str, expected: &'static [&'static str]) -> Self {
        Self::new(What::Unknown(Unknown { what, name: name.to_owned(), expected, also: &[] }))
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
        if let (1, What::Unknown(unknown)) = (self.0.at.len(), &mut self.0.what) {
            unknown.also = others;
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
            Some(near) => format!("unknown {what} `{name}`, did you mean `{near}`? ({})", self.expected()),
            None => self.to_string(),
        }
    }

    fn expected(&self) -> String {
        match self.expected {
            [] => "this type takes none".to_owned(),
            [one] => format!("expected `{one}`"),
            [one, other] => format!("expected `{one}` or `{other}`"),
            several => format!("expected one of `{}`", several.join("`, `")),
        }
    }
}

impl Display for Unknown {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "unknown {} `{}`, {}", self.what, self.name, self.expected())
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
        let found = if found == Unexpected::Map {
            "object".to_owned()
        } else if found == Unexpected::Seq {
            "list".to_owned()
        } else {
            found.to_string()
        };
        Self::other(format!("invalid type: {found}, expected {}", plain(expected)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::other(format!("invalid value: {found}, expected {}", plain(expected)))
    }

    fn unknown_variant(variant: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown("value", variant, expected)
    }

    fn unknown_field(field: &str, expected: &'static [&'static str]) -> Self {
        Self::unknown("key", field, expected)
    }

    fn missing_field(field: &'static str) -> Self {
        Self::other(format!("lacks the key `{field}`"))
    }
}

/// What serde expects, in words of JSON.
fn plain(expected: &dyn Expected) -> String {
    match expected.to_string().as_str() {
        "i64" => "a whole number",
        "u64" => "a whole number, 0 or more",
        "u16" => "a whole number from 0 to 65535",
        "f64" => "a number",
        "a sequence" => "a list",
        "a map" => "an object",
        other => other,
    }
    .to_owned()
}

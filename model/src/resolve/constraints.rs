//! Constraints of the values of shapes.

use std::fmt::Display;
use std::iter;

use regex::{Regex, RegexBuilder};

use super::{distinct, rust_names};
use crate::error::{Place, Report};
use crate::{Bounds, EnumValue, IntegerWidth, Kind, Pattern, raw};

pub(super) fn integer(
    width: IntegerWidth,
    range: &raw::Range<i64>,
    place: &Place,
    report: &mut Report,
) -> Kind {
    let (smallest, largest) = width.limits();
    for (key, bound) in [("min", range.min), ("max", range.max)] {
        if bound.is_some_and(|bound| !(smallest..=largest).contains(&bound)) {
            report.fault(
                &place.key(key),
                format!("is out of range for the type, stay within {smallest} to {largest}"),
            );
        }
    }
    Kind::Integer { width, range: bounds(place, ["min", "max"], range.min, range.max, report) }
}

pub(super) fn float(double: bool, range: &raw::Range<f64>, place: &Place, report: &mut Report) -> Kind {
    Kind::Float { double, range: bounds(place, ["min", "max"], range.min, range.max, report) }
}

impl IntegerWidth {
    /// Smallest and largest value.
    pub(super) fn limits(self) -> (i64, i64) {
        match self {
            Self::Byte => (i8::MIN.into(), i8::MAX.into()),
            Self::Short => (i16::MIN.into(), i16::MAX.into()),
            Self::Integer => (i32::MIN.into(), i32::MAX.into()),
            Self::Long => (i64::MIN, i64::MAX),
        }
    }
}

pub(super) fn bounds<T: PartialOrd + Display>(
    place: &Place,
    [min_key, max_key]: [&str; 2],
    min: Option<T>,
    max: Option<T>,
    report: &mut Report,
) -> Bounds<T> {
    if let (Some(min), Some(max)) = (&min, &max)
        && min > max
    {
        report.fault(
            &place.key(min_key),
            format!("{min} is above {max_key}, which is {max}, so no value is valid; correct one"),
        );
    }
    Bounds { min, max }
}

/// The pattern, and its regex if it compiles.
pub(super) fn pattern_of(
    place: &Place,
    source: Option<String>,
    equivalent: Option<String>,
    unchecked: bool,
    report: &mut Report,
) -> Option<(Pattern, Option<Regex>)> {
    let key = place.key("pattern_equivalent");
    let unchecked_key = place.key("pattern_unchecked");
    let Some(source) = source else {
        if unchecked {
            report.fault(&unchecked_key, "has no \"pattern\" that it refers to, remove it");
        }
        if equivalent.is_some() {
            report.fault(&key, "has no \"pattern\" to be equivalent to, add that or remove this");
        }
        return None;
    };
    if unchecked {
        if equivalent.is_some() || pattern_fault(&source).is_none() {
            report.fault(&unchecked_key, "is wrong, the pattern or its equivalent compiles; remove it");
        }
        return Some((Pattern { source, checked: None }, None));
    }
    let (key, checked) = match equivalent {
        Some(_) if compiled(&source).is_ok() => {
            report.fault(&key, "is not needed, the pattern itself compiles; remove it");
            return None;
        }
        Some(equivalent) => (key, equivalent),
        None => (place.key("pattern"), source.clone()),
    };
    let checked = whole(&checked);
    let regex = compiled(&checked).map_err(|error| {
        let fault = format!(
            "does not compile ({}), give a \"pattern_equivalent\" that does, or mark it as \"pattern_unchecked\"",
            reason(&error)
        );
        report.fault(&key, fault);
    });
    Some((Pattern { source, checked: Some(checked) }, regex.ok()))
}

/// Why Rust's regex engine refuses a pattern of a service, if it does.
pub fn pattern_fault(pattern: &str) -> Option<String> {
    compiled(&whole(pattern)).err().map(|error| reason(&error))
}

/// Most bytes of a compiled pattern. In programs, other crates may enable engines that take more than twice as many, of the 10 MiB
/// that they have.
const COMPILED: usize = 4 << 20;

fn compiled(pattern: &str) -> Result<Regex, regex::Error> {
    RegexBuilder::new(pattern).size_limit(COMPILED).build()
}

fn reason(error: &regex::Error) -> String {
    let error = error.to_string();
    error.lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned()
}

/// The pattern as services check it: they match whole values by Java's engine, whose classes like `\w` are ASCII only.
///
/// AWS publishes some patterns without anchors, and the same ones with anchors in newer models; `RoleSessionName` of STS,
/// `[\w+=,.@-]*`, refuses `a/b`.
fn whole(pattern: &str) -> String {
    let mut whole = "^(?:".to_owned();
    let mut characters = pattern.chars();
    while let Some(character) = characters.next() {
        let escaped = if character == '\\' { characters.next() } else { None };
        match escaped {
            Some('d') => whole.push_str("[0-9]"),
            Some('D') => whole.push_str("[^0-9]"),
            Some('s') => whole.push_str(r"[\t-\r ]"),
            Some('S') => whole.push_str(r"[^\t-\r ]"),
            Some('w') => whole.push_str("[0-9A-Z_a-z]"),
            Some('W') => whole.push_str("[^0-9A-Z_a-z]"),
            Some(other) => whole.extend([character, other]),
            None => whole.push(character),
        }
    }
    whole + ")$"
}

pub(super) fn enum_values(place: &Place, values: Vec<raw::EnumValue>, report: &mut Report) -> Vec<EnumValue> {
    let place = place.key("values");
    if values.is_empty() {
        report.fault(&place, "is empty, list the values or make it a string");
    }
    let texts = values.iter().enumerate().flat_map(|(index, value)| {
        let place = place.index(index);
        let aliases = value.aliases.iter().enumerate();
        let alias_place = place.key("aliases");
        iter::once((place.key("value"), value.value.as_str()))
            .chain(aliases.map(move |(index, alias)| (alias_place.index(index), alias.as_str())))
    });
    distinct(texts, report);
    let resolve = |(index, raw::EnumValue { value, rust_name, doc, aliases, .. })| {
        let rust_name = rust_names::own(rust_name, &value, &place.index(index), report);
        EnumValue { wire: value, rust_name, doc, aliases }
    };
    values.into_iter().enumerate().map(resolve).collect()
}

pub(super) fn int_enum_values(
    place: &Place,
    values: Vec<raw::IntEnumValue>,
    report: &mut Report,
) -> Vec<(String, i32)> {
    let place = place.key("values");
    if values.is_empty() {
        report.fault(&place, "is empty, list the values or make it an integer");
    }
    let texts: Vec<_> = values.iter().map(|value| value.value.to_string()).collect();
    distinct(
        (0..).map(|index| place.index(index).key("value")).zip(texts.iter().map(String::as_str)),
        report,
    );
    let resolve = |(index, raw::IntEnumValue { name, rust_name, value, .. })| {
        (rust_names::own(rust_name, &name, &place.index(index), report), value)
    };
    values.into_iter().enumerate().map(resolve).collect()
}

//! Checks whether a JSON value is the wire form of a shape.

use serde_json::{Map, Value};

use super::shapes::Shapes;
use crate::error::{Place, Report};
use crate::{Bounds, IntegerWidth, Kind, Member, MemberForm, ShapeId, TimestampFormat};

/// How much of a value is checked.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Rigor {
    /// Types and member names.
    Form,
    /// Also that required members are present.
    Complete,
    /// Also every constraint.
    Exact,
}

/// Reports where `value` is not the wire form of the shape.
pub(super) fn fit(
    shapes: &Shapes,
    id: ShapeId,
    value: &Value,
    rigor: Rigor,
    place: &Place,
    report: &mut Report,
) {
    Fit { shapes, rigor, report }.shape(id, value, MemberForm::Plain, place);
}

/// Reports where `value` is not the wire form of the member.
pub(super) fn fit_member(
    shapes: &Shapes,
    member: &Member,
    value: &Value,
    rigor: Rigor,
    place: &Place,
    report: &mut Report,
) {
    Fit { shapes, rigor, report }.shape(member.shape, value, member.form, place);
}

struct Fit<'a> {
    shapes: &'a Shapes,
    rigor: Rigor,
    report: &'a mut Report,
}

impl<'a> Fit<'a> {
    fn shape(&mut self, id: ShapeId, value: &Value, form: MemberForm, place: &Place) {
        let shapes: &'a Shapes = self.shapes;
        let shape = shapes.get(id);
        match (&shape.kind, value) {
            (Kind::Document, _) | (Kind::Boolean, Value::Bool(_)) => {}
            (Kind::Integer { width, range }, Value::Number(number)) => {
                let (min, max) = width.limits();
                match number.as_i64().filter(|number| (min..=max).contains(number)) {
                    Some(number) => self.bounds(*range, &number, "is", place),
                    None => self.wrong(place, value, &format!("a whole number from {min} to {max}")),
                }
            }
            (Kind::Float { double: _, range }, Value::Number(number)) => {
                self.bounds(*range, &number.as_f64().unwrap_or(f64::NAN), "is", place);
            }
            (Kind::Float { .. }, Value::String(text))
                if ["NaN", "Infinity", "-Infinity"].contains(&text.as_str()) => {}
            (Kind::String { length, pattern: _ }, Value::String(text)) => {
                self.bounds(*length, &(text.chars().count() as u64), "has length", place);
                if self.rigor == Rigor::Exact
                    && shapes.pattern(id).is_some_and(|pattern| !pattern.is_match(text))
                {
                    self.report.fault(
                        place,
                        format!("{value} does not match the pattern of \"{}\", correct either", shape.name),
                    );
                }
            }
            // An empty value is reported elsewhere.
            (Kind::Enum { values }, _) if values.is_empty() => {}
            (Kind::IntEnum { values }, _) if values.is_empty() => {}
            (Kind::Union { members }, _) if members.is_empty() => {}
            (Kind::Enum { values }, Value::String(text)) => {
                let known = values.iter().map(|value| value.wire.as_str());
                if self.rigor == Rigor::Exact && !known.clone().any(|known| known == text) {
                    self.report.unknown(place, "value", text, known);
                }
            }
            (Kind::IntEnum { values }, Value::Number(number)) => {
                let known = |number: i64| values.iter().any(|(_, known)| i64::from(*known) == number);
                let (min, max) = IntegerWidth::Integer.limits();
                match number.as_i64().filter(|number| (min..=max).contains(number)) {
                    Some(number) if self.rigor == Rigor::Exact && !known(number) => {
                        let known: Vec<_> = values.iter().map(|(_, known)| known.to_string()).collect();
                        self.wrong(place, value, &format!("one of {}", known.join(", ")));
                    }
                    Some(_) => {}
                    None => self.wrong(place, value, &format!("a whole number from {min} to {max}")),
                }
            }
            (Kind::Blob { length }, Value::String(text)) => match base64_length(text) {
                Some(bytes) => self.bounds(*length, &bytes, "has length", place),
                None => self.wrong(place, value, "base64"),
            },
            (Kind::Timestamp { format }, value) => {
                self.timestamp(form.timestamp_format(*format), value, place);
            }
            (Kind::List { member, length, sparse, .. }, Value::Array(items)) => {
                self.bounds(*length, &(items.len() as u64), "has length", place);
                for (index, item) in items.iter().enumerate().filter(|(_, item)| !(*sparse && item.is_null()))
                {
                    self.shape(*member, item, MemberForm::Plain, &place.index(index));
                }
            }
            (Kind::Map { key, value, length, sparse, .. }, Value::Object(entries)) => {
                self.bounds(*length, &(entries.len() as u64), "has length", place);
                for (name, item) in entries {
                    self.shape(*key, &Value::String(name.clone()), MemberForm::Plain, &place.key(name));
                    if !(*sparse && item.is_null()) {
                        self.shape(*value, item, MemberForm::Plain, &place.key(name));
                    }
                }
            }
            (Kind::Structure { members }, Value::Object(object)) => {
                self.members(members, object, place);
                let required = members.iter().filter(|member| member.is_required());
                for member in required.filter(|member| !object.contains_key(&member.wire)) {
                    if self.rigor != Rigor::Form {
                        self.report.fault(place, format!("has no \"{}\", which is required", member.wire));
                    }
                }
            }
            (Kind::Union { members }, Value::Object(object)) => {
                self.members(members, object, place);
                if object.len() != 1 {
                    self.wrong(place, value, "an object with exactly one member");
                }
            }
            (Kind::Boolean, _) => self.wrong(place, value, "true or false"),
            (Kind::Integer { .. } | Kind::IntEnum { .. }, _) => self.wrong(place, value, "a whole number"),
            (Kind::Float { .. }, _) => self.wrong(place, value, "a number"),
            (Kind::String { .. } | Kind::Enum { .. }, _) => self.wrong(place, value, "text"),
            (Kind::Blob { .. }, _) => self.wrong(place, value, "base64"),
            (Kind::List { .. }, _) => self.wrong(place, value, "a list"),
            (Kind::Map { .. } | Kind::Structure { .. } | Kind::Union { .. }, _) => {
                self.wrong(place, value, "an object");
            }
        }
    }

    fn members(&mut self, members: &[Member], object: &Map<String, Value>, place: &Place) {
        for (name, value) in object {
            if let Some(member) = members.iter().find(|member| member.wire == *name) {
                self.shape(member.shape, value, member.form, &place.key(name));
            } else {
                let known = members.iter().map(|member| member.wire.as_str());
                self.report.unknown(place, "member", name, known);
            }
        }
    }

    fn timestamp(&mut self, format: TimestampFormat, value: &Value, place: &Place) {
        let (fits, expected) = match format {
            TimestampFormat::EpochSeconds => (value.is_number(), "a number of seconds"),
            TimestampFormat::DateTime => {
                (value.as_str().is_some_and(is_date_time), "a time like 2013-06-30T00:00:00Z")
            }
            TimestampFormat::HttpDate => (
                value.as_str().is_some_and(|text| matches("aaa, 00 aaa 0000 00:00:00 GMT", text)),
                "a time like Sun, 30 Jun 2013 00:00:00 GMT",
            ),
        };
        if !fits {
            self.wrong(place, value, expected);
        }
    }

    fn bounds<T: PartialOrd + std::fmt::Display>(
        &mut self,
        bounds: Bounds<T>,
        size: &T,
        what: &str,
        place: &Place,
    ) {
        if self.rigor != Rigor::Exact {
            return;
        }
        match bounds {
            Bounds { min: Some(min), .. } if *size < min => {
                self.report.fault(place, format!("{what} {size}, expected at least {min}"));
            }
            Bounds { max: Some(max), .. } if *size > max => {
                self.report.fault(place, format!("{what} {size}, expected at most {max}"));
            }
            Bounds { .. } => {}
        }
    }

    fn wrong(&mut self, place: &Place, value: &Value, expected: &str) {
        self.report.fault(place, format!("{value} does not fit, expected {expected}"));
    }
}

/// Number of bytes that base64 text encodes, if it is base64.
fn base64_length(text: &str) -> Option<u64> {
    let digits = text.trim_end_matches('=');
    let padding = text.len() - digits.len();
    let fits = text.len().is_multiple_of(4)
        && padding <= 2
        && digits.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'+' || byte == b'/');
    fits.then_some((text.len() / 4 * 3 - padding) as u64)
}

fn is_date_time(text: &str) -> bool {
    let Some((moment, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else { return false };
    let zone = rest
        .strip_prefix('.')
        .map_or(rest, |fraction| fraction.trim_start_matches(|c: char| c.is_ascii_digit()));
    matches("0000-00-00T00:00:00", moment)
        && (zone == "Z" || matches("+00:00", zone) || matches("-00:00", zone))
}

/// Whether the text has the template's form: `0` is any digit, `a` any letter, the rest itself.
fn matches(template: &str, text: &str) -> bool {
    template.len() == text.len()
        && template.bytes().zip(text.bytes()).all(|(expected, byte)| match expected {
            b'0' => byte.is_ascii_digit(),
            b'a' => byte.is_ascii_alphabetic(),
            literal => byte == literal,
        })
}

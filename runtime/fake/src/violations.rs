//! Messages about broken constraints, as AWS services word them.

use std::{collections::BTreeSet, fmt::Display};

use serde_json::Value;

use gatewright_core::mask::{MASK, is_marked};

use crate::{
    dynamic::{self, InputFaults, Names, items},
    validate::{Bounds, Rule, Segment, Text, Violation},
};

/// Errors that a message has at most.
const MOST: usize = 100;

/// `1 validation error detected: Value 'a' at 'name' failed to satisfy constraint: Member must …`
///
/// Values of members that the model marks as `sensitive` are omitted.
pub(super) fn message(faults: &InputFaults, input: &Value, names: Names, sensitive: &[&str]) -> String {
    let (mut seen, mut errors) = (BTreeSet::new(), Vec::new());
    for violation in faults.iter() {
        let broken = Broken::of(violation);
        // The items of one list share one error, which shows the whole list.
        if seen.insert((path(broken.member), broken.constraint.clone())) {
            errors.push(broken.error(input, names, sensitive));
        }
        if errors.len() == MOST {
            break;
        }
    }
    let noun = if errors.len() == 1 { "error" } else { "errors" };
    format!("{} validation {noun} detected: {}", errors.len(), errors.join("; "))
}

/// A broken constraint, and the innermost member around the value that breaks it.
struct Broken<'a> {
    member: &'a [Segment],
    rule: Option<Rule>,
    constraint: String,
}

impl<'a> Broken<'a> {
    fn of(violation: &'a Violation) -> Self {
        let (place, rule) = (violation.place(), violation.rule());
        let member =
            place.iter().rposition(|segment| matches!(segment, Segment::Member(_))).map_or(0, |at| at + 1);
        let (member, within) = place.split_at(member);
        let constraint = match (rule, within) {
            (Some(rule), []) => broken(rule),
            (Some(rule), [Segment::Key(_) | Segment::SecretKey(_), ..]) => {
                format!("Map value must satisfy constraint: [{}]", all(rule).join(", "))
            }
            (Some(rule), _) => format!("Member must satisfy constraint: [{}]", all(rule).join(", ")),
            (None, _) => violation.message(),
        };
        Self { member, rule, constraint }
    }

    fn error(&self, input: &Value, names: Names, sensitive: &[&str]) -> String {
        let Self { member, rule, constraint } = self;
        let shown = || find(input, member, names).and_then(shown).map(|text| format!(" '{text}'"));
        let value = match rule {
            Some(Rule::Required) => " null".to_owned(),
            _ if member.iter().any(|segment| is_secret(segment, sensitive)) => String::new(),
            _ => shown().unwrap_or_default(),
        };
        format!("Value{value} at '{}' failed to satisfy constraint: {constraint}", path(member))
    }
}

/// Whether the values here are secrets.
fn is_secret(segment: &Segment, sensitive: &[&str]) -> bool {
    match segment {
        Segment::Member(name) => is_marked(name, sensitive),
        Segment::SecretKey(_) => true,
        Segment::Index(_) | Segment::Key(_) => false,
    }
}

/// The constraint that was broken.
fn broken(rule: Rule) -> String {
    match rule {
        Rule::Required => "Member must not be null".to_owned(),
        Rule::Characters(length, text) => bound("length", &length, text.length),
        Rule::Length(length, _, bounds) => bound("length", &length, bounds),
        Rule::Integer(value, bounds) => bound("value", value.expose(), bounds),
        Rule::Float(value, bounds) => bound("value", value.expose(), bounds),
        Rule::Form(text) => form(text).unwrap_or_default(),
        Rule::Enum(values) => known(values),
    }
}

/// All constraints of the value's type, as messages about items and entries list them.
fn all(rule: Rule) -> Vec<String> {
    match rule {
        Rule::Required | Rule::Enum(_) => vec![broken(rule)],
        Rule::Characters(_, text) | Rule::Form(text) => {
            bounds("length", text.length).into_iter().chain(form(text)).collect()
        }
        Rule::Length(_, _, limits) => bounds("length", limits),
        Rule::Integer(_, limits) => bounds("value", limits),
        Rule::Float(_, limits) => bounds("value", limits),
    }
}

fn bound<T: PartialOrd + Display>(what: &str, value: &T, Bounds { min, max }: Bounds<T>) -> String {
    let bounds = Bounds { min: min.filter(|min| value < min), max: max.filter(|max| value > max) };
    self::bounds(what, bounds).join(", ")
}

fn bounds<T: Display>(what: &str, Bounds { min, max }: Bounds<T>) -> Vec<String> {
    let one =
        |comparison: &str, bound: T| format!("Member must have {what} {comparison} than or equal to {bound}");
    let most = max.map(|max| one("less", max));
    most.into_iter().chain(min.map(|min| one("greater", min))).collect()
}

fn form(text: &Text) -> Option<String> {
    let pattern = text.pattern.as_ref()?.source();
    Some(format!("Member must satisfy regular expression pattern: {pattern}"))
}

fn known(values: &[&str]) -> String {
    format!("Member must satisfy enum value set: [{}]", values.join(", "))
}

/// `tags.1.member.key` for `Tags[0].Key`.
fn path(place: &[Segment]) -> String {
    let steps = place.iter().map(|segment| match segment {
        Segment::Member(name) => {
            let mut letters = name.chars();
            letters.next().into_iter().flat_map(char::to_lowercase).chain(letters).collect()
        }
        Segment::Index(index) => format!("{}.member", index + 1),
        Segment::Key(key) => format!("{key}.member"),
        Segment::SecretKey(_) => format!("{MASK}.member"),
    });
    steps.collect::<Vec<String>>().join(".")
}

fn find<'a>(input: &'a Value, place: &[Segment], names: Names) -> Option<&'a Value> {
    place.iter().try_fold(input, |value, segment| match segment {
        Segment::Member(name) => dynamic::member(value, name, names),
        Segment::Key(key) => value.get(key),
        Segment::SecretKey(key) => value.get(key.expose()),
        Segment::Index(index) => items(value)?.get(*index),
    })
}

/// A value in the form of Java's `toString`, if it is made of simple values.
fn shown(value: &Value) -> Option<String> {
    match value {
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => {
            let items: Option<Vec<_>> = items.iter().map(shown).collect();
            Some(format!("[{}]", items?.join(", ")))
        }
        // The wrapper of a list's items in a form.
        Value::Object(members) if members.len() == 1 => {
            members.values().next().filter(|value| value.is_array()).and_then(shown)
        }
        Value::Null | Value::Object(_) => None,
    }
}

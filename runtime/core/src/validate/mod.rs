//! Constraints of the model, checked before a request is sent.

#[cfg_attr(not(feature = "patterns"), path = "unchecked.rs")]
mod checked;
mod dynamic;
pub mod violation;

use std::{borrow::Cow, collections::BTreeMap};

use self::checked::Checked;
pub use self::violation::Violation;
pub use self::violation::{Number, Rule, Segment, Unit};
use crate::secret::Secret;

/// A request, or a part of a request, with constraints.
pub trait Validate {
    /// Reports every broken constraint.
    fn validate(&self, check: &mut Check);
}

/// Inclusive bounds of a length or a number; each bound is optional.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct Bounds<T> {
    /// The smallest value.
    pub min: Option<T>,
    /// The largest value.
    pub max: Option<T>,
}

/// Constraints of a text.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct Text {
    /// Length in characters.
    pub length: Bounds<usize>,
    /// Pattern, checked with the feature `patterns`.
    pub pattern: Option<Pattern>,
}

/// A pattern of whole texts.
#[derive(Debug)]
pub struct Pattern {
    /// The pattern as the service declares it, for messages.
    source: &'static str,
    /// An equivalent pattern for Rust's regex engine that matches whole values.
    checked: Checked,
}

impl Pattern {
    /// A pattern as the service declares it, and as Rust's regex engine understands it.
    pub const fn new(source: &'static str, checked: &'static str) -> Self {
        Self { source, checked: Checked::new(checked) }
    }

    /// The pattern as the service declares it.
    pub fn source(&self) -> &'static str {
        self.source
    }
}

/// The name under which items of lists are checked. The name means the value itself rather than a member inside it.
pub const ITEM: &str = "";

/// Collects the violations of a request; calls can be chained.
#[derive(Debug, Default)]
pub struct Check {
    path: Vec<Segment>,
    violations: Vec<Violation>,
    /// Whether unknown values of enums are violations.
    closed_enums: bool,
    /// Whether the values that are checked now are secrets.
    is_secret: bool,
}

impl Check {
    /// Every violation of a request.
    pub fn all(request: &impl Validate) -> Vec<Violation> {
        Self::default().run(request)
    }

    fn run(mut self, request: &impl Validate) -> Vec<Violation> {
        request.validate(&mut self);
        self.violations
    }

    /// Checks that a required member is present.
    pub fn required<T>(&mut self, member: &'static str, value: &Option<T>) -> &mut Self {
        if value.is_none() {
            self.violation(member, Rule::Required);
        }
        self
    }

    /// Checks a text.
    pub fn text(&mut self, member: &'static str, value: Option<&str>, limits: &'static Text) -> &mut Self {
        let Some(value) = value else { return self };
        // The number of bytes is at least the number of characters: most texts need no counting.
        if limits.length.min.is_some() || limits.length.max.is_some_and(|max| value.len() > max) {
            let length = value.chars().count();
            if limits.length.exclude(&length) {
                self.violation(member, Rule::Characters(length, limits));
            }
        }
        if limits.pattern.as_ref().is_some_and(|pattern| pattern.checked.refuses(value)) {
            self.violation(member, Rule::Form(limits));
        }
        self
    }

    /// Checks a value of an enum. Clients permit unknown values, so that only services check them.
    pub fn known<T: AsRef<str> + ?Sized>(
        &mut self,
        member: &'static str,
        value: Option<&T>,
        values: &'static [&'static str],
    ) -> &mut Self {
        if self.closed_enums && value.is_some_and(|value| !values.contains(&value.as_ref())) {
            self.violation(member, Rule::Enum(values));
        }
        self
    }

    /// Checks bytes.
    pub fn bytes(&mut self, member: &'static str, value: Option<&[u8]>, length: Bounds<usize>) -> &mut Self {
        if let Some(value) = value {
            self.length(member, value.len(), length, Unit::Byte);
        }
        self
    }

    /// Checks an integer.
    pub fn integer(&mut self, member: &'static str, value: Option<i64>, range: Bounds<i64>) -> &mut Self {
        if let Some(value) = value.filter(|value| range.exclude(value)) {
            self.violation(member, Rule::Integer(self.number(value), range));
        }
        self
    }

    /// Checks a floating-point number.
    pub fn float(&mut self, member: &'static str, value: Option<f64>, range: Bounds<f64>) -> &mut Self {
        if let Some(value) = value.filter(|value| range.exclude(value)) {
            self.violation(member, Rule::Float(self.number(value), range));
        }
        self
    }

    /// Checks a list, and each item under the name [`ITEM`].
    pub fn list<T>(
        &mut self,
        member: &'static str,
        value: Option<&[T]>,
        length: Bounds<usize>,
        each: impl Fn(&mut Self, &T),
    ) -> &mut Self {
        let Some(items) = value else { return self };
        self.length(member, items.len(), length, Unit::Item);
        self.within(member, |check| {
            for (index, item) in items.iter().enumerate() {
                check.at(Segment::Index(index), |check| each(check, item));
            }
        });
        self
    }

    /// Checks a map, and each entry: key and value under the name [`ITEM`].
    pub fn map<T>(
        &mut self,
        member: &'static str,
        value: Option<&BTreeMap<String, T>>,
        length: Bounds<usize>,
        each: impl Fn(&mut Self, &str, &T),
    ) -> &mut Self {
        let Some(entries) = value else { return self };
        self.length(member, entries.len(), length, Unit::Entry);
        self.within(member, |check| {
            for (key, value) in entries {
                check.at(check.key(key), |check| each(check, key, value));
            }
        });
        self
    }

    /// Checks a structure.
    pub fn nested<T: Validate>(&mut self, member: &'static str, value: Option<&T>) -> &mut Self {
        if let Some(value) = value {
            self.within(member, |check| value.validate(check));
        }
        self
    }

    /// Checks values that are secrets, with everything in them. Violations show `***` instead of numbers and keys of
    /// maps.
    pub fn secret(&mut self, walk: impl FnOnce(&mut Self)) -> &mut Self {
        let outer = std::mem::replace(&mut self.is_secret, true);
        walk(self);
        self.is_secret = outer;
        self
    }

    fn number<T>(&self, value: T) -> Number<T> {
        Number { value, is_secret: self.is_secret }
    }

    fn key(&self, key: &str) -> Segment {
        if self.is_secret { Segment::SecretKey(Secret::new(key)) } else { Segment::Key(key.to_owned()) }
    }

    fn length(&mut self, member: &'static str, length: usize, bounds: Bounds<usize>, unit: Unit) {
        if bounds.exclude(&length) {
            self.violation(member, Rule::Length(length, unit, bounds));
        }
    }

    fn within(&mut self, member: &'static str, walk: impl FnOnce(&mut Self)) {
        if member == ITEM {
            return walk(self);
        }
        self.at(Segment::Member(Cow::Borrowed(member)), walk);
    }

    fn at(&mut self, segment: Segment, walk: impl FnOnce(&mut Self)) {
        self.path.push(segment);
        walk(self);
        self.path.pop();
    }

    #[cold]
    fn violation(&mut self, member: &'static str, rule: Rule) {
        let mut place = self.path.clone();
        if member != ITEM {
            place.push(Segment::Member(Cow::Borrowed(member)));
        }
        self.violations.push(Violation::of_rule(place, rule));
    }
}

impl<T: PartialOrd> Bounds<T> {
    fn exclude(&self, value: &T) -> bool {
        self.min.as_ref().is_some_and(|min| value < min) || self.max.as_ref().is_some_and(|max| value > max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Bounds<usize> = Bounds { min: None, max: None };
    const NAME_LENGTH: Bounds<usize> = Bounds { min: Some(2), max: Some(4) };
    static NAME: Text = Text { length: NAME_LENGTH, pattern: Some(Pattern::new("[a-z]*", "^(?:[a-z]*)$")) };
    static LENGTH: Text = Text { length: NAME_LENGTH, pattern: None };

    struct Tag(&'static str);

    impl Validate for Tag {
        fn validate(&self, check: &mut Check) {
            check.text("key", Some(self.0), &NAME);
        }
    }

    #[track_caller]
    fn check(walk: impl Fn(&mut Check) -> &mut Check, expected: &[&str]) {
        let mut check = Check::default();
        walk(&mut check);
        let told: Vec<_> = check.violations.iter().map(ToString::to_string).collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn every_violation_is_told_with_its_place() {
        check(|c| c.text("name", Some("é"), &NAME), {
            if cfg!(feature = "patterns") {
                &["name: 1 character, at least 2", "name: does not match [a-z]*"]
            } else {
                &["name: 1 character, at least 2"]
            }
        });
        check(|c| c.text("name", Some("éééé"), &LENGTH), &[]);
        check(|c| c.text("name", Some("abcde"), &NAME), &["name: 5 characters, at most 4"]);
        check(|c| c.text("name", None, &NAME), &[]);
        check(|c| c.required("name", &None::<String>), &["name: required but missing"]);
        let range = Bounds { min: Some(1), max: Some(9) };
        check(|c| c.integer("count", Some(0), range), &["count: 0, at least 1"]);
        check(|c| c.integer("count", Some(10), range), &["count: 10, at most 9"]);
        let tags = [Tag("ab"), Tag("a")];
        check(
            |c| {
                c.list("tags", Some(&tags), Bounds { min: None, max: Some(1) }, |c, tag| {
                    c.nested(ITEM, Some(tag));
                })
            },
            &["tags: 2 items, at most 1", "tags[1].key: 1 character, at least 2"],
        );
        let names = ["ab".to_owned(), "toolong".to_owned()];
        check(
            |c| {
                c.list("names", Some(&names), ANY, |c, name| {
                    c.text(ITEM, Some(name), &NAME);
                })
            },
            &["names[1]: 7 characters, at most 4"],
        );
        let map = BTreeMap::from([("k".to_owned(), "toolong".to_owned())]);
        check(
            |c| {
                c.map("map", Some(&map), ANY, |c, _, value| {
                    c.text(ITEM, Some(value), &NAME);
                })
            },
            &["map[\"k\"]: 7 characters, at most 4"],
        );
    }
}

//! Constraints of the model, checked before a request is sent.

use std::{collections::BTreeMap, fmt};

use crate::error::Labelled;

/// A request, or a part of one, that knows its constraints.
pub trait Validate {
    /// Reports every constraint that does not hold.
    fn validate(&self, check: &mut Check);
}

/// Inclusive bounds of a length or a number; a missing one does not bound.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct Bounds<T> {
    /// Smallest.
    pub min: Option<T>,
    /// Largest.
    pub max: Option<T>,
}

/// Constraints of a text.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct Text {
    /// Length in characters.
    pub length: Bounds<usize>,
    /// Form, checked with the feature `patterns`.
    pub pattern: Option<Pattern>,
}

/// Form of a text.
#[derive(Debug)]
pub struct Pattern {
    /// As the service declares it, for messages.
    #[cfg_attr(not(feature = "patterns"), expect(dead_code, reason = "nothing is checked then"))]
    source: &'static str,
    /// What Rust's engine checks: the source, or an equivalent without what that engine lacks.
    #[cfg(feature = "patterns")]
    checked: &'static str,
    #[cfg(feature = "patterns")]
    compiled: std::sync::OnceLock<Option<regex::Regex>>,
}

impl Pattern {
    /// A pattern as the service declares it, and as Rust's regex engine understands it.
    #[cfg_attr(not(feature = "patterns"), expect(unused_variables, reason = "nothing is checked then"))]
    pub const fn new(source: &'static str, checked: &'static str) -> Self {
        Self {
            source,
            #[cfg(feature = "patterns")]
            checked,
            #[cfg(feature = "patterns")]
            compiled: std::sync::OnceLock::new(),
        }
    }

    /// A violation, if `value` has another form. A pattern that does not compile, which the model's checks rule
    /// out, refuses nothing.
    #[cfg(feature = "patterns")]
    fn refuse(&self, value: &str) -> Option<String> {
        let regex = self.compiled.get_or_init(|| regex::Regex::new(self.checked).ok()).as_ref()?;
        (!regex.is_match(value)).then(|| format!("does not match {}", self.source))
    }

    #[cfg(not(feature = "patterns"))]
    #[expect(clippy::unused_self, reason = "same signature as with the feature")]
    fn refuse(&self, _: &str) -> Option<String> {
        None
    }
}

/// The member itself rather than one inside it: the name that items of lists are checked under.
pub const ITEM: &str = "";

/// Collects violations while a request is walked; calls can be chained.
#[derive(Debug, Default)]
pub struct Check {
    path: Vec<Segment>,
    violations: Vec<Violation>,
    left_out: Vec<String>,
}

#[derive(Debug)]
enum Segment {
    Field(&'static str),
    Index(usize),
    Key(String),
}

/// A constraint that does not hold. Never shows the value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    path: String,
    message: String,
}

impl Violation {
    pub(crate) fn new(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self { path: path.into(), message: message.into() }
    }

    /// The place, in names of the wire: `Tags[3].Key`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong, and what would be right: `1 character, at least 2`.
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Labelled(&self.path, &self.message).fmt(f)
    }
}

impl Check {
    /// Every violation of a request.
    pub fn all(request: &impl Validate) -> Vec<Violation> {
        Self::default().run(request)
    }

    /// Every violation of a request, except in the members of these names.
    #[cfg(feature = "dynamic")]
    pub(crate) fn without(request: &impl Validate, left_out: &[String]) -> Vec<Violation> {
        Self { left_out: left_out.to_owned(), ..Self::default() }.run(request)
    }

    fn run(mut self, request: &impl Validate) -> Vec<Violation> {
        request.validate(&mut self);
        self.violations
    }

    /// A member that the service needs.
    pub fn required<T>(&mut self, field: &'static str, value: &Option<T>) -> &mut Self {
        if value.is_none() {
            self.violation(field, "required, and missing".to_owned());
        }
        self
    }

    /// A text.
    pub fn text(&mut self, field: &'static str, value: Option<&str>, limits: &Text) -> &mut Self {
        let Some(value) = value else { return self };
        // Bytes bound characters from above: most texts need no counting.
        if limits.length.min.is_some() || limits.length.max.is_some_and(|max| value.len() > max) {
            self.length(field, value.chars().count(), limits.length, "character");
        }
        if let Some(message) = limits.pattern.as_ref().and_then(|pattern| pattern.refuse(value)) {
            self.violation(field, message);
        }
        self
    }

    /// Bytes.
    pub fn bytes(&mut self, field: &'static str, value: Option<&[u8]>, length: Bounds<usize>) -> &mut Self {
        if let Some(value) = value {
            self.length(field, value.len(), length, "byte");
        }
        self
    }

    /// A whole number.
    pub fn integer(&mut self, field: &'static str, value: Option<i64>, range: Bounds<i64>) -> &mut Self {
        let Some(value) = value else { return self };
        if let Some(min) = range.min.filter(|min| value < *min) {
            self.violation(field, format!("{value}, at least {min}"));
        }
        if let Some(max) = range.max.filter(|max| value > *max) {
            self.violation(field, format!("{value}, at most {max}"));
        }
        self
    }

    /// A floating-point number.
    pub fn float(&mut self, field: &'static str, value: Option<f64>, range: Bounds<f64>) -> &mut Self {
        let Some(value) = value else { return self };
        if let Some(min) = range.min.filter(|min| value < *min) {
            self.violation(field, format!("{value}, at least {min}"));
        }
        if let Some(max) = range.max.filter(|max| value > *max) {
            self.violation(field, format!("{value}, at most {max}"));
        }
        self
    }

    /// A list, and each of its items under the name [`ITEM`].
    pub fn list<T>(
        &mut self,
        field: &'static str,
        value: Option<&[T]>,
        length: Bounds<usize>,
        each: impl Fn(&mut Self, &T),
    ) -> &mut Self {
        let Some(items) = value else { return self };
        self.length(field, items.len(), length, "item");
        self.within(Segment::Field(field), |check| {
            for (index, item) in items.iter().enumerate() {
                check.within(Segment::Index(index), |check| each(check, item));
            }
        });
        self
    }

    /// A map, and each of its entries: key and value under the name [`ITEM`].
    pub fn map<T>(
        &mut self,
        field: &'static str,
        value: Option<&BTreeMap<String, T>>,
        length: Bounds<usize>,
        each: impl Fn(&mut Self, &str, &T),
    ) -> &mut Self {
        let Some(entries) = value else { return self };
        self.length(field, entries.len(), length, "entry");
        self.within(Segment::Field(field), |check| {
            for (key, value) in entries {
                check.within(Segment::Key(key.clone()), |check| each(check, key, value));
            }
        });
        self
    }

    /// A structure.
    pub fn nested<T: Validate>(&mut self, field: &'static str, value: Option<&T>) -> &mut Self {
        if let Some(value) = value {
            self.within(Segment::Field(field), |check| value.validate(check));
        }
        self
    }

    fn length(&mut self, field: &'static str, length: usize, bounds: Bounds<usize>, unit: &str) {
        let bound = if let Some(min) = bounds.min.filter(|min| length < *min) {
            format!("at least {min}")
        } else if let Some(max) = bounds.max.filter(|max| length > *max) {
            format!("at most {max}")
        } else {
            return;
        };
        let unit = match (length, unit) {
            (1, unit) => unit.to_owned(),
            (_, "entry") => "entries".to_owned(),
            (_, unit) => format!("{unit}s"),
        };
        self.violation(field, format!("{length} {unit}, {bound}"));
    }

    fn within(&mut self, segment: Segment, walk: impl FnOnce(&mut Self)) {
        self.path.push(segment);
        walk(self);
        self.path.pop();
    }

    #[cold]
    fn violation(&mut self, field: &'static str, message: String) {
        self.path.push(Segment::Field(field));
        if let Some(Segment::Field(first)) = self.path.first()
            && self.left_out.iter().any(|name| name == first)
        {
            self.path.pop();
            return;
        }
        let mut path = String::new();
        for segment in &self.path {
            match segment {
                Segment::Field(ITEM) => {}
                Segment::Field(field) if path.is_empty() => path.push_str(field),
                Segment::Field(field) => path.extend([".", field]),
                Segment::Index(index) => path.extend(["[", &index.to_string(), "]"]),
                Segment::Key(key) => path.extend(["[\"", &key.escape_debug().to_string(), "\"]"]),
            }
        }
        self.path.pop();
        self.violations.push(Violation { path, message });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ANY: Bounds<usize> = Bounds { min: None, max: None };
    static NAME: Text = Text {
        length: Bounds { min: Some(2), max: Some(4) },
        pattern: Some(Pattern::new("^[a-z]*$", "^[a-z]*$")),
    };

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
                &["name: 1 character, at least 2", "name: does not match ^[a-z]*$"]
            } else {
                &["name: 1 character, at least 2"]
            }
        });
        check(|c| c.text("name", Some("éééé"), &Text { pattern: None, ..name() }), &[]);
        check(|c| c.text("name", Some("abcde"), &NAME), &["name: 5 characters, at most 4"]);
        check(|c| c.text("name", None, &NAME), &[]);
        check(|c| c.required("name", &None::<String>), &["name: required, and missing"]);
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

    fn name() -> Text {
        Text { length: NAME.length, pattern: None }
    }
}

//! Constraints of values in words, which follow the model's sentence in the docs of a member.

use std::fmt::Display;

use gatewright_model::{Bounds, Kind, Member, MemberForm, ShapeId, TimestampFormat};

use crate::{
    context::Context,
    docs::{self, Docs},
};

/// Documentation of a member: its own sentence or its shape's, then the constraints of its value.
pub(crate) fn member(context: &Context<'_>, member: &Member) -> Docs {
    let shape = context.shape(member.shape);
    let docs = meaning(context, member);
    let rules = Rules::of(context, member);
    let docs = docs.and(&rules.words.join(" "));
    let docs = rules.patterns.into_iter().fold(docs, Docs::and_line);
    docs::deprecated(docs, member.deprecated.as_ref().or(shape.deprecated.as_ref()))
}

/// Documentation of a member: its own sentence or its shape's.
pub(crate) fn meaning(context: &Context<'_>, member: &Member) -> Docs {
    let shape = context.shape(member.shape);
    match [&member.doc, &shape.doc].into_iter().find(|doc| !doc.is_empty()) {
        Some(doc) => Docs::text(doc),
        None => Docs::markdown(kind(&shape.kind)),
    }
}

/// Documentation of a member without any sentence.
fn kind(kind: &Kind) -> &'static str {
    match kind {
        Kind::Boolean => "A boolean.",
        Kind::Integer { .. } => "An integer.",
        Kind::Float { .. } => "A number.",
        Kind::String { .. } | Kind::Enum { .. } => "A string.",
        Kind::IntEnum { .. } => "An enum of integers.",
        Kind::Blob { .. } => "Bytes.",
        Kind::Timestamp { .. } => "A timestamp.",
        Kind::Document => "Any JSON value.",
        Kind::List { .. } => "A list.",
        Kind::Map { .. } => "A map.",
        Kind::Structure { .. } | Kind::Union { .. } => "A structure.",
    }
}

/// Constraints in words.
#[derive(Default)]
pub(crate) struct Rules {
    pub(crate) words: Vec<String>,
    /// Separate, because a pattern is not broken into lines.
    pub(crate) patterns: Vec<String>,
}

impl Rules {
    /// Everything that holds for values of a member.
    pub(crate) fn of(context: &Context<'_>, member: &Member) -> Self {
        let mut rules = Self::default();
        rules.collect(context, member.shape, member.form, "");
        if let Some(default) = &member.default {
            rules.words.push(format!("Default: {}.", docs::code(&default.to_string())));
        }
        if member.is_token() {
            rules.words.push("Client token: random unless set, the same on every attempt.".into());
        }
        if context.service.is_sensitive(member.shape) {
            rules.words.push("Never shown in `Debug`.".into());
        }
        rules
    }

    /// Adds the constraints of a shape's values; `of` names the values: `Each item: `.
    fn collect(&mut self, context: &Context<'_>, id: ShapeId, form: MemberForm, of: &str) {
        match &context.shape(id).kind {
            Kind::Integer { width: _, range } => self.bounds(*range, of, ["", ""]),
            Kind::Float { double: _, range } => self.bounds(*range, of, ["", ""]),
            Kind::String { length, pattern } => {
                self.bounds(positive(*length), of, [" character", " characters"]);
                if let Some(pattern) = pattern {
                    let title =
                        if pattern.checked.is_some() { "Pattern" } else { "Pattern, not checked here" };
                    self.patterns.push(sentence(of, &format!("{title}: {}", docs::code(&pattern.source))));
                }
            }
            Kind::Blob { length } => self.bounds(positive(*length), of, [" byte", " bytes"]),
            Kind::Timestamp { format } => match form.timestamp_format(*format) {
                TimestampFormat::EpochSeconds => {}
                TimestampFormat::DateTime => self.words.push(sentence(of, "Wire format: RFC 3339.")),
                TimestampFormat::HttpDate => self.words.push(sentence(of, "Wire format: HTTP date.")),
            },
            Kind::List { member, length, .. } => {
                self.bounds(positive(*length), of, [" item", " items"]);
                self.collect(context, *member, MemberForm::Plain, "Each item: ");
            }
            Kind::Map { key, value, length, .. } => {
                self.bounds(positive(*length), of, [" entry", " entries"]);
                self.collect(context, *key, MemberForm::Plain, "Each key: ");
                self.collect(context, *value, MemberForm::Plain, "Each value: ");
            }
            Kind::Boolean
            | Kind::Enum { .. }
            | Kind::IntEnum { .. }
            | Kind::Document
            | Kind::Structure { .. }
            | Kind::Union { .. } => {}
        }
    }

    fn bounds<T: Display + PartialEq + From<u8>>(&mut self, bounds: Bounds<T>, of: &str, units: [&str; 2]) {
        if let Some(words) = words(bounds, units) {
            self.words.push(sentence(of, &(words + ".")));
        }
    }
}

/// A length without its lower bound if that is zero, since no length is below it.
fn positive(length: Bounds<u64>) -> Bounds<u64> {
    Bounds { min: length.min.filter(|min| *min > 0), ..length }
}

/// `units` are the words after one and after many.
fn words<T: Display + PartialEq + From<u8>>(bounds: Bounds<T>, [one, many]: [&str; 2]) -> Option<String> {
    let unit = |bound: &T| if *bound == T::from(1) { one } else { many };
    let Bounds { min, max } = bounds;
    Some(match (min, max) {
        (Some(min), Some(max)) if min == max => format!("Exactly {min}{}", unit(&min)),
        (Some(min), Some(max)) => format!("{min} to {max}{}", unit(&max)),
        (Some(min), None) => format!("At least {min}{}", unit(&min)),
        (None, Some(max)) => format!("At most {max}{}", unit(&max)),
        (None, None) => return None,
    })
}

/// `Each item: ` and `At most 9.` give `Each item: at most 9.`
fn sentence(of: &str, text: &str) -> String {
    let (first, rest) = text.split_at(1);
    if of.is_empty() { text.to_owned() } else { format!("{of}{}{rest}", first.to_lowercase()) }
}

//! Waiters: their operations, delays and acceptors.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::{known, present, rust_names, shapes::Shapes};
use crate::error::{Place, Report};
use crate::expression::brief;
use crate::load::{Entry, List};
use crate::{
    Acceptor, ErrorCode, Exception, Expected, Expression, ExpressionFault, Kind, Matcher, MemberForm,
    Quantity, ShapeId, Types, ValueKind, Waiter, WaiterState, raw,
};

/// Seconds between calls, if a waiter sets no others: the defaults of Smithy.
const MIN_DELAY: u64 = 2;
const MAX_DELAY: u64 = 120;

/// Names that waiters refer to.
pub(super) struct Lookup<'a> {
    pub(super) shapes: &'a Shapes,
    /// Whether lists have an object around their items in JSON.
    pub(super) wraps: bool,
    pub(super) exceptions: &'a [Exception],
    pub(super) codes: &'a [ErrorCode],
}

/// Waiters by the names of their operations, whose responses are given.
pub(super) fn resolve(
    list: List<raw::Waiter>,
    operations: &List<raw::Operation>,
    lookup: &Lookup<'_>,
    report: &mut Report,
) -> BTreeMap<String, Vec<Waiter>> {
    let references = list
        .entries
        .iter()
        .filter_map(|entry| Some((entry.place.key("operation"), entry.raw.as_ref()?.operation.as_str())));
    known("operation", references, operations, report);
    let outputs: BTreeMap<_, _> = operations
        .entries
        .iter()
        .filter_map(|entry| {
            let output = &entry.raw.as_ref()?.output;
            // Unknown names are reported with the operation.
            let output = lookup.shapes.find(&entry.place, output, &mut Report::default());
            Some((entry.name.as_str(), output))
        })
        .collect();
    let mut names = BTreeSet::new();
    let mut resolved: BTreeMap<String, Vec<Waiter>> = BTreeMap::new();
    for Entry { place, raw, .. } in list.entries {
        let Some(raw) = raw else { continue };
        if !names.insert(raw.name.to_ascii_lowercase()) {
            report
                .fault(&place, format!("\"{}\"  is listed twice, if case is ignored; rename one", raw.name));
        }
        let output = outputs.get(raw.operation.as_str()).copied();
        let output = output.unwrap_or_else(|| lookup.shapes.stand_in());
        let operation = raw.operation.clone();
        resolved.entry(operation).or_default().push(waiter(raw, output, lookup, &place, report));
    }
    resolved
}

fn waiter(
    raw: raw::Waiter,
    output: ShapeId,
    lookup: &Lookup<'_>,
    place: &Place,
    report: &mut Report,
) -> Waiter {
    let is_name = raw.name.starts_with(|first: char| first.is_ascii_uppercase())
        && raw.name.bytes().all(|byte| byte.is_ascii_alphanumeric());
    if !is_name {
        let fault =
            format!("\"{}\" is not a waiter's name, use letters and digits, first a capital", raw.name);
        report.fault(&place.key("name"), fault);
    }
    if let Some(why) = &raw.deprecated {
        present(&place.key("deprecated"), why, report);
    }
    let min_delay = raw.min_delay.unwrap_or(MIN_DELAY);
    let max_delay = raw.max_delay.unwrap_or_else(|| MAX_DELAY.max(min_delay));
    if min_delay == 0 {
        report.fault(&place.key("min_delay"), "is 0, expected at least 1 second");
    }
    if max_delay < min_delay {
        report
            .fault(&place.key("max_delay"), format!("is {max_delay}, less than \"min_delay\", {min_delay}"));
    }
    if raw.max_wait == Some(0) {
        report.fault(&place.key("max_wait"), "is 0, expected at least 1 second");
    }
    let at = place.key("acceptors");
    if !raw.acceptors.iter().any(|acceptor| acceptor.state == WaiterState::Success) {
        report.fault(&at, "have no condition with the state \"success\"; add one");
    }
    let acceptors = raw.acceptors.into_iter().enumerate().filter_map(|(index, raw)| {
        let state = raw.state;
        Some(Acceptor { state, matcher: matcher(raw, output, lookup, &at.index(index), report)? })
    });
    Waiter {
        acceptors: acceptors.collect(),
        rust_name: rust_names::own(raw.rust_name, &raw.name, place, report),
        name: raw.name,
        doc: raw.doc,
        min_delay,
        max_delay,
        max_wait: raw.max_wait,
        deprecated: raw.deprecated,
    }
}

fn matcher(
    raw: raw::Acceptor,
    output: ShapeId,
    lookup: &Lookup<'_>,
    place: &Place,
    report: &mut Report,
) -> Option<Matcher> {
    let quantities = [(Quantity::Is, raw.value), (Quantity::All, raw.all), (Quantity::Any, raw.any)];
    let mut expected = quantities.into_iter().filter_map(|(quantity, value)| Some((quantity, value?)));
    let (first, further) = (expected.next(), expected.next());
    match (raw.path, first, further, raw.error, raw.succeeds, raw.status) {
        (Some(path), Some((quantity, value)), None, None, None, None) => {
            output_matcher(&path, quantity, &value, output, lookup, place, report)
        }
        (None, None, None, Some(name), None, None) => {
            present(&place.key("error"), &name, report);
            Some(Matcher::Error(lookup.spellings(name)))
        }
        (None, None, None, None, Some(succeeds), None) => Some(Matcher::Succeeds(succeeds)),
        (None, None, None, None, None, Some(status)) => {
            if !(100..=599).contains(&status) {
                report.fault(&place.key("status"), format!("{status} is not an HTTP status, use 100 to 599"));
            }
            Some(Matcher::Status(status))
        }
        _ => {
            let fault = "must have exactly one condition: \"path\" with \"is\", \"all\" or \"any\", \
                         or one of \"error\", \"succeeds\" and \"status\"";
            report.fault(place, fault);
            None
        }
    }
}

fn output_matcher(
    text: &str,
    quantity: Quantity,
    value: &Value,
    output: ShapeId,
    lookup: &Lookup<'_>,
    place: &Place,
    report: &mut Report,
) -> Option<Matcher> {
    let expected = match value {
        Value::String(text) => Expected::Text(text.clone()),
        Value::Bool(value) => Expected::Boolean(*value),
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
            report.fault(place, format!("expects {value}, which is not a text, true or false"));
            return None;
        }
    };
    let place = place.key("path");
    match Matcher::output(text, quantity, expected, lookup, output) {
        Ok(matcher) => Some(matcher),
        Err(ExpressionFault::UnknownMember { name, known }) => {
            report.unknown(&place, "member", &name, known.iter().map(String::as_str));
            None
        }
        Err(ExpressionFault::Unfit(why)) => {
            report.fault(&place, format!("`{}` {why}", brief(text)));
            None
        }
    }
}

impl Matcher {
    /// The condition that values of a response are as expected.
    ///
    /// # Errors
    /// Why the expression cannot be read, or does not fit the type of the response.
    pub fn output<T: Types>(
        text: &str,
        quantity: Quantity,
        expected: Expected,
        types: &T,
        output: T::Id,
    ) -> Result<Self, ExpressionFault> {
        let expression = Expression::parse(text).map_err(ExpressionFault::Unfit)?;
        let (expression, values) = expression.check(types, output)?;
        let unfit = |why: &str| Err(ExpressionFault::Unfit(why.to_owned()));
        match (quantity, values.several) {
            (Quantity::Is, true) => return unfit("gives several values, use \"all\" or \"any\""),
            (Quantity::All | Quantity::Any, false) => return unfit("gives a single value, use \"is\""),
            (Quantity::Is, false) | (Quantity::All | Quantity::Any, true) => {}
        }
        match (&expected, values.kind) {
            (_, ValueKind::Any)
            | (Expected::Text(_), ValueKind::Text)
            | (Expected::Boolean(_), ValueKind::Boolean) => {}
            (Expected::Text(_), _) => {
                return unfit("gives values that are not texts, but a text is expected");
            }
            (Expected::Boolean(_), _) => {
                return unfit("gives neither true nor false, but one of them is expected");
            }
        }
        Ok(Self::Output { text: text.to_owned(), expression, quantity, expected })
    }
}

impl Lookup<'_> {
    /// An error's name, and the others that mean the same.
    fn spellings(&self, name: String) -> Vec<String> {
        let exceptions = self.exceptions.iter().map(|exception| (&exception.name, &exception.aliases));
        let codes = self.codes.iter().map(|code| (&code.value, &code.aliases));
        let mut same =
            exceptions.chain(codes).filter(|(own, aliases)| **own == name || aliases.contains(&name));
        let others: BTreeSet<_> =
            same.next().into_iter().flat_map(|(own, aliases)| aliases.iter().chain([own])).cloned().collect();
        let others = others.into_iter().filter(|other| *other != name).collect::<Vec<_>>();
        [name].into_iter().chain(others).collect()
    }
}

impl Types for Lookup<'_> {
    type Id = ShapeId;

    fn kind(&self, id: ShapeId) -> ValueKind<ShapeId> {
        match &self.shapes.get(id).kind {
            Kind::Structure { .. } | Kind::Union { .. } => ValueKind::Structure,
            Kind::List { member, .. } => ValueKind::List(*member),
            Kind::Map { value, .. } => ValueKind::Map(*value),
            Kind::String { .. } | Kind::Enum { .. } => ValueKind::Text,
            Kind::Integer { .. } | Kind::IntEnum { .. } | Kind::Float { .. } => ValueKind::Number,
            Kind::Boolean => ValueKind::Boolean,
            Kind::Blob { .. } | Kind::Timestamp { .. } => ValueKind::Scalar,
            // Also the stand-in for unknown shapes.
            Kind::Document => ValueKind::Any,
        }
    }

    fn member(&self, of: ShapeId, name: &str) -> Option<(String, ShapeId)> {
        let members = self.shapes.get(of).members();
        // An import may give a member another name, but not on the wire.
        let by_name = members.iter().find(|member| member.name == name);
        let member = by_name.or_else(|| members.iter().find(|member| member.wire == name))?;
        (member.form != MemberForm::JsonText).then(|| (member.wire.clone(), member.shape))
    }

    fn members(&self, of: ShapeId) -> Vec<String> {
        self.shapes.get(of).members().iter().map(|member| member.name.clone()).collect()
    }

    fn wrapper(&self, list: ShapeId) -> Option<String> {
        if let Kind::List { item, .. } = &self.shapes.get(list).kind
            && self.wraps
        {
            return item.clone();
        }
        None
    }
}

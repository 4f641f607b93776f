//! Constraints of values, and their form on the wire.

use std::collections::BTreeSet;

use gatewright_model::{Bounds, Kind, Pattern, ShapeId};
use serde_json::Number;

use super::{Diff, Fact, Rule, Spot, code, rules, structure::timestamp_fact};
use crate::ordered::Ordered as _;

impl Diff<'_> {
    /// Facts about the values of two shapes of the same kind. `is_sent` is whether requests have such values, before
    /// and after: only those are checked.
    pub(super) fn constraints(&mut self, at: &Spot, is_sent: bool, kinds: [&Kind; 2]) {
        match kinds {
            [Kind::Integer { width: _, range: old }, Kind::Integer { width: _, range: new }] => {
                self.bounds(at, is_sent, [*old, *new], "", |bound| Some(bound.into()));
            }
            [Kind::Float { double: _, range: old }, Kind::Float { double: _, range: new }] => {
                self.bounds(at, is_sent, [*old, *new], "", Number::from_f64);
            }
            [Kind::String { length: old, pattern: before }, Kind::String { length: new, pattern: after }] => {
                self.lengths(at, is_sent, [*old, *new], "characters");
                self.patterns(at, is_sent, before.as_ref(), after.as_ref());
            }
            [Kind::Blob { length: old }, Kind::Blob { length: new }] => {
                self.lengths(at, is_sent, [*old, *new], "bytes");
            }
            [Kind::Timestamp { format: old }, Kind::Timestamp { format: new }] => {
                self.differs(at, &rules::TIMESTAMP_FORMAT, timestamp_fact(*old), timestamp_fact(*new));
            }
            [
                Kind::List { member: _, item, item_namespace, length: old, sparse: _ },
                Kind::List {
                    member: _,
                    item: new_item,
                    item_namespace: new_namespace,
                    length: new,
                    sparse: _,
                },
            ] => {
                self.lengths(at, is_sent, [*old, *new], "items");
                self.wrappers(at, [item, new_item]);
                self.namespaces(at, [item_namespace, new_namespace]);
            }
            [
                Kind::Map {
                    key,
                    value: _,
                    key_name,
                    value_name,
                    key_namespace,
                    value_namespace,
                    length: old,
                    sparse: _,
                },
                Kind::Map {
                    key: key_after,
                    value: _,
                    key_name: new_key,
                    value_name: new_value,
                    key_namespace: new_key_namespace,
                    value_namespace: new_value_namespace,
                    length: new,
                    sparse: _,
                },
            ] => {
                self.lengths(at, is_sent, [*old, *new], "entries");
                self.keys(at, is_sent, [*key, *key_after]);
                self.wrappers(at, [key_name, new_key]);
                self.wrappers(at, [value_name, new_value]);
                self.namespaces(at, [key_namespace, new_key_namespace]);
                self.namespaces(at, [value_namespace, new_value_namespace]);
            }
            // Other kinds have no constraints, and another kind is another type.
            _ => {}
        }
    }

    /// Keys are `String` in Rust, so no type shows that only the values of an enum are valid.
    fn keys(&mut self, at: &Spot, is_sent: bool, ids: [ShapeId; 2]) {
        let [old, new] = [self.old.shape(ids[0]), self.new.shape(ids[1])];
        let [before, after] = [old, new].map(|shape| {
            let Kind::Enum { values } = &shape.kind else { return None };
            Some(values.iter().map(|value| &value.wire).ordered::<BTreeSet<_>>())
        });
        // The values of one enum are compared with its type.
        if before == after || before.is_some() && after.is_some() && old.name == new.name {
            return;
        }
        let keeps_all = before.zip(after).is_some_and(|(before, after)| before.is_subset(&after));
        let [was, is] =
            [(&self.old, ids[0]), (&self.new, ids[1])].map(|(side, id)| side.service.is_constrained(id));
        let rule = match (was, is) {
            (true, true) if keeps_all => &rules::LOOSENED,
            (_, true) => &rules::TIGHTENED,
            (true, false) => &rules::LOOSENED,
            (false, false) => return,
        };
        self.add(at, of_sent(is_sent, rule), code(&old.name), code(&new.name));
    }

    fn wrappers(&mut self, at: &Spot, [old, new]: [&Option<String>; 2]) {
        if old != new {
            self.add(at, &rules::WIRE_FORM, old.as_ref().map(code), new.as_ref().map(code));
        }
    }

    fn lengths(&mut self, at: &Spot, is_sent: bool, lengths: [Bounds<u64>; 2], unit: &'static str) {
        // No length is below zero.
        let lengths = lengths.map(|length| Bounds { min: length.min.filter(|min| *min > 0), ..length });
        self.bounds(at, is_sent, lengths, unit, |bound| Some(bound.into()));
    }

    fn bounds<T: PartialOrd + Copy>(
        &mut self,
        at: &Spot,
        is_sent: bool,
        [old, new]: [Bounds<T>; 2],
        unit: &'static str,
        number: impl Fn(T) -> Option<Number>,
    ) {
        if old == new {
            return;
        }
        let tightened = match (old.min, new.min) {
            (None, min) => min.is_some(),
            (Some(old), Some(new)) => new > old,
            (Some(_), None) => false,
        } || match (old.max, new.max) {
            (None, max) => max.is_some(),
            (Some(old), Some(new)) => new < old,
            (Some(_), None) => false,
        };
        let fact = |Bounds { min, max }| Fact::Bounds {
            min: Option::<T>::and_then(min, &number),
            max: Option::<T>::and_then(max, &number),
            unit,
        };
        let rule = if tightened { &rules::TIGHTENED } else { &rules::LOOSENED };
        self.add(at, of_sent(is_sent, rule), fact(old), fact(new));
    }

    fn patterns(&mut self, at: &Spot, is_sent: bool, before: Option<&Pattern>, after: Option<&Pattern>) {
        let fact = |Pattern { source, checked: _ }: &Pattern| code(source);
        let checked = |pattern: Option<&Pattern>| pattern.and_then(|pattern| pattern.checked.clone());
        let (rule, before, after) = match (checked(before), checked(after)) {
            (None, Some(_)) => (&rules::PATTERN_ADDED, None, after),
            (Some(_), None) => (&rules::PATTERN_REMOVED, before, None),
            (old, new) if old != new => (&rules::PATTERN_CHANGED, before, after),
            _ if before != after => (&rules::PATTERN_TEXT, before, after),
            (Some(_), Some(_)) | (None, None) => return,
        };
        self.add(at, of_sent(is_sent, rule), before.map(fact), after.map(fact));
    }
}

fn of_sent(is_sent: bool, rule: &'static Rule) -> &'static Rule {
    if is_sent { rule } else { &rules::RESPONSE_CONSTRAINT }
}

//! Effects of a change of models on users: on their programs, and on requests and responses.
//!
//! Structures of a model are destructured without `..` if their fields are public, so that this module does not compile
//! until it judges a new fact of models. A test varies every value of a model.

mod change;
mod endpoints;
mod errors;
mod operation;
mod outline;
pub(crate) mod rules;
mod service;
mod side;
mod structure;
mod types;
mod values;
mod waiters;

use std::collections::BTreeMap;

use gatewright_model::Service;

use crate::{naming, ordered::Ordered as _};

use self::side::Side;
pub use self::{
    change::{Change, Fact, Place, Verdict},
    outline::{Entry, Outline, outlines},
    rules::{RULES, Rule},
};

/// The changes between two sets of services, sorted by service; the most severe of each service first.
pub fn changes(old: &[Service], new: &[Service]) -> Vec<Change> {
    let by_name = |services| -> BTreeMap<_, _> {
        <[Service]>::iter(services).map(|service| (service.name.as_str(), service)).ordered()
    };
    let services = matched(by_name(old), by_name(new));
    services.into_iter().flat_map(|(name, services)| of_service(name, services)).collect()
}

fn of_service(name: &str, services: (Option<&Service>, Option<&Service>)) -> Vec<Change> {
    let whole = |rule| {
        let change = Change {
            service: name.to_owned(),
            place: Place::Service,
            rule,
            before: None,
            after: None,
            operations: Vec::new(),
        };
        vec![change]
    };
    match services {
        (Some(old), Some(new)) => {
            let mut diff = Diff { old: Side::new(old), new: Side::new(new), changes: Vec::new() };
            diff.service();
            diff.operations();
            diff.waiters();
            diff.shapes();
            diff.errors();
            diff.changes.sort_by(|a, b| {
                let key = |change: &Change| (std::cmp::Reverse(change.verdict()), change.place.clone());
                key(a).cmp(&key(b))
            });
            diff.changes
        }
        (None, Some(_)) => whole(&rules::SERVICE_ADDED),
        (Some(_), None) => whole(&rules::SERVICE_REMOVED),
        (None, None) => Vec::new(),
    }
}

/// Two models on their way to a list of changes.
pub(crate) struct Diff<'a> {
    old: Side<'a>,
    new: Side<'a>,
    changes: Vec<Change>,
}

/// A place, and the operations that it concerns.
#[derive(Clone)]
pub(crate) struct Spot {
    place: Place,
    operations: Vec<String>,
}

impl Spot {
    pub(crate) fn new(place: Place) -> Self {
        Self { place, operations: Vec::new() }
    }

    /// The same operations at another place.
    fn at(&self, place: Place) -> Self {
        Self { place, operations: self.operations.clone() }
    }
}

impl Diff<'_> {
    pub(crate) fn add(
        &mut self,
        at: &Spot,
        rule: &'static Rule,
        before: impl Into<Option<Fact>>,
        after: impl Into<Option<Fact>>,
    ) {
        let Spot { place, operations } = at.clone();
        let service = self.new.service.name.clone();
        let (before, after) = (before.into(), after.into());
        self.changes.push(Change { service, place, rule, before, after, operations });
    }

    /// A fact for which any difference is a change.
    pub(crate) fn differs(&mut self, at: &Spot, rule: &'static Rule, before: Fact, after: Fact) {
        if before != after {
            self.add(at, rule, before, after);
        }
    }

    /// The same, for a fact that may be absent.
    pub(crate) fn options_differ(
        &mut self,
        at: &Spot,
        rule: &'static Rule,
        before: Option<&String>,
        after: Option<&String>,
    ) {
        if before != after {
            self.add(at, rule, before.map(code), after.map(code));
        }
    }

    /// Entries of a map, each of which is a fact of its own: `key: value`.
    pub(crate) fn entries(
        &mut self,
        at: &Spot,
        rule: &'static Rule,
        before: &BTreeMap<String, String>,
        after: &BTreeMap<String, String>,
    ) {
        let keyed = |map| <BTreeMap<String, String>>::iter(map).map(|(key, value)| (key.as_str(), value));
        for (key, (before, after)) in matched(keyed(before), keyed(after)) {
            let entry = |value: Option<&String>| value.map(|value| format!("{key}: {value}"));
            self.options_differ(at, rule, entry(before).as_ref(), entry(after).as_ref());
        }
    }

    /// One of two rules, for a fact that is added or removed.
    pub(crate) fn gained_or_lost(&mut self, at: &Spot, rules: [&'static Rule; 2], before: bool, after: bool) {
        let [gained, lost] = rules;
        match (before, after) {
            (false, true) => self.add(at, gained, None, None),
            (true, false) => self.add(at, lost, None, None),
            (true, true) | (false, false) => {}
        }
    }

    /// Texts that people read.
    pub(crate) fn texts(&mut self, at: &Spot, before: &str, after: &str) {
        let fact = |text: &str| (!text.is_empty()).then(|| Fact::Text(text.to_owned()));
        if before != after {
            self.add(at, &rules::DOC, fact(before), fact(after));
        }
    }

    fn deprecations(&mut self, at: &Spot, before: Option<&String>, after: Option<&String>) {
        let fact = |text: &String| Fact::Text(text.clone());
        match (before, after) {
            (None, Some(after)) => self.add(at, &rules::DEPRECATED, None, fact(after)),
            (Some(before), None) => self.add(at, &rules::DEPRECATED_NO_MORE, fact(before), None),
            (Some(before), Some(after)) => {
                self.differs(at, &rules::DEPRECATION_TEXT, fact(before), fact(after));
            }
            (None, None) => {}
        }
    }

    /// Names, each of which is judged separately.
    fn names(&mut self, at: &Spot, rules: [&'static Rule; 2], before: &[String], after: &[String]) {
        let [added, removed] = rules;
        for name in after.iter().filter(|name| !before.contains(name)) {
            self.add(at, added, None, Fact::Code(name.clone()));
        }
        for name in before.iter().filter(|name| !after.contains(name)) {
            self.add(at, removed, Fact::Code(name.clone()), None);
        }
    }

    /// Variants of which only the name in Rust may differ.
    fn renamed(&mut self, at: &Spot, before: &str, after: &str) {
        let [before, after] = [before, after].map(naming::variant);
        if before != after {
            self.add(at, &rules::RENAMED, code(&before), code(&after));
        }
    }

    /// Lists whose order is judged by a rule.
    pub(crate) fn order<'n>(
        &mut self,
        at: &Spot,
        rule: &'static Rule,
        before: impl Iterator<Item = &'n str>,
        after: impl Iterator<Item = &'n str>,
    ) {
        let (before, after): (Vec<_>, Vec<_>) = (before.collect(), after.collect());
        let of_both = |names: &[&str], others: &[&str]| -> Vec<String> {
            names.iter().filter(|name| others.contains(name)).map(|&name| name.to_owned()).collect()
        };
        if of_both(&before, &after) != of_both(&after, &before) {
            self.add(at, rule, None, None);
        }
    }
}

/// What is the same before and after, as far as it exists.
type Pair<T> = (Option<T>, Option<T>);

/// The values of two maps for each key, in the order of the keys.
pub(crate) fn matched<'a, T>(
    old: impl IntoIterator<Item = (&'a str, T)>,
    new: impl IntoIterator<Item = (&'a str, T)>,
) -> Vec<(&'a str, Pair<T>)> {
    let some = |(key, value)| (key, Some(value));
    let (old_keys, mut old): (Vec<_>, Vec<_>) = old.into_iter().map(some).unzip();
    let (new_keys, mut new): (Vec<_>, Vec<_>) = new.into_iter().map(some).unzip();
    let take = |values: &mut Vec<Option<T>>, at: Option<usize>| values.get_mut(at?)?.take();
    let keys = places(old_keys, new_keys).into_iter();
    keys.map(|(key, (before, after))| (key, (take(&mut old, before), take(&mut new, after)))).collect()
}

/// Where each key is in two lists. A map of values would be compiled again for each of their types.
fn places<'a>(old: Vec<&'a str>, new: Vec<&'a str>) -> BTreeMap<&'a str, Pair<usize>> {
    let mut places = BTreeMap::<_, Pair<usize>>::new();
    for (index, key) in old.into_iter().enumerate() {
        places.entry(key).or_default().0 = Some(index);
    }
    for (index, key) in new.into_iter().enumerate() {
        places.entry(key).or_default().1 = Some(index);
    }
    places
}

pub(crate) fn code(text: &(impl ToString + ?Sized)) -> Fact {
    Fact::Code(text.to_string())
}

fn names(names: &[String]) -> Fact {
    Fact::Names(names.to_vec())
}

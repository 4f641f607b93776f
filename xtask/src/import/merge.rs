//! Three-way merge: what the vendor changed since the last import is applied to our files, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    files::{EXCEPTIONS, LISTS, Model, SERVICE},
    fill,
    json::{Json, Object},
};

/// What a pattern means, in words that Rust's regex engine knows; ours alone.
const EQUIVALENT: &str = "pattern_equivalent";

/// A difference that a merge met.
#[derive(Debug, PartialEq)]
pub(crate) struct Change {
    pub(crate) file: &'static str,
    /// The entry of the file's list, if it has one, then keys and names within it.
    pub(crate) path: Vec<String>,
    pub(crate) what: What,
}

#[derive(Debug, PartialEq)]
pub(crate) enum What {
    /// An item that only the vendor has, new.
    Added,
    /// An item that the vendor removed, and what we had added to it.
    Removed { ours: Vec<String> },
    /// A fact that the vendor changed.
    Set { before: Option<Json>, after: Option<Json> },
    /// A fact that the vendor changed, and in which ours differed already; ours stays.
    Kept { vendor: Option<Json>, ours: Option<Json> },
    /// A fact of ours that explained one that the vendor changed; it is removed.
    Outdated { ours: Json },
}

/// Applies what the vendor changed from `base` to `new` to our model.
pub(super) fn merge(base: &Model, new: &Model, ours: &Model) -> (Model, Vec<Change>) {
    let mut merge = Merge { file: SERVICE, path: Vec::new(), changes: Vec::new() };
    let service = merge.object(&base.service, &new.service, &ours.service);
    let mut merged = Model { service, ..Model::default() };
    for (index, (file, _, label)) in LISTS.into_iter().enumerate() {
        merge.file = file;
        let name = |entry: &Object| entry.text(label).map(str::to_owned);
        let mut list = merge.items(base.lists()[index], new.lists()[index], ours.lists()[index], name);
        list.sort_by(|one, other| one.text(label).cmp(&other.text(label)));
        *merged.lists_mut()[index] = list;
    }
    (merged, merge.changes)
}

struct Merge {
    file: &'static str,
    path: Vec<String>,
    changes: Vec<Change>,
}

impl Merge {
    fn note(&mut self, what: What) {
        self.changes.push(Change { file: self.file, path: self.path.clone(), what });
    }

    /// Merges below a step of the path.
    fn below<T>(&mut self, step: &str, merge: impl FnOnce(&mut Self) -> T) -> T {
        self.path.push(step.to_owned());
        let merged = merge(self);
        self.path.pop();
        merged
    }

    fn object(&mut self, base: &Object, new: &Object, ours: &Object) -> Object {
        let mut merged = ours.clone();
        let keys: BTreeSet<_> = base.0.iter().chain(&new.0).map(|(key, _)| key.as_str()).collect();
        for key in keys {
            let value = self.below(key, |merge| merge.value(key, base.get(key), new.get(key), ours.get(key)));
            match value {
                Some(value) => merged.set(key, value),
                None => merged.remove(key),
            }
        }
        let is_new = |key: &str| merged.get(key) != ours.get(key);
        if let Some(equivalent) = ours.get(EQUIVALENT).filter(|_| is_new("pattern")) {
            merged.remove(EQUIVALENT);
            let what = What::Outdated { ours: equivalent.clone() };
            self.below(EQUIVALENT, |merge| merge.note(what));
        }
        merged
    }

    fn value(
        &mut self,
        key: &str,
        base: Option<&Json>,
        new: Option<&Json>,
        ours: Option<&Json>,
    ) -> Option<Json> {
        if base == new || ours == new || is_said(key, new, ours) {
            return ours.cloned();
        }
        match (base, new, ours) {
            // Item by item, also if the list is as it was, so that the report is about items.
            (_, Some(Json::List(new)), Some(Json::List(ours))) if is_keyed(key) => {
                let name = if key == "members" { member_name } else { value_name };
                let objects =
                    |list: &[Json]| list.iter().filter_map(Json::object).cloned().collect::<Vec<_>>();
                let base = base.map(|base| objects(base.items())).unwrap_or_default();
                Some(self.items(&base, &objects(new), &objects(ours), name).into_iter().collect())
            }
            _ if ours == base || self.is_filled_in(key, base, ours) => {
                self.note(What::Set { before: ours.cloned(), after: new.cloned() });
                new.cloned()
            }
            (_, Some(Json::Object(new)), Some(Json::Object(ours))) => {
                let base = base.and_then(Json::object).cloned().unwrap_or_default();
                Some(self.object(&base, new, ours).into())
            }
            _ if SETS.contains(&key) => self.set(base, new, ours),
            _ => {
                self.note(What::Kept { vendor: new.cloned(), ours: ours.cloned() });
                ours.cloned()
            }
        }
    }

    /// Whether an earlier import set the fact because the vendor did not say it.
    fn is_filled_in(&self, key: &str, base: Option<&Json>, ours: Option<&Json>) -> bool {
        let is_status = self.file == EXCEPTIONS && key == "status";
        is_status && base.is_none() && ours == Some(&fill::STATUS.into())
    }

    /// Merges lists whose items have names. What we left out of the vendor's items stays left out.
    fn items(
        &mut self,
        base: &[Object],
        new: &[Object],
        ours: &[Object],
        name: impl Fn(&Object) -> Option<String>,
    ) -> Vec<Object> {
        let by_name = |items: &'_ [Object]| -> BTreeMap<String, usize> {
            items.iter().enumerate().filter_map(|(index, item)| Some((name(item)?, index))).collect()
        };
        let (known, wanted, have) = (by_name(base), by_name(new), by_name(ours));
        // New items go after the one that the vendor has before them.
        let mut added: BTreeMap<Option<String>, Vec<Object>> = BTreeMap::new();
        let mut before = None;
        for item in new {
            let Some(name) = name(item) else { continue };
            if have.contains_key(&name) {
                before = Some(name);
            } else if !known.contains_key(&name) {
                self.below(&name, |merge| merge.note(What::Added));
                added.entry(before.clone()).or_default().push(item.clone());
            }
        }
        let mut merged = added.remove(&None).unwrap_or_default();
        for item in ours {
            let name = name(item);
            let at = |names: &BTreeMap<String, usize>| names.get(name.as_ref()?).copied();
            let base = at(&known).and_then(|index| base.get(index));
            let step = name.clone().unwrap_or_default();
            match (base, at(&wanted).and_then(|index| new.get(index))) {
                (base, Some(new)) => {
                    let empty = Object::default();
                    let base = base.unwrap_or(&empty);
                    merged.push(self.below(&step, |merge| merge.object(base, new, item)));
                }
                (Some(base), None) => {
                    let ours = item.0.iter().map(|(key, _)| key.as_str());
                    let ours = ours.filter(|key| base.get(key).is_none() && *key != "doc");
                    let ours = ours.map(str::to_owned).collect();
                    self.below(&step, |merge| merge.note(What::Removed { ours }));
                }
                (None, None) => merged.push(item.clone()),
            }
            merged.extend(added.remove(&name).into_iter().flatten());
        }
        merged
    }

    /// Merges lists of texts whose order means nothing.
    fn set(&mut self, base: Option<&Json>, new: Option<&Json>, ours: Option<&Json>) -> Option<Json> {
        let texts = |list: Option<&Json>| -> BTreeSet<String> {
            let items = list.map(Json::items).unwrap_or_default();
            items.iter().filter_map(Json::text).map(str::to_owned).collect()
        };
        let (base, new, before) = (texts(base), texts(new), texts(ours));
        let after: BTreeSet<_> = before
            .iter()
            .filter(|text| new.contains(*text) || !base.contains(*text))
            .chain(new.difference(&base))
            .cloned()
            .collect();
        if after == before {
            return ours.cloned();
        }
        let after = (!after.is_empty()).then(|| after.into_iter().collect::<Json>());
        self.note(What::Set { before: ours.cloned(), after: after.clone() });
        after
    }
}

/// Lists of texts in any order.
const SETS: [&str; 3] = ["aliases", "exceptions", "operations"];

/// Whether our text and the vendor's differ only in wording.
fn is_said(key: &str, new: Option<&Json>, ours: Option<&Json>) -> bool {
    match key {
        "deprecated" => new.is_some() && ours.is_some(),
        // A guess does not outweigh knowledge.
        "read_only" => new.and_then(Json::text).is_some() && ours.is_some(),
        _ => false,
    }
}

fn is_keyed(key: &str) -> bool {
    matches!(key, "members" | "values")
}

/// Members are known by what is on the wire: their own names are ours to choose.
fn member_name(member: &Object) -> Option<String> {
    member.text("wire").or_else(|| member.text("name")).map(str::to_owned)
}

fn value_name(value: &Object) -> Option<String> {
    value.text("value").or_else(|| value.text("name")).map(str::to_owned)
}

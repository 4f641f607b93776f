//! Models that differ in one fact.

use std::fmt::Write as _;

use gatewright_codegen::diff::{Change, Verdict, changes};
use gatewright_model::{Faults, Service};
use serde_json::{Map, Value};

use crate::model;

/// A change of the model, as data.
pub(crate) struct Mutation {
    pub(crate) name: String,
    /// Edits of both models.
    base: Map<String, Value>,
    /// Edits of the new model: a value by its path; `null` removes, and `+` at the end of a path adds to a list.
    edit: Map<String, Value>,
}

/// Every change.
pub(crate) fn all() -> Vec<Mutation> {
    let Value::Array(all) = serde_json::from_str(include_str!("mutations.json")).unwrap() else {
        unreachable!("the file is a list")
    };
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let mutation = |value: &Value| Mutation {
        name: value["name"].as_str().unwrap().to_owned(),
        base: object(&value["base"]),
        edit: object(&value["edit"]),
    };
    all.iter().map(mutation).collect()
}

pub(crate) fn fixture() -> Value {
    serde_json::from_str(include_str!("model.json")).unwrap()
}

impl Mutation {
    /// The models before and after; `name` is the service's.
    pub(crate) fn models(&self, name: &str) -> [Service; 2] {
        let mut old = fixture();
        edit(&mut old, &self.base);
        let mut new = old.clone();
        edit(&mut new, &self.edit);
        [old, new].map(|mut model| {
            model["service"]["name"] = name.into();
            parse(&model).unwrap_or_else(|faults| panic!("{}: {faults}", self.name))
        })
    }

    /// What the model before is made of: equal texts are equal models.
    pub(crate) fn base(&self) -> String {
        Value::Object(self.base.clone()).to_string()
    }

    pub(crate) fn changes(&self) -> Vec<Change> {
        let [old, new] = self.models("small-service");
        changes(&[old], &[new])
    }

    /// What the change means for programs that are compiled anew.
    pub(crate) fn rust(&self) -> Option<Verdict> {
        self.changes().iter().filter_map(|change| change.rule.rust).max()
    }
}

pub(crate) fn parse(model: &Value) -> Result<Service, Faults> {
    model::parse(model)
}

fn edit(model: &mut Value, edits: &Map<String, Value>) {
    for (path, value) in edits {
        let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
        let steps = parent.split('/').filter(|step| !step.is_empty());
        let parent = steps.fold(&mut *model, |value, step| match value {
            Value::Array(entries) => {
                let index = position(entries, step).unwrap_or_else(|| panic!("{path}: no {step}"));
                &mut entries[index]
            }
            value => &mut value[step],
        });
        set(parent, last, value, path);
    }
}

fn set(parent: &mut Value, last: &str, value: &Value, path: &str) {
    match (parent, value) {
        (Value::Array(entries), value) if last == "+" => entries.push(value.clone()),
        (Value::Array(entries), value) => match (position(entries, last), value) {
            (Some(index), Value::Null) => drop(entries.remove(index)),
            (Some(index), value) => entries[index] = value.clone(),
            (None, value) => entries.push(value.clone()),
        },
        (Value::Object(object), Value::Null) => {
            object.remove(last).unwrap_or_else(|| panic!("{path}: nothing to remove"));
        }
        (parent, value) => parent[last] = value.clone(),
    }
}

/// The entry of this name, or at this index.
fn position(list: &[Value], step: &str) -> Option<usize> {
    let is_named = |entry: &Value| ["name", "value", "id", "form"].iter().any(|key| entry[*key] == step);
    list.iter().position(is_named).or_else(|| step.parse().ok())
}

/// Changes as they are reviewed: both verdicts, the rule, and the line that users read.
pub(crate) fn lines(changes: &[Change]) -> String {
    changes.iter().fold(String::new(), |mut text, change| {
        let name = |verdict: Option<Verdict>| verdict.map_or("-", Verdict::name);
        let [rust, wire] = [change.rule.rust, change.rule.wire].map(name);
        let _ = writeln!(text, "  {rust}/{wire} {}: {change}", change.rule.id);
        if !change.operations.is_empty() {
            let _ = writeln!(text, "      in {}", change.operations.join(" "));
        }
        text
    })
}

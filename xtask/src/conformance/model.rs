//! Models of cases on their way to a model of ours.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::Sources;
use serde_json::{Value, json};

/// Why a case has no model of ours.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It uses what our format has no word for; such a case is left out.
    Inexpressible(String),
    /// It is not what its own format wants; such a case fails.
    Malformed(String),
}

/// What a case says of a service, in the terms of our files.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Model {
    pub(super) version: String,
    pub(super) target_prefix: String,
    pub(super) operations: BTreeMap<String, Operation>,
    /// Entries of `shapes.json` by name.
    pub(super) shapes: BTreeMap<String, Value>,
    /// Status by name.
    pub(super) exceptions: BTreeMap<String, u16>,
}

/// An operation; a case may be silent about what it does not use.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Operation {
    pub(super) input: Option<String>,
    pub(super) output: Option<String>,
    pub(super) exceptions: BTreeSet<String>,
    pub(super) idempotent: bool,
}

impl Model {
    /// Takes in what another case says, if nothing of it contradicts: one module is compiled faster than many.
    pub(super) fn merge(&mut self, other: &Self) -> bool {
        let agrees = self.version == other.version
            && self.target_prefix == other.target_prefix
            && agree(&self.shapes, &other.shapes, PartialEq::eq)
            && agree(&self.exceptions, &other.exceptions, PartialEq::eq)
            && agree(&self.operations, &other.operations, Operation::agrees);
        if agrees {
            self.shapes.extend(other.shapes.clone());
            self.exceptions.extend(other.exceptions.clone());
            for (name, operation) in &other.operations {
                self.operations.entry(name.clone()).or_default().merge(operation);
            }
        }
        agrees
    }

    /// The files of a service called `name`.
    pub(super) fn sources(&self, name: &str) -> Sources {
        let mut shapes = self.shapes.clone();
        let operations: Vec<_> =
            self.operations.iter().map(|(name, operation)| operation.entry(name, &mut shapes)).collect();
        let exceptions = self.exceptions.iter().map(|(name, status)| {
            let category = if *status < 500 { "client" } else { "server" };
            json!({ "name": name, "status": status, "doc": DOC, "category": category })
        });
        let rules = json!([
            { "when": ["endpoint-set"], "custom": true },
            { "when": [], "error": "cases run against an endpoint of their own" },
        ]);
        Sources {
            service: json!({
                "$schema": schema("service"),
                "name": name,
                "title": name,
                "doc": DOC,
                "version": "2000-01-01",
                "settings_id": name,
                "protocol": { "aws-json": { "version": self.version, "target_prefix": self.target_prefix } },
                "auth": { "sigv4": { "signing_name": "service" } },
                "endpoints": { "rules": rules },
            })
            .to_string(),
            operations: list("operations", "operations", operations.into_iter()),
            shapes: list("shapes", "shapes", shapes.into_values()),
            exceptions: list("exceptions", "exceptions", exceptions),
            error_codes: list("error-codes", "error_codes", std::iter::empty()),
        }
    }
}

impl Operation {
    fn agrees(&self, other: &Self) -> bool {
        let agree = |ours: &Option<String>, theirs: &Option<String>| {
            ours.is_none() || theirs.is_none() || ours == theirs
        };
        agree(&self.input, &other.input)
            && agree(&self.output, &other.output)
            && self.idempotent == other.idempotent
    }

    fn merge(&mut self, other: &Self) {
        self.input = self.input.take().or_else(|| other.input.clone());
        self.output = self.output.take().or_else(|| other.output.clone());
        self.exceptions.extend(other.exceptions.iter().cloned());
        self.idempotent = other.idempotent;
    }

    /// Our format wants structures for both ways; where a case has none, an empty one stands in.
    fn entry(&self, name: &str, shapes: &mut BTreeMap<String, Value>) -> Value {
        let mut structure = |given: &Option<String>, suffix: &str| {
            given.clone().unwrap_or_else(|| {
                let name = format!("{name}{suffix}");
                let empty = json!({ "name": name, "doc": DOC, "type": "structure", "members": [] });
                shapes.insert(name.clone(), empty);
                name
            })
        };
        json!({
            "name": name,
            "doc": DOC,
            "input": structure(&self.input, "NoInput"),
            "output": structure(&self.output, "NoOutput"),
            "exceptions": self.exceptions,
            "idempotent": self.idempotent,
        })
    }
}

/// Documentation, where our format wants some.
pub(super) const DOC: &str = "Stands in a conformance case.";

/// What a case of another format has to have.
pub(super) fn wanted<T>(found: Option<T>, what: &str) -> Result<T, Refusal> {
    found.ok_or_else(|| Refusal::Malformed(format!("the case's model has no {what}")))
}

/// Refuses keys that mean something we would pass over.
pub(super) fn only<'a>(
    keys: impl IntoIterator<Item = &'a String>,
    known: &[&str],
    of: &str,
) -> Result<(), Refusal> {
    match keys.into_iter().find(|key| !known.contains(&key.as_str())) {
        Some(key) => {
            Err(Refusal::Inexpressible(format!("{key} of {of}: the model format has no such thing")))
        }
        None => Ok(()),
    }
}

fn agree<T>(
    ours: &BTreeMap<String, T>,
    theirs: &BTreeMap<String, T>,
    agrees: impl Fn(&T, &T) -> bool,
) -> bool {
    theirs.iter().all(|(name, theirs)| ours.get(name).is_none_or(|ours| agrees(ours, theirs)))
}

fn list(file: &str, key: &str, entries: impl Iterator<Item = Value>) -> String {
    json!({ "$schema": schema(file), key: entries.collect::<Value>() }).to_string()
}

fn schema(file: &str) -> String {
    format!("../../schema.json#/$defs/{file}")
}

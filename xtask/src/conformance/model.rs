//! The conversion of cases' models to our format.

use std::collections::{BTreeMap, BTreeSet};

use gatewright_model::{Sources, XmlNamespace};
use serde_json::{Value, json};

use crate::import::XmlRoot;

/// Why a case's model cannot be converted.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The model uses something that our format cannot express; the case is skipped.
    Inexpressible(String),
    /// The model violates its own format; the case fails.
    Malformed(String),
}

/// The service of a case, in our format.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Model {
    pub(super) protocol: Protocol,
    pub(super) operations: BTreeMap<String, Operation>,
    /// Entries of `shapes.json` by name.
    pub(super) shapes: BTreeMap<String, Value>,
    /// Errors by name of the exception; in a query service, by code.
    pub(super) exceptions: BTreeMap<String, Exception>,
}

/// An error of a case.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Exception {
    pub(super) status: u16,
    /// The structure of its members, if it has any.
    pub(super) shape: Option<String>,
}

/// The message format of a case.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Protocol {
    Json { version: String, target_prefix: String },
    Query { api_version: String },
    Ec2 { api_version: String, names: BTreeMap<String, String> },
    RestJson,
    RestXml,
}

impl Default for Protocol {
    fn default() -> Self {
        Self::Json { version: "1.1".to_owned(), target_prefix: "NotSaid".to_owned() }
    }
}

impl Protocol {
    /// Whether messages are forms and XML.
    pub(super) fn is_query(&self) -> bool {
        matches!(self, Self::Query { .. } | Self::Ec2 { .. })
    }

    /// Whether members may be outside of the body.
    pub(super) fn is_rest(&self) -> bool {
        matches!(self, Self::RestJson | Self::RestXml)
    }

    /// Whether lists, maps and members have names in XML, or in forms after the same rules.
    pub(super) fn has_xml_names(&self) -> bool {
        self.is_query() || matches!(self, Self::RestXml)
    }

    /// The default format of timestamps.
    pub(super) fn timestamp_format(&self) -> &'static str {
        if self.has_xml_names() { "date-time" } else { "epoch-seconds" }
    }
}

/// An operation; a case may omit the parts that it does not use.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Operation {
    pub(super) input: Option<String>,
    pub(super) output: Option<String>,
    pub(super) exceptions: BTreeSet<String>,
    pub(super) idempotent: bool,
    pub(super) compressed: bool,
    pub(super) http: Option<Value>,
    pub(super) host_prefix: Option<String>,
    pub(super) result_wrapper: Option<String>,
    pub(super) xml_root: Option<Value>,
}

impl Model {
    /// Merges another case if nothing in it contradicts: one module is compiled faster than many.
    pub(super) fn merge(&mut self, other: &Self) -> bool {
        let agrees = self.protocol == other.protocol
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
        let error = |key: &'static str| {
            self.exceptions.iter().map(move |(name, Exception { status, shape })| {
                let category = if *status < 500 { "client" } else { "server" };
                let mut entry = json!({ key: name, "status": status, "doc": DOC, "category": category });
                if let Some(shape) = shape {
                    entry["shape"] = shape.as_str().into();
                }
                entry
            })
        };
        let (exceptions, codes): (Vec<_>, Vec<_>) = match self.protocol {
            Protocol::Json { .. } | Protocol::RestJson | Protocol::RestXml => {
                (error("name").collect(), Vec::new())
            }
            Protocol::Query { .. } | Protocol::Ec2 { .. } => (Vec::new(), error("value").collect()),
        };
        let (api_version, protocol) = match &self.protocol {
            Protocol::Json { version, target_prefix } => {
                ("2000-01-01", json!({ "aws-json": { "version": version, "target_prefix": target_prefix } }))
            }
            Protocol::Query { api_version } => {
                (api_version.as_str(), json!({ "aws-query": { "xml_namespace": "https://example.com/" } }))
            }
            Protocol::Ec2 { api_version, names } => {
                let facts = json!({ "xml_namespace": "https://example.com/", "request_names": names });
                (api_version.as_str(), json!({ "aws-ec2": facts }))
            }
            Protocol::RestJson => ("2000-01-01", json!({ "aws-rest-json": {} })),
            Protocol::RestXml => ("2000-01-01", json!({ "aws-rest-xml": {} })),
        };
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
                "version": api_version,
                "settings_id": name,
                "protocol": protocol,
                "auth": { "sigv4": { "signing_name": "service" } },
                "endpoints": { "rules": rules },
            })
            .to_string(),
            shapes: list("shapes", "shapes", self.reached(&operations, shapes).into_values()),
            operations: list("operations", "operations", operations.into_iter()),
            exceptions: list("exceptions", "exceptions", exceptions.into_iter()),
            error_codes: list("error-codes", "error_codes", codes.into_iter()),
            ..Sources::default()
        }
    }

    /// The shapes that operations and errors use.
    fn reached(&self, operations: &[Value], mut shapes: BTreeMap<String, Value>) -> BTreeMap<String, Value> {
        let ends = operations.iter().flat_map(|operation| [&operation["input"], &operation["output"]]);
        let errors = self.exceptions.values().filter_map(|error| error.shape.clone());
        let mut ahead: Vec<_> = ends.filter_map(Value::as_str).map(str::to_owned).chain(errors).collect();
        let mut reached = BTreeMap::new();
        while let Some(name) = ahead.pop() {
            let Some(shape) = shapes.remove(&name) else { continue };
            let own = ["member", "key", "value"].into_iter().map(|key| &shape[key]);
            let members = shape["members"].as_array().into_iter().flatten().map(|member| &member["shape"]);
            ahead.extend(own.chain(members).filter_map(Value::as_str).map(str::to_owned));
            reached.insert(name, shape);
        }
        reached
    }
}

impl Operation {
    fn agrees(&self, other: &Self) -> bool {
        compatible(self.input.as_ref(), other.input.as_ref())
            && compatible(self.output.as_ref(), other.output.as_ref())
            && self.idempotent == other.idempotent
            && self.compressed == other.compressed
            && compatible(self.http.as_ref(), other.http.as_ref())
            && self.host_prefix == other.host_prefix
            && compatible(self.result_wrapper.as_ref(), other.result_wrapper.as_ref())
            && compatible(self.xml_root.as_ref(), other.xml_root.as_ref())
    }

    fn merge(&mut self, other: &Self) {
        self.input = self.input.take().or_else(|| other.input.clone());
        self.output = self.output.take().or_else(|| other.output.clone());
        self.exceptions.extend(other.exceptions.iter().cloned());
        self.idempotent = other.idempotent;
        self.compressed = other.compressed;
        self.http = self.http.take().or_else(|| other.http.clone());
        self.host_prefix.clone_from(&other.host_prefix);
        self.result_wrapper = self.result_wrapper.take().or_else(|| other.result_wrapper.clone());
        self.xml_root = self.xml_root.take().or_else(|| other.xml_root.clone());
    }

    /// Our format requires input and output structures; a missing one becomes an empty structure.
    fn entry(&self, name: &str, shapes: &mut BTreeMap<String, Value>) -> Value {
        let mut structure = |given: &Option<String>, suffix: &str| {
            given.clone().unwrap_or_else(|| {
                let name = format!("{name}{suffix}");
                let empty = json!({ "name": name, "doc": DOC, "type": "structure", "members": [] });
                shapes.insert(name.clone(), empty);
                name
            })
        };
        let mut entry = json!({
            "name": name,
            "doc": DOC,
            "input": structure(&self.input, "NoInput"),
            "output": structure(&self.output, "NoOutput"),
            "exceptions": self.exceptions,
            "idempotent": self.idempotent,
        });
        for (key, text) in [("host_prefix", &self.host_prefix), ("result_wrapper", &self.result_wrapper)] {
            if let Some(text) = text {
                entry[key] = text.clone().into();
            }
        }
        if let Some(http) = &self.http {
            entry["http"] = http.clone();
        }
        if let Some(root) = &self.xml_root {
            entry["xml_root"] = root.clone();
        }
        if self.compressed {
            entry["request_compression"] = "gzip".into();
        }
        entry
    }
}

/// Placeholder documentation, which our format requires.
pub(super) const DOC: &str = "Used in a conformance case.";

/// A root element of requests, in our format.
pub(super) fn root_entry(root: &XmlRoot) -> Value {
    let mut entry = json!({ "name": root.name });
    if let Some(namespace) = &root.namespace {
        entry["namespace"] = namespace_entry(namespace);
    }
    entry
}

/// A namespace, in our format.
pub(super) fn namespace_entry(XmlNamespace { uri, prefix }: &XmlNamespace) -> Value {
    let mut entry = json!({ "uri": uri });
    if let Some(prefix) = prefix {
        entry["prefix"] = prefix.as_str().into();
    }
    entry
}

/// A required member of a case's model.
pub(super) fn wanted<T>(found: Option<T>, what: &str) -> Result<T, Refusal> {
    found.ok_or_else(|| Refusal::Malformed(format!("the case's model has no {what}")))
}

/// Whether requests must be compressed, according to a case in either format.
pub(super) fn compressed(compression: Option<&Value>) -> Result<bool, Refusal> {
    let Some(compression) = compression else { return Ok(false) };
    let encodings = wanted(compression["encodings"].as_array(), "encodings of compressed requests")?;
    if encodings.iter().any(|encoding| encoding == "gzip") {
        return Ok(true);
    }
    Err(Refusal::Inexpressible("compressed requests without gzip: the model format has none".to_owned()))
}

/// Refuses operations whose requests need a checksum, in either format: the cases accept no other than MD5.
pub(super) fn without_checksum(is_required: bool) -> Result<(), Refusal> {
    if is_required {
        let why = "the case expects Content-MD5; our requests have a CRC-32 instead, as those of botocore";
        return Err(Refusal::Inexpressible(why.to_owned()));
    }
    Ok(())
}

/// Refuses keys whose meaning would be ignored.
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

/// Whether two facts agree, one of which may be missing.
fn compatible<T: PartialEq>(ours: Option<&T>, theirs: Option<&T>) -> bool {
    ours.is_none() || theirs.is_none() || ours == theirs
}

fn agree<T>(
    ours: &BTreeMap<String, T>,
    theirs: &BTreeMap<String, T>,
    agrees: impl Fn(&T, &T) -> bool,
) -> bool {
    theirs.iter().all(|(name, theirs)| ours.get(name).is_none_or(|ours| agrees(ours, theirs)))
}

pub(super) fn list(file: &str, key: &str, entries: impl Iterator<Item = Value>) -> String {
    json!({ "$schema": schema(file), key: entries.collect::<Value>() }).to_string()
}

fn schema(file: &str) -> String {
    format!("../../schema/{file}.json")
}

//! Loads a [`Service`] from its files.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Map, Value};

use crate::error::{Place, Report};
use crate::json::Read;
use crate::positions::{self, Named, Position};
use crate::strict::Strict;
use crate::{Fault, Faults, PartitionTable, Service, bounded, raw, resolve};

mod all;
mod explanations;
mod tables;

pub use all::load_all;

/// The texts of a model's files.
#[derive(Clone, Debug, Default)]
pub struct Sources {
    /// `service.json`: name, protocol, endpoints.
    pub service: String,
    /// `operations.json`.
    pub operations: String,
    /// `shapes.json`.
    pub shapes: String,
    /// `exceptions.json`.
    pub exceptions: String,
    /// `error-codes.json`.
    pub error_codes: String,
    /// `waiters.json`; empty if the service has none.
    pub waiters: String,
    /// `known-responses.json`, the known responses; empty if the service has none.
    pub known_responses: String,
}

/// Reads, resolves and checks the model in a folder.
///
/// # Errors
///
/// Returns all faults of the model, with file paths through `dir`, or the faults of the shared tables if there are any.
pub fn load(dir: &Path) -> Result<Service, Faults> {
    load_with(dir, &PartitionTable::all()?)
}

/// Reads, resolves and checks the model in a folder, which refers to these tables.
///
/// # Errors
///
/// Returns all faults of the model, with file paths through `dir`.
pub fn load_with(dir: &Path, tables: &[PartitionTable]) -> Result<Service, Faults> {
    let at = |file: &str| dir.join(file).display().to_string();
    let mut unread = Vec::new();
    let mut read = |file: &str| {
        bounded::read(&dir.join(file))
            .map_err(|error| format!("cannot be read: {error}"))
            .and_then(text)
            .unwrap_or_else(|message| {
                unread.push(Fault { file: at(file), position: None, path: String::new(), message });
                String::new()
            })
    };
    let mut optional = |file: &str| if dir.join(file).exists() { read(file) } else { String::new() };
    let (waiters, known_responses) = (optional(WAITERS), optional(KNOWN_RESPONSES));
    let sources = Sources {
        service: read(SERVICE),
        operations: read(OPERATIONS),
        shapes: read(SHAPES),
        exceptions: read(EXCEPTIONS),
        error_codes: read(ERROR_CODES),
        waiters,
        known_responses,
    };
    if !unread.is_empty() {
        return Err(Faults(unread));
    }

    let service = Service::parse_with(&sources, tables).map_err(|Faults(faults)| {
        Faults(faults.into_iter().map(|fault| Fault { file: at(&fault.file), ..fault }).collect())
    })?;
    match dir.file_name() {
        Some(folder) if folder.to_str() != Some(&service.name) => Err(Faults(vec![Fault {
            file: at(SERVICE),
            position: None,
            path: "name".into(),
            message: format!("\"{}\" is not the name of its folder, give both the same", service.name),
        }])),
        Some(_) | None => Ok(service),
    }
}

/// The text of a file.
fn text(bytes: Vec<u8>) -> Result<String, String> {
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("is UTF-16, save it as UTF-8".to_owned());
    }
    String::from_utf8(bytes).map_err(|error| {
        format!("is not UTF-8 from byte {} on, save it as UTF-8", error.utf8_error().valid_up_to())
    })
}

impl Service {
    /// Resolves and checks a model.
    ///
    /// # Errors
    ///
    /// Returns all faults of the model, or the faults of the shared tables if there are any.
    pub fn parse(sources: &Sources) -> Result<Self, Faults> {
        Self::parse_with(sources, &PartitionTable::all()?)
    }

    fn parse_with(sources: &Sources, tables: &[PartitionTable]) -> Result<Self, Faults> {
        let mut report = Report::default();
        let files = Files {
            service: service(&sources.service, &mut report),
            operations: list(OPERATIONS, "operations", "name", &sources.operations, &mut report),
            shapes: list(SHAPES, "shapes", "name", &sources.shapes, &mut report),
            exceptions: list(EXCEPTIONS, "exceptions", "name", &sources.exceptions, &mut report),
            error_codes: list(ERROR_CODES, "error_codes", "value", &sources.error_codes, &mut report),
            waiters: waiters(&sources.waiters, &mut report),
            known_responses: known_responses(&sources.known_responses, &mut report),
        };
        let service = resolve::resolve(files, tables, &mut report);
        report.finish(service, |places| sources.positions(places))
    }
}

impl Sources {
    /// Positions of places in the texts.
    fn positions(&self, places: &[&Place]) -> Vec<Option<Position>> {
        let named = |list, label| Some(Named { list, label });
        let files = [
            (SERVICE, &self.service, None),
            (OPERATIONS, &self.operations, named("operations", "name")),
            (SHAPES, &self.shapes, named("shapes", "name")),
            (EXCEPTIONS, &self.exceptions, named("exceptions", "name")),
            (ERROR_CODES, &self.error_codes, named("error_codes", "value")),
            (WAITERS, &self.waiters, named("waiters", "name")),
            (KNOWN_RESPONSES, &self.known_responses, named("known_responses", "id")),
        ];
        let mut found = vec![None; places.len()];
        for (file, text, named) in files {
            let (indexes, of_file): (Vec<_>, Vec<_>) = places
                .iter()
                .enumerate()
                .filter(|(_, place)| place.file == file)
                .map(|(i, place)| (i, *place))
                .unzip();
            if !of_file.is_empty() {
                for (index, position) in indexes.into_iter().zip(positions::find(text, named, &of_file)) {
                    found[index] = position;
                }
            }
        }
        found
    }
}

/// The parts of a model that could be read.
pub(crate) struct Files {
    pub(crate) service: Option<raw::Service>,
    pub(crate) operations: List<raw::Operation>,
    pub(crate) shapes: List<raw::Shape>,
    pub(crate) exceptions: List<raw::Exception>,
    pub(crate) error_codes: List<raw::ErrorCode>,
    pub(crate) waiters: List<raw::Waiter>,
    pub(crate) known_responses: Option<raw::KnownResponses>,
}

/// The list in a file.
pub(crate) struct List<T> {
    pub(crate) entries: Vec<Entry<T>>,
    /// Every entry has a name; otherwise no name can be reported as unknown.
    pub(crate) complete: bool,
    /// The names of the entries.
    pub(crate) names: BTreeSet<String>,
}

impl<T> List<T> {
    /// Whether every entry could be read, and has a name of its own.
    pub(crate) fn is_whole(&self) -> bool {
        self.complete
            && self.names.len() == self.entries.len()
            && self.entries.iter().all(|entry| entry.raw.is_some())
    }
}

/// An entry of a list. Its name is known even if the rest has faults, so that references to it are not reported.
pub(crate) struct Entry<T> {
    pub(crate) place: Place,
    pub(crate) name: String,
    pub(crate) raw: Option<T>,
}

pub(crate) const SERVICE: &str = "service.json";
pub(crate) const OPERATIONS: &str = "operations.json";
pub(crate) const SHAPES: &str = "shapes.json";
pub(crate) const EXCEPTIONS: &str = "exceptions.json";
pub(crate) const ERROR_CODES: &str = "error-codes.json";
pub(crate) const WAITERS: &str = "waiters.json";
pub(crate) const KNOWN_RESPONSES: &str = "known-responses.json";

fn service(text: &str, report: &mut Report) -> Option<raw::Service> {
    let place = Place::file(SERVICE);
    let object = file(SERVICE, &schema(SERVICE), text, report)?;
    one(&place, Value::Object(object), report)
}

/// The waiters; the file is optional.
fn waiters(text: &str, report: &mut Report) -> List<raw::Waiter> {
    if text.is_empty() {
        return List { entries: Vec::new(), complete: true, names: BTreeSet::new() };
    }
    list(WAITERS, "waiters", "name", text, report)
}

/// The known responses; the file is optional.
fn known_responses(text: &str, report: &mut Report) -> Option<raw::KnownResponses> {
    if text.is_empty() {
        return None;
    }
    let object = file(KNOWN_RESPONSES, &schema(KNOWN_RESPONSES), text, report)?;
    one(&Place::file(KNOWN_RESPONSES), Value::Object(object), report)
}

fn list<T: Read>(name: &'static str, key: &str, label: &str, text: &str, report: &mut Report) -> List<T> {
    let root = Place::file(name);
    let Some(mut object) = file(name, &schema(name), text, report) else {
        return List { entries: Vec::new(), complete: false, names: BTreeSet::new() };
    };
    let values = match object.remove(key) {
        Some(Value::Array(values)) => Some(values),
        Some(_) => {
            report.fault(&root.key(key), "is not a list, put its entries between [ and ]");
            None
        }
        None => {
            report.fault(&root, format!("has no list \"{key}\", add it, even if it is empty"));
            None
        }
    };
    let complete = values.is_some();
    for unknown in object.keys() {
        report.fault(&root.key(unknown), format!("unknown key, expected only \"$schema\" and \"{key}\""));
    }
    let entry = |(index, entry): (usize, Value)| {
        let name = entry.get(label).and_then(Value::as_str).unwrap_or_default().to_owned();
        let place =
            if name.is_empty() { root.key(key).index(index) } else { root.key(key).entry(index, &name) };
        if name.is_empty() {
            report.fault(&place, format!("has no \"{label}\", add one"));
        }
        Entry { raw: one(&place, entry, report), place, name }
    };
    let entries: Vec<_> = values.unwrap_or_default().into_iter().enumerate().map(entry).collect();
    let names: BTreeSet<_> = entries.iter().map(|entry| entry.name.clone()).collect();
    List { complete: complete && !names.contains(""), entries, names }
}

/// The schema of a service's file.
fn schema(name: &str) -> String {
    format!("../../schema/{name}")
}

/// The object of a file, without the `$schema` that every file starts with.
fn file(name: &'static str, schema: &str, text: &str, report: &mut Report) -> Option<Map<String, Value>> {
    let place = Place::file(name);
    let mut object = match serde_json::from_str(text) {
        Ok(Strict(Value::Object(object))) => object,
        Ok(Strict(_)) => {
            report.fault(&place, "is not an object, put its content between { and }");
            return None;
        }
        Err(error) => {
            let position = Position { line: error.line(), column: error.column().max(1) };
            report.fault_at(&place, position, invalid(text, &error));
            return None;
        }
    };
    // Models elsewhere name it by a path or address of their own.
    let end = schema.trim_start_matches("../");
    let named = object.remove("$schema");
    let before = named.as_ref().and_then(Value::as_str).and_then(|named| named.strip_suffix(end));
    if !before.is_some_and(|before| before.ends_with('/')) {
        let problem =
            format!("must be the path of {end}, such as \"{schema}\", so that editors check the file");
        report.fault(&place.key("$schema"), problem);
    }
    Some(object)
}

/// Why a text is not JSON, with the correction.
fn invalid(text: &str, error: &serde_json::Error) -> String {
    if text.starts_with('\u{feff}') {
        return "begins with a byte order mark, save it as UTF-8 without one".to_owned();
    }
    let line = text.lines().nth(error.line().saturating_sub(1)).unwrap_or_default();
    // The column counts bytes, and points to the unexpected byte or to the byte before it.
    let rest = |before| line.get(error.column().saturating_sub(before)..).unwrap_or_default();
    let is_comment = |rest: &str| ["//", "/*", "#"].iter().any(|sign| rest.starts_with(sign));
    if is_comment(rest(1)) || is_comment(rest(0)) {
        return "is a comment, which JSON does not have; remove it, or make it a \"note\" of an entry"
            .to_owned();
    }
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match message.strip_suffix(&place).unwrap_or(&message) {
        "recursion limit exceeded" => "is nested too deep, at most 127 levels are read".to_owned(),
        message => format!("is not valid JSON: {message}"),
    }
}

/// Reads one object, or reports why not.
pub(crate) fn one<T: Read>(place: &Place, entry: Value, report: &mut Report) -> Option<T> {
    let Some(object) = entry.as_object() else {
        report.fault(place, "is not an object, put its keys between { and }");
        return None;
    };
    if nulls(place, object, report) {
        return None;
    }
    match T::read(entry) {
        Ok(read) => Some(read),
        Err(error) => {
            error.report(place, report);
            None
        }
    }
}

/// Reports keys whose value is `null`, except within wire values, because they would be treated as absent.
fn nulls(place: &Place, object: &Map<String, Value>, report: &mut Report) -> bool {
    const WIRE: [&str; 4] = ["default", "example", "input", "output"];
    object.iter().fold(false, |found, (key, value)| {
        let place = place.key(key);
        let here = match value {
            Value::Null => {
                report.fault(&place, "is null, leave the key out or give it a value");
                true
            }
            _ if WIRE.contains(&key.as_str()) => false,
            Value::Object(object) => nulls(&place, object, report),
            Value::Array(items) => items.iter().enumerate().fold(false, |found, (index, item)| {
                item.as_object().is_some_and(|object| nulls(&place.index(index), object, report)) | found
            }),
            Value::Bool(_) | Value::Number(_) | Value::String(_) => false,
        };
        found | here
    })
}

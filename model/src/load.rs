//! From files to a [`Service`].

use std::fs;
use std::path::Path;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use serde_path_to_error::Segment;

use crate::error::{Place, Report};
use crate::strict::Strict;
use crate::{Fault, Faults, Service, raw, resolve};

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
    /// `answers.json`; empty where the service has none.
    pub answers: String,
}

/// Reads, resolves and checks the model in a folder.
///
/// # Errors
///
/// All faults of the model, their files named by the way through `dir`.
pub fn load(dir: &Path) -> Result<Service, Faults> {
    let at = |file: &str| dir.join(file).display().to_string();
    let mut unread = Vec::new();
    let mut read = |file: &str| {
        fs::read_to_string(dir.join(file)).unwrap_or_else(|error| {
            let message = format!("cannot be read: {error}");
            unread.push(Fault { file: at(file), path: String::new(), message });
            String::new()
        })
    };
    let sources = Sources {
        service: read(SERVICE),
        operations: read(OPERATIONS),
        shapes: read(SHAPES),
        exceptions: read(EXCEPTIONS),
        error_codes: read(ERROR_CODES),
        answers: if dir.join(ANSWERS).exists() { read(ANSWERS) } else { String::new() },
    };
    if !unread.is_empty() {
        return Err(Faults(unread));
    }

    let service = Service::parse(&sources).map_err(|Faults(faults)| {
        Faults(faults.into_iter().map(|fault| Fault { file: at(&fault.file), ..fault }).collect())
    })?;
    match dir.file_name() {
        Some(folder) if folder.to_str() != Some(&service.name) => Err(Faults(vec![Fault {
            file: at(SERVICE),
            path: "name".into(),
            message: format!("\"{}\" is not the name of its folder, give both the same", service.name),
        }])),
        Some(_) | None => Ok(service),
    }
}

impl Service {
    /// Resolves and checks a model.
    ///
    /// # Errors
    ///
    /// All faults of the model.
    pub fn parse(sources: &Sources) -> Result<Self, Faults> {
        let mut report = Report::default();
        let files = Files {
            service: service(&sources.service, &mut report),
            operations: list(OPERATIONS, "operations", "name", &sources.operations, &mut report, value),
            shapes: list(SHAPES, "shapes", "name", &sources.shapes, &mut report, raw::Shape::parse),
            exceptions: list(EXCEPTIONS, "exceptions", "name", &sources.exceptions, &mut report, value),
            error_codes: list(ERROR_CODES, "error_codes", "value", &sources.error_codes, &mut report, value),
            answers: answers(&sources.answers, &mut report),
        };
        let service = resolve::resolve(files, &mut report);
        report.finish(service)
    }
}

/// A model as far as its files could be read.
pub(crate) struct Files {
    pub(crate) service: Option<raw::Service>,
    pub(crate) operations: List<raw::Operation>,
    pub(crate) shapes: List<raw::Shape>,
    pub(crate) exceptions: List<raw::Exception>,
    pub(crate) error_codes: List<raw::ErrorCode>,
    pub(crate) answers: Option<raw::Answers>,
}

/// The list in a file.
pub(crate) struct List<T> {
    pub(crate) entries: Vec<Entry<T>>,
    /// No entry is without a name; if one is, nobody can say that a name is unknown.
    pub(crate) complete: bool,
}

/// An entry of a list. Its name is known even where the rest is at fault, so that references to it are not.
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
pub(crate) const ANSWERS: &str = "answers.json";

type PathError = serde_path_to_error::Error<serde_json::Error>;

fn service(text: &str, report: &mut Report) -> Option<raw::Service> {
    let place = Place::file(SERVICE);
    let object = file(SERVICE, text, report)?;
    one(&place, Value::Object(object), report, value)
}

/// The one file that services may do without.
fn answers(text: &str, report: &mut Report) -> Option<raw::Answers> {
    if text.is_empty() {
        return None;
    }
    let object = file(ANSWERS, text, report)?;
    one(&Place::file(ANSWERS), Value::Object(object), report, value)
}

fn list<T>(
    name: &'static str,
    key: &str,
    label: &str,
    text: &str,
    report: &mut Report,
    read: impl Fn(Map<String, Value>) -> Result<T, PathError>,
) -> List<T> {
    let root = Place::file(name);
    let Some(mut object) = file(name, text, report) else {
        return List { entries: Vec::new(), complete: false };
    };
    let values = match object.remove(key) {
        Some(Value::Array(values)) => Some(values),
        Some(_) => {
            report.fault(&root.key(key), "is not a list, put its entries between [ and ]");
            None
        }
        None => {
            report.fault(&root, format!("has no list \"{key}\", add it, empty if need be"));
            None
        }
    };
    let complete = values.is_some();
    for unknown in object.keys() {
        report.fault(&root.key(unknown), format!("unknown key, expected only \"$schema\" and \"{key}\""));
    }
    let entry = |(index, entry): (usize, Value)| {
        let name = entry.get(label).and_then(Value::as_str).unwrap_or_default().to_owned();
        let place = if name.is_empty() { root.key(key).index(index) } else { root.key(&name) };
        if name.is_empty() {
            report.fault(&place, format!("has no \"{label}\", give it one"));
        }
        Entry { raw: one(&place, entry, report, &read), place, name }
    };
    let entries: Vec<_> = values.unwrap_or_default().into_iter().enumerate().map(entry).collect();
    List { complete: complete && entries.iter().all(|entry| !entry.name.is_empty()), entries }
}

/// The object of a file, without the `$schema` that every file starts with.
fn file(name: &'static str, text: &str, report: &mut Report) -> Option<Map<String, Value>> {
    let place = Place::file(name);
    let mut object = match serde_json::from_str(text) {
        Ok(Strict(Value::Object(object))) => object,
        Ok(Strict(_)) => {
            report.fault(&place, "is not an object, put its content between { and }");
            return None;
        }
        Err(error) => {
            report.fault(&place, format!("is not valid JSON: {error}"));
            return None;
        }
    };
    let expected = format!("../../schema.json#/$defs/{}", name.trim_end_matches(".json"));
    if object.remove("$schema") != Some(Value::String(expected.clone())) {
        report
            .fault(&place.key("$schema"), format!("must be \"{expected}\", so that editors check the file"));
    }
    Some(object)
}

/// Reads one object, or reports why not.
pub(crate) fn one<T>(
    place: &Place,
    entry: Value,
    report: &mut Report,
    read: impl Fn(Map<String, Value>) -> Result<T, PathError>,
) -> Option<T> {
    let Value::Object(object) = entry else {
        report.fault(place, "is not an object, put its keys between { and }");
        return None;
    };
    if nulls(place, &object, report) {
        return None;
    }
    match read(object) {
        Ok(read) => Some(read),
        Err(error) => {
            let segments: Vec<_> = error.path().iter().collect();
            let segments = match segments.as_slice() {
                // The keys of a shape's type stand beside the type (see `raw::Shape::parse`).
                [Segment::Map { key }, Segment::Enum { .. }, rest @ ..] if key == "type" => rest,
                all => all,
            };
            let place = segments.iter().fold(place.clone(), |place, segment| match segment {
                Segment::Seq { index } => place.index(*index),
                Segment::Map { key } | Segment::Enum { variant: key } => place.key(key),
                Segment::Unknown => place,
            });
            report.fault(&place, plain(&error.inner().to_string()));
            None
        }
    }
}

/// What serde says, in the words of someone who edits JSON.
fn plain(message: &str) -> String {
    const WORDS: [(&str, &str); 10] = [
        ("unknown field", "unknown key"),
        ("unknown variant", "unknown value"),
        ("there are no fields", "this type takes none"),
        ("missing field", "lacks the key"),
        ("a sequence", "a list"),
        ("a map", "an object"),
        ("expected i64", "expected a whole number"),
        ("expected u64", "expected a whole number, 0 or more"),
        ("expected u16", "expected a whole number from 0 to 65535"),
        ("expected f64", "expected a number"),
    ];
    WORDS.iter().fold(message.to_owned(), |message, (from, to)| message.replace(from, to))
}

/// Reads what serde alone can read.
pub(crate) fn value<T: DeserializeOwned>(object: Map<String, Value>) -> Result<T, PathError> {
    serde_path_to_error::deserialize(Value::Object(object))
}

/// Reports keys whose value is `null`, except within wire values: serde would take them for absent ones.
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

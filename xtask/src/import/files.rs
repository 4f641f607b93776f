//! The files of a model: read, and written so that entries that did not change keep their text.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    io::ErrorKind,
    path::{Path, PathBuf},
};

use gatewright_model::{Sources, bounded};
use serde_json::value::RawValue;

use super::json::{Json, Object};
use crate::{failure::Failure, model, paths, tree};

/// What is in the files of a model, unresolved.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Model {
    pub(crate) service: Object,
    pub(crate) operations: Vec<Object>,
    pub(crate) shapes: Vec<Object>,
    pub(crate) exceptions: Vec<Object>,
    pub(crate) error_codes: Vec<Object>,
    pub(crate) waiters: Vec<Object>,
}

/// Files with a list: name, key of the list, and key that names an entry.
pub(super) const LISTS: [(&str, &str, &str); 5] = [
    ("operations.json", "operations", "name"),
    ("shapes.json", "shapes", "name"),
    (EXCEPTIONS, "exceptions", "name"),
    ("error-codes.json", "error_codes", "value"),
    (WAITERS, "waiters", "name"),
];

pub(super) const SERVICE: &str = "service.json";

pub(super) const EXCEPTIONS: &str = "exceptions.json";

/// What the vendor's model said when it was imported last, in our terms.
pub(super) const UPSTREAM: &str = "upstream.json";

/// Key of the operations in [`UPSTREAM`] that `--operations` selected.
const SELECTION: &str = "selection";

/// Only services with waiters have the file.
const WAITERS: &str = "waiters.json";

const KNOWN_RESPONSES: &str = "known-responses.json";

const NOTE: &str =
    "What the vendor's model said at the last import. Written by cargo xtask import; edit the other files.";

impl Model {
    /// The lists, in the order of [`LISTS`].
    pub(super) fn lists(&self) -> [&Vec<Object>; 5] {
        [&self.operations, &self.shapes, &self.exceptions, &self.error_codes, &self.waiters]
    }

    pub(super) fn lists_mut(&mut self) -> [&mut Vec<Object>; 5] {
        [
            &mut self.operations,
            &mut self.shapes,
            &mut self.exceptions,
            &mut self.error_codes,
            &mut self.waiters,
        ]
    }
}

/// A model on disk.
#[derive(Debug, Default)]
pub(super) struct Folder {
    path: PathBuf,
    /// Path of the schemas from here.
    schemas: String,
    /// The model; `None` if there is none yet.
    pub(super) model: Option<Model>,
    /// What the vendor said at the last import.
    pub(super) upstream: Option<Model>,
    /// The operations of the vendor that are imported; `None` for all.
    pub(super) selection: Option<BTreeSet<String>>,
    /// Texts of the files by name.
    texts: BTreeMap<&'static str, String>,
}

impl Folder {
    /// Reads the files that there are.
    pub(super) fn read(path: &Path) -> Result<Self, Failure> {
        let schemas = paths::between(path, &model::root().join("model/schema"))?;
        let mut folder = Self { path: path.to_owned(), schemas, ..Self::default() };
        let lists = LISTS.iter().map(|(file, ..)| *file);
        for file in lists.chain([SERVICE, KNOWN_RESPONSES, UPSTREAM]) {
            match bounded::read_to_string(&path.join(file)) {
                Ok(text) => {
                    folder.texts.insert(file, text);
                }
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(Failure::io("read", &path.join(file))(error)),
            }
        }
        if let Some(text) = folder.texts.get(SERVICE) {
            let mut model = Model { service: folder.object(SERVICE, text)?, ..Model::default() };
            for ((file, key, _), list) in LISTS.into_iter().zip(model.lists_mut()) {
                *list = folder.entries(file, key)?.into_iter().map(|(_, entry)| entry).collect();
            }
            folder.model = Some(model);
        }
        if let Some(text) = folder.texts.get(UPSTREAM) {
            let object = folder.object(UPSTREAM, text)?;
            let service = object.get("service").and_then(Json::object).cloned().unwrap_or_default();
            let mut model = Model { service, ..Model::default() };
            for ((_, key, _), list) in LISTS.into_iter().zip(model.lists_mut()) {
                *list = object.entries(key).cloned().collect();
            }
            if object.get(SELECTION).is_some() {
                folder.selection =
                    Some(object.list(SELECTION).iter().filter_map(Json::text).map(str::to_owned).collect());
            }
            folder.upstream = Some(model);
        }
        Ok(folder)
    }

    fn fault(&self, file: &str, why: impl std::fmt::Display) -> Failure {
        Failure::Failed(format!("{}: {why}; nothing was changed", self.path.join(file).display()))
    }

    fn object(&self, file: &str, text: &str) -> Result<Object, Failure> {
        match Json::parse(text).map_err(|error| self.fault(file, error))? {
            Json::Object(object) => Ok(object),
            _ => Err(self.fault(file, "is not an object")),
        }
    }

    /// Text and content of a file's entries.
    fn entries(&self, file: &str, key: &str) -> Result<Vec<(&str, Object)>, Failure> {
        let Some(text) = self.texts.get(file) else { return Ok(Vec::new()) };
        let fault = |error| self.fault(file, error);
        let keys: BTreeMap<String, &RawValue> = serde_json::from_str(text).map_err(fault)?;
        let Some(list) = keys.get(key) else { return Ok(Vec::new()) };
        let entries: Vec<&RawValue> = serde_json::from_str(list.get()).map_err(fault)?;
        let entry = |raw: &&'_ RawValue| serde_json::from_str(raw.get()).map_err(fault);
        let objects: Vec<Json> = entries.iter().map(entry).collect::<Result<_, _>>()?;
        let pairs = entries.iter().zip(objects).filter_map(|(raw, entry)| match entry {
            Json::Object(object) => Some((raw.get(), object)),
            _ => None,
        });
        Ok(pairs.collect())
    }

    /// The texts of a model's files that are not what is there, by name.
    pub(super) fn texts(
        &self,
        model: &Model,
        upstream: &Model,
    ) -> Result<BTreeMap<&'static str, String>, Failure> {
        let mut texts = BTreeMap::new();
        let same = self.model.as_ref().is_some_and(|known| known.service == model.service);
        let service = self.texts.get(SERVICE).filter(|_| same);
        texts.insert(
            SERVICE,
            service.cloned().unwrap_or_else(|| Json::from(model.service.clone()).entry(0) + "\n"),
        );
        for ((file, key, label), list) in LISTS.into_iter().zip(model.lists()) {
            if is_left_out(file, list) && !self.texts.contains_key(file) {
                continue;
            }
            let known = self.entries(file, key)?;
            let known: BTreeMap<_, _> =
                known.iter().map(|(text, entry)| (entry.text(label), (text, entry))).collect();
            let entry = |entry: &Object| match known.get(&entry.text(label)) {
                Some((text, old)) if *old == entry => (**text).to_owned(),
                _ => Json::from(entry.clone()).entry(4),
            };
            let entries: Vec<_> = list.iter().map(entry).collect();
            texts.insert(file, list_file(&self.schema(file), key, &entries));
        }
        texts.insert(UPSTREAM, upstream_file(upstream, self.selection.as_ref()));
        Ok(texts)
    }

    /// What a file names as its schema, if an editor finds it there, or else the schema of this tree.
    pub(super) fn schema(&self, file: &str) -> String {
        let text = self.texts.get(file).and_then(|text| Json::parse(text).ok());
        let given = text.as_ref().and_then(Json::object).and_then(|file| file.text("$schema"));
        let given = given.filter(|given| given.contains("://") || self.path.join(given).exists());
        given.map_or_else(|| format!("{}/{file}", self.schemas), str::to_owned)
    }

    /// The sources of a model with these texts.
    pub(super) fn sources(&self, texts: &BTreeMap<&'static str, String>) -> Sources {
        let text = |file| texts.get(file).or_else(|| self.texts.get(file)).cloned().unwrap_or_default();
        Sources {
            service: text(SERVICE),
            operations: text("operations.json"),
            shapes: text("shapes.json"),
            exceptions: text(EXCEPTIONS),
            error_codes: text("error-codes.json"),
            waiters: text(WAITERS),
            known_responses: text(KNOWN_RESPONSES),
        }
    }

    /// Writes the texts that are not there yet, and returns their names. [`SERVICE`] and [`UPSTREAM`], which
    /// record what was imported, are written last: if a file cannot be written, the next import repeats this one.
    pub(super) fn write(&self, texts: &BTreeMap<&'static str, String>) -> Result<Vec<&'static str>, Failure> {
        let mut changed: Vec<_> = self.changed(texts).collect();
        changed.sort_by_key(|(file, _)| [SERVICE, UPSTREAM].iter().position(|last| last == file));
        for (file, text) in &changed {
            tree::write(&self.path, file, text)?;
        }
        Ok(changed.into_iter().map(|(file, _)| file).collect())
    }

    /// The texts that are not there yet.
    pub(super) fn changed<'a>(
        &self,
        texts: &'a BTreeMap<&'static str, String>,
    ) -> impl Iterator<Item = (&'static str, &'a String)> {
        texts
            .iter()
            .filter(|(file, text)| self.texts.get(*file) != Some(text))
            .map(|(file, text)| (*file, text))
    }
}

/// Whether a model needs no file for a list.
fn is_left_out(file: &str, list: &[Object]) -> bool {
    file == WAITERS && list.is_empty()
}

fn list_file(schema: &str, key: &str, entries: &[String]) -> String {
    let schema = Json::from(schema).line();
    let mut text = format!("{{\n  \"$schema\": {schema},\n  \"{key}\": [");
    for (index, entry) in entries.iter().enumerate() {
        let _ = write!(text, "{}\n    {entry}", if index == 0 { "" } else { "," });
    }
    text + if entries.is_empty() { "]\n}\n" } else { "\n  ]\n}\n" }
}

/// One line for each entry, so that a change of the vendor is one line too.
fn upstream_file(model: &Model, selection: Option<&BTreeSet<String>>) -> String {
    let mut text = format!("{{\n\"note\": {},\n", Json::from(NOTE).line());
    if let Some(selection) = selection {
        let names: Json = selection.iter().map(String::as_str).collect();
        let _ = writeln!(text, "\"{SELECTION}\": {},", names.line());
    }
    let _ = write!(text, "\"service\": {}", Json::from(model.service.clone()).line());
    let lists = LISTS.into_iter().zip(model.lists()).filter(|((file, ..), list)| !is_left_out(file, list));
    for ((_, key, _), list) in lists {
        let entries: Vec<_> = list.iter().map(|entry| Json::from(entry.clone()).line()).collect();
        let _ = write!(text, ",\n\"{key}\": [\n{}\n]", entries.join(",\n"));
    }
    text + "\n}\n"
}

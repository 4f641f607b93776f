//! JSON whose objects keep the order of their keys.

mod layout;
mod read;

use serde_json::{Number, Value};

/// A JSON value whose objects keep the order of their keys.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Self>),
    Object(Object),
}

/// Keys and values, in order. The order does not matter to comparisons.
#[derive(Clone, Debug, Default)]
pub(crate) struct Object(pub(crate) Vec<(String, Json)>);

impl PartialEq for Object {
    fn eq(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().all(|(key, value)| other.get(key) == Some(value))
    }
}

/// Keys of model files in the order in which new ones are written. Keys of wire values, which are not here, go last.
const ORDER: &[&str] = &[
    "$schema",
    "name",
    "value",
    "wire",
    "rust_name",
    "title",
    "aliases",
    "status",
    "message",
    "type",
    "shape",
    "required",
    "doc",
    "version",
    "settings_id",
    "protocol",
    "auth",
    "endpoints",
    "error_body",
    "input",
    "output",
    "exceptions",
    "category",
    "retryable",
    "carries_code",
    "operations",
    "causes",
    "remedies",
    "read_only",
    "idempotent",
    "accepts_get",
    "unsigned",
    "http",
    "host_prefix",
    "result_wrapper",
    "xml_root",
    "request_compression",
    "request_checksum",
    "operation",
    "min_delay",
    "max_delay",
    "max_wait",
    "pagination",
    "numbered_pages",
    "deprecated",
    "client_token",
    "default",
    "timestamp_format",
    "json_text",
    "flattened",
    "xml_attribute",
    "xml_namespace",
    "in",
    "sensitive",
    "key",
    "member",
    "item",
    "item_namespace",
    "key_name",
    "value_name",
    "key_namespace",
    "value_namespace",
    "sparse",
    "min",
    "max",
    "min_length",
    "max_length",
    "min_items",
    "max_items",
    "pattern",
    "pattern_equivalent",
    "pattern_unchecked",
    "format",
    "example",
    "members",
    "values",
    "acceptors",
    "state",
    "path",
    "is",
    "all",
    "any",
    "error",
    "succeeds",
    "examples",
    "sample",
    "note",
];

impl Object {
    pub(crate) fn get(&self, key: &str) -> Option<&Json> {
        self.0.iter().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    pub(crate) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key) {
            Some(Json::Text(text)) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn list(&self, key: &str) -> &[Json] {
        self.get(key).map(Json::items).unwrap_or_default()
    }

    /// The objects of a list.
    pub(crate) fn entries(&self, key: &str) -> impl Iterator<Item = &Self> {
        self.list(key).iter().filter_map(Json::object)
    }

    /// The objects of a list, to change them.
    pub(crate) fn entries_mut(&mut self, key: &str) -> impl Iterator<Item = &mut Self> {
        let items = match self.get_mut(key) {
            Some(Json::List(items)) => items.as_mut_slice(),
            _ => &mut [],
        };
        items.iter_mut().filter_map(|item| match item {
            Json::Object(object) => Some(object),
            _ => None,
        })
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Json> {
        self.0.iter_mut().find(|(known, _)| known == key).map(|(_, value)| value)
    }

    /// Replaces a value, or inserts it where model files have its key.
    pub(crate) fn set(&mut self, key: &str, value: impl Into<Json>) {
        let value = value.into();
        if let Some(old) = self.get_mut(key) {
            *old = value;
            return;
        }
        let rank = |key: &str| ORDER.iter().position(|known| *known == key).unwrap_or(ORDER.len());
        let before = self.0.iter().rposition(|(known, _)| rank(known) <= rank(key));
        self.0.insert(before.map_or(0, |index| index + 1), (key.to_owned(), value));
    }

    pub(crate) fn set_some(&mut self, key: &str, value: Option<impl Into<Json>>) {
        if let Some(value) = value {
            self.set(key, value);
        }
    }

    /// Sets a flag, which files leave out if it is off.
    pub(crate) fn set_flag(&mut self, key: &str, flag: bool) {
        if flag {
            self.set(key, true);
        }
    }

    pub(crate) fn remove(&mut self, key: &str) {
        self.0.retain(|(known, _)| known != key);
    }
}

impl Json {
    /// Reads a text.
    pub(crate) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        serde_json::from_str(text)
    }

    pub(crate) fn object(&self) -> Option<&Object> {
        match self {
            Self::Object(object) => Some(object),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The items of a list.
    pub(crate) fn items(&self) -> &[Self] {
        match self {
            Self::List(items) => items,
            _ => &[],
        }
    }
}

impl From<bool> for Json {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<&str> for Json {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Json {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<Number> for Json {
    fn from(number: Number) -> Self {
        Self::Number(number)
    }
}

impl From<u16> for Json {
    fn from(number: u16) -> Self {
        Self::Number(number.into())
    }
}

impl From<Object> for Json {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl<T: Into<Self>> FromIterator<T> for Json {
    fn from_iter<I: IntoIterator<Item = T>>(items: I) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl<K: Into<String>, V: Into<Json>, const N: usize> From<[(K, V); N]> for Json {
    fn from(pairs: [(K, V); N]) -> Self {
        Self::Object(Object(pairs.into_iter().map(|(key, value)| (key.into(), value.into())).collect()))
    }
}

impl From<Value> for Json {
    fn from(value: Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(flag) => Self::Bool(flag),
            Value::Number(number) => Self::Number(number),
            Value::String(text) => Self::Text(text),
            Value::Array(items) => items.into_iter().collect(),
            Value::Object(pairs) => {
                Self::Object(Object(pairs.into_iter().map(|(key, value)| (key, value.into())).collect()))
            }
        }
    }
}

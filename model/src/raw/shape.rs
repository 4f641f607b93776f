//! Entries of `shapes.json`.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::json;
use crate::{Location, TimestampFormat, XmlNamespace};

/// A shape: the keys that all shapes have, and the keys of its type.
pub(crate) struct Shape {
    pub(crate) common: Common,
    pub(crate) kind: Kind,
}

impl Shape {
    /// Keys that all shapes have.
    pub(crate) const COMMON: [&str; 8] =
        ["name", "rust_name", "doc", "type", "example", "deprecated", "sensitive", "note"];

    /// The keys of a type are next to the common ones. They are separated so that serde checks each kind.
    pub(crate) fn parse(entry: Map<String, Value>) -> Result<Self, json::Error> {
        let (common, rest): (Map<_, _>, Map<_, _>) =
            entry.into_iter().partition(|(key, _)| Self::COMMON.contains(&key.as_str()));
        let common: Common = json::read(common)?;
        let kind = Map::from_iter([(common.ty.clone(), Value::Object(rest))]);
        let kind = json::read(kind).map_err(|error| error.of_variant("type", &Self::COMMON))?;
        Ok(Self { common, kind })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Common {
    pub(crate) name: String,
    pub(crate) rust_name: Option<String>,
    #[serde(default)]
    pub(crate) doc: String,
    #[serde(rename = "type")]
    ty: String,
    pub(crate) example: Option<Value>,
    pub(crate) deprecated: Option<String>,
    #[serde(default)]
    pub(crate) sensitive: bool,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) enum Kind {
    Boolean {},
    Byte(Range<i64>),
    Short(Range<i64>),
    Integer(Range<i64>),
    Long(Range<i64>),
    Float(Range<f64>),
    Double(Range<f64>),
    String {
        min_length: Option<u64>,
        max_length: Option<u64>,
        pattern: Option<String>,
        pattern_equivalent: Option<String>,
        #[serde(default)]
        pattern_unchecked: bool,
    },
    Enum {
        values: Vec<EnumValue>,
    },
    IntEnum {
        values: Vec<IntEnumValue>,
    },
    Blob {
        min_length: Option<u64>,
        max_length: Option<u64>,
    },
    Timestamp {
        format: Option<TimestampFormat>,
    },
    Document {},
    List {
        member: String,
        item: Option<String>,
        item_namespace: Option<XmlNamespace>,
        min_items: Option<u64>,
        max_items: Option<u64>,
        #[serde(default)]
        sparse: bool,
    },
    Map {
        key: String,
        value: String,
        key_name: Option<String>,
        value_name: Option<String>,
        key_namespace: Option<XmlNamespace>,
        value_namespace: Option<XmlNamespace>,
        min_items: Option<u64>,
        max_items: Option<u64>,
        #[serde(default)]
        sparse: bool,
    },
    Structure(Members),
    Union(Members),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Range<T> {
    pub(crate) min: Option<T>,
    pub(crate) max: Option<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EnumValue {
    pub(crate) value: String,
    pub(crate) rust_name: Option<String>,
    #[serde(default)]
    pub(crate) doc: String,
    #[serde(default)]
    pub(crate) aliases: Vec<String>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct IntEnumValue {
    pub(crate) name: String,
    pub(crate) rust_name: Option<String>,
    pub(crate) value: i32,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Members {
    pub(crate) members: Vec<Member>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub(crate) struct Member {
    pub(crate) name: String,
    pub(crate) wire: Option<String>,
    pub(crate) shape: String,
    #[serde(default)]
    pub(crate) required: bool,
    #[serde(default)]
    pub(crate) client_token: bool,
    #[serde(default)]
    pub(crate) doc: String,
    pub(crate) default: Option<Value>,
    pub(crate) deprecated: Option<String>,
    pub(crate) timestamp_format: Option<TimestampFormat>,
    #[serde(default)]
    pub(crate) json_text: bool,
    #[serde(default)]
    pub(crate) flattened: bool,
    #[serde(default)]
    pub(crate) xml_attribute: bool,
    pub(crate) xml_namespace: Option<XmlNamespace>,
    #[serde(rename = "in")]
    pub(crate) location: Option<Location>,
    #[serde(rename = "note")]
    _note: Option<String>,
}

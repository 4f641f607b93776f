//! Entries of `shapes.json`.

use serde_json::{Map, Value};

use crate::json::{self, Read, choice, object};
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
}

impl Read for Shape {
    /// The keys of a type are next to the common ones. They are separated so that each kind is checked.
    fn read(value: Value) -> Result<Self, json::Error> {
        let mut rest = json::entries(value)?;
        let mut common = Map::new();
        for key in Self::COMMON {
            common.extend(rest.remove_entry(key));
        }
        let common = Common::read(Value::Object(common))?;
        let kind = Kind::read(Value::from_iter([(common.ty.as_str(), rest)]))
            .map_err(|error| error.of_variant("type", &Self::COMMON))?;
        Ok(Self { common, kind })
    }
}

object! {
    pub(crate) struct Common {
        pub(crate) name: String,
        pub(crate) rust_name: Option<String>,
        pub(crate) doc: String = String::new(),
        ty: String as "type",
        pub(crate) example: Option<Value>,
        pub(crate) deprecated: Option<String>,
        pub(crate) sensitive: bool = false,
        _note: Option<String> as "note",
    }
}

choice! {
    pub(crate) enum Kind {
        Boolean {} = "boolean",
        Byte(Range<i64>) = "byte",
        Short(Range<i64>) = "short",
        Integer(Range<i64>) = "integer",
        Long(Range<i64>) = "long",
        Float(Range<f64>) = "float",
        Double(Range<f64>) = "double",
        String {
            min_length: Option<u64>,
            max_length: Option<u64>,
            pattern: Option<String>,
            pattern_equivalent: Option<String>,
            pattern_unchecked: bool = false,
        } = "string",
        Enum { values: Vec<EnumValue> } = "enum",
        IntEnum { values: Vec<IntEnumValue> } = "int-enum",
        Blob {
            min_length: Option<u64>,
            max_length: Option<u64>,
        } = "blob",
        Timestamp { format: Option<TimestampFormat> } = "timestamp",
        Document {} = "document",
        List {
            member: String,
            item: Option<String>,
            item_namespace: Option<XmlNamespace>,
            min_items: Option<u64>,
            max_items: Option<u64>,
            sparse: bool = false,
        } = "list",
        Map {
            key: String,
            value: String,
            key_name: Option<String>,
            value_name: Option<String>,
            key_namespace: Option<XmlNamespace>,
            value_namespace: Option<XmlNamespace>,
            min_items: Option<u64>,
            max_items: Option<u64>,
            sparse: bool = false,
        } = "map",
        Structure(Members) = "structure",
        Union(Members) = "union",
    }
}

object! {
    pub(crate) struct Range<T> {
        pub(crate) min: Option<T>,
        pub(crate) max: Option<T>,
    }
}

object! {
    pub(crate) struct EnumValue {
        pub(crate) value: String,
        pub(crate) rust_name: Option<String>,
        pub(crate) doc: String = String::new(),
        pub(crate) aliases: Vec<String> = Vec::new(),
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct IntEnumValue {
        pub(crate) name: String,
        pub(crate) rust_name: Option<String>,
        pub(crate) value: i32,
        _note: Option<String> as "note",
    }
}

object! {
    pub(crate) struct Members {
        pub(crate) members: Vec<Member>,
    }
}

object! {
    pub(crate) struct Member {
        pub(crate) name: String,
        pub(crate) wire: Option<String>,
        pub(crate) shape: String,
        pub(crate) required: bool = false,
        pub(crate) client_token: bool = false,
        pub(crate) doc: String = String::new(),
        pub(crate) default: Option<Value>,
        pub(crate) deprecated: Option<String>,
        pub(crate) timestamp_format: Option<TimestampFormat>,
        pub(crate) json_text: bool = false,
        pub(crate) flattened: bool = false,
        pub(crate) xml_attribute: bool = false,
        pub(crate) xml_namespace: Option<XmlNamespace>,
        pub(crate) location: Option<Location> as "in",
        _note: Option<String> as "note",
    }
}

//! Shapes: the types of requests, responses and what they contain.

use serde::Deserialize;
use serde_json::Value;

/// Index of a shape in [`Service::shapes`](crate::Service::shapes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShapeId(pub(crate) usize);

/// A type.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub struct Shape {
    /// Name in the model.
    pub name: String,
    /// What it is, in a sentence; empty for plain scalars that need none.
    pub doc: String,
    /// What it is made of.
    pub kind: Kind,
    /// Never shown in `Debug`.
    pub sensitive: bool,
    /// Why not to use it, where it is deprecated.
    pub deprecated: Option<String>,
    /// A value that satisfies every constraint, in wire form.
    pub example: Option<Value>,
    /// Part of some request.
    pub in_input: bool,
    /// Part of some response.
    pub in_output: bool,
    /// Refers to itself, directly or through others; such a reference is boxed in Rust.
    pub recursive: bool,
    /// Levels that its smallest value nests: 1 for a scalar or an empty list.
    pub depth: usize,
}

impl Shape {
    /// Members of a structure or union.
    pub fn members(&self) -> &[Member] {
        match &self.kind {
            Kind::Structure { members } | Kind::Union { members } => members,
            Kind::Boolean
            | Kind::Integer { .. }
            | Kind::Float { .. }
            | Kind::String { .. }
            | Kind::Enum { .. }
            | Kind::IntEnum { .. }
            | Kind::Blob { .. }
            | Kind::Timestamp { .. }
            | Kind::Document
            | Kind::List { .. }
            | Kind::Map { .. } => &[],
        }
    }

    /// Items of a list, or keys and values of a map.
    pub fn elements(&self) -> Vec<ShapeId> {
        match self.kind {
            Kind::List { member, .. } => vec![member],
            Kind::Map { key, value, .. } => vec![key, value],
            Kind::Boolean
            | Kind::Integer { .. }
            | Kind::Float { .. }
            | Kind::String { .. }
            | Kind::Enum { .. }
            | Kind::IntEnum { .. }
            | Kind::Blob { .. }
            | Kind::Timestamp { .. }
            | Kind::Document
            | Kind::Structure { .. }
            | Kind::Union { .. } => Vec::new(),
        }
    }

    /// Whether the shape becomes a type of its own in Rust.
    pub fn is_type(&self) -> bool {
        match self.kind {
            Kind::Enum { .. } | Kind::IntEnum { .. } | Kind::Structure { .. } | Kind::Union { .. } => true,
            Kind::Boolean
            | Kind::Integer { .. }
            | Kind::Float { .. }
            | Kind::String { .. }
            | Kind::Blob { .. }
            | Kind::Timestamp { .. }
            | Kind::Document
            | Kind::List { .. }
            | Kind::Map { .. } => false,
        }
    }

    /// Whether requests alone have such values, so that required members are there: a response may lack what its model requires.
    pub fn is_only_sent(&self) -> bool {
        self.in_input && !self.in_output
    }

    /// The shapes that the shape refers to.
    pub fn references(&self) -> Vec<ShapeId> {
        self.elements().into_iter().chain(self.members().iter().map(|member| member.shape)).collect()
    }
}

/// What a shape is made of.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer {
        /// Size.
        width: IntegerWidth,
        /// Smallest and largest value.
        range: Bounds<i64>,
    },
    /// A floating-point number.
    Float {
        /// 64 bits rather than 32.
        double: bool,
        /// Smallest and largest value.
        range: Bounds<f64>,
    },
    /// Text.
    String {
        /// Length in characters.
        length: Bounds<u64>,
        /// Form.
        pattern: Option<Pattern>,
    },
    /// One of several texts; services add to them.
    Enum {
        /// Values, in the model's order.
        values: Vec<EnumValue>,
    },
    /// One of several whole numbers; services add to them.
    IntEnum {
        /// Names and values, in the model's order.
        values: Vec<(String, i32)>,
    },
    /// Bytes, in base64 on the wire.
    Blob {
        /// Length in bytes.
        length: Bounds<u64>,
    },
    /// A moment.
    Timestamp {
        /// Form on the wire.
        format: TimestampFormat,
    },
    /// Any JSON value.
    Document,
    /// A sequence.
    List {
        /// Type of its items.
        member: ShapeId,
        /// Name of what wraps the items: `Gateway` for `{"Gateways": {"Gateway": []}}`, where it is not the protocol's own.
        item: Option<String>,
        /// Number of items.
        length: Bounds<u64>,
        /// Items may be null.
        sparse: bool,
    },
    /// A table from text to values.
    Map {
        /// Type of its keys.
        key: ShapeId,
        /// Type of its values.
        value: ShapeId,
        /// Name of a key within its entry, where it is not the protocol's own.
        key_name: Option<String>,
        /// Name of a value within its entry, where it is not the protocol's own.
        value_name: Option<String>,
        /// Number of entries.
        length: Bounds<u64>,
        /// Values may be null.
        sparse: bool,
    },
    /// Named members.
    Structure {
        /// Members, in the model's order: required ones are constructor arguments in this order.
        members: Vec<Member>,
    },
    /// Exactly one of several members.
    Union {
        /// Alternatives, in the model's order.
        members: Vec<Member>,
    },
}

/// Size of a whole number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum IntegerWidth {
    /// 8 bits.
    Byte,
    /// 16 bits.
    Short,
    /// 32 bits.
    Integer,
    /// 64 bits.
    Long,
}

/// Inclusive bounds; a missing one does not bound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds<T> {
    /// Smallest.
    pub min: Option<T>,
    /// Largest.
    pub max: Option<T>,
}

/// Form of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// As the service declares it; not anchored unless it says so.
    pub source: String,
    /// What Rust's regex engine checks: the source, or an equivalent without look-around.
    pub checked: String,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// On the wire.
    pub wire: String,
    /// What it means; empty where the name says it.
    pub doc: String,
    /// Further spellings accepted from the wire.
    pub aliases: Vec<String>,
}

/// Form of a timestamp on the wire.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum TimestampFormat {
    /// A number of seconds since 1970.
    #[default]
    EpochSeconds,
    /// `2013-06-30T00:00:00Z` (RFC 3339).
    DateTime,
    /// `Sun, 30 Jun 2013 00:00:00 GMT` (RFC 9110, IMF-fixdate).
    HttpDate,
}

/// A member of a structure or union.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub struct Member {
    /// Name in the model.
    pub name: String,
    /// Name on the wire, mostly the same.
    pub wire: String,
    /// Its own sentence; empty where the shape's sentence serves.
    pub doc: String,
    /// Type.
    pub shape: ShapeId,
    /// Must be there in a request.
    pub required: bool,
    /// Filled with a fresh random token unless set.
    pub client_token: bool,
    /// What the service assumes when it is absent, as the model states it.
    pub default: Option<Value>,
    /// Why not to use it, where it is deprecated.
    pub deprecated: Option<String>,
    /// Form of the timestamp where this member's differs from its shape's.
    pub timestamp_format: Option<TimestampFormat>,
    /// Stands in the message as JSON text in one string.
    pub json_text: bool,
    /// A list or map whose items or entries stand under the member's own name, without anything around them.
    pub flattened: bool,
}

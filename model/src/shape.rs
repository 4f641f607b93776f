//! Shapes: the types of requests, responses and what they contain.

use serde_json::Value;

use crate::json::choice;
use crate::{Location, XmlNamespace};

/// Index of a shape in [`Service::shapes`](crate::Service::shapes).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ShapeId(pub(crate) usize);

/// A shape: the type of a request, a response or a part of one.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub struct Shape {
    /// Name in the model.
    pub name: String,
    /// Name that Rust's are made of, mostly the same.
    pub rust_name: String,
    /// What it is, in a sentence; empty for scalars that need none.
    pub doc: String,
    /// Type of its values.
    pub kind: Kind,
    /// Whether its values are never shown in `Debug`.
    pub sensitive: bool,
    /// Why not to use it, if it is deprecated.
    pub deprecated: Option<String>,
    /// A value that satisfies every constraint, in wire form.
    pub example: Option<Value>,
    /// Whether it is part of some request.
    pub in_input: bool,
    /// Whether it is part of some response.
    pub in_output: bool,
    /// Whether it refers to itself, directly or through others; such a reference is boxed in Rust.
    pub recursive: bool,
    /// Levels of its smallest value: 1 for a scalar or an empty list.
    pub depth: usize,
}

impl Shape {
    /// Members of a structure or union.
    pub fn members(&self) -> &[Member] {
        if let Kind::Structure { members } | Kind::Union { members } = &self.kind { members } else { &[] }
    }

    /// Items of a list, or keys and values of a map.
    pub fn elements(&self) -> Vec<ShapeId> {
        if let Kind::Map { key, value, .. } = self.kind {
            return vec![key, value];
        }
        if let Kind::List { member, .. } = self.kind { vec![member] } else { Vec::new() }
    }

    /// Whether the shape becomes a type of its own in Rust.
    pub fn is_type(&self) -> bool {
        let is_enum = matches!(self.kind, Kind::Enum { .. } | Kind::IntEnum { .. });
        is_enum || matches!(self.kind, Kind::Structure { .. } | Kind::Union { .. })
    }

    /// Whether only requests have such values, so that required members are present: a response may lack them.
    pub fn is_only_sent(&self) -> bool {
        self.in_input && !self.in_output
    }

    /// The shapes that the shape refers to.
    pub fn references(&self) -> Vec<ShapeId> {
        self.elements().into_iter().chain(self.members().iter().map(|member| member.shape)).collect()
    }
}

impl Kind {
    /// Media type of such a value if it is a whole body; `None` if that is in the format of the protocol.
    pub fn media_type(&self) -> Option<&'static str> {
        match self {
            Self::Blob { .. } => Some("application/octet-stream"),
            Self::String { .. } | Self::Enum { .. } => Some("text/plain"),
            Self::Boolean
            | Self::Integer { .. }
            | Self::Float { .. }
            | Self::IntEnum { .. }
            | Self::Timestamp { .. }
            | Self::Document
            | Self::List { .. }
            | Self::Map { .. }
            | Self::Structure { .. }
            | Self::Union { .. } => None,
        }
    }
}

/// The type of a shape's values.
#[derive(Clone, Debug)]
pub enum Kind {
    /// `true` or `false`.
    Boolean,
    /// An integer.
    Integer {
        /// Size.
        width: IntegerWidth,
        /// Smallest and largest value.
        range: Bounds<i64>,
    },
    /// A floating-point number.
    Float {
        /// Whether it has 64 bits rather than 32.
        double: bool,
        /// Smallest and largest value.
        range: Bounds<f64>,
    },
    /// Text.
    String {
        /// Length in characters.
        length: Bounds<u64>,
        /// Pattern that values match.
        pattern: Option<Pattern>,
    },
    /// One of several texts; services may add values.
    Enum {
        /// Values, in the model's order.
        values: Vec<EnumValue>,
    },
    /// One of several integers; services may add values.
    IntEnum {
        /// Names for Rust and values, in the model's order.
        values: Vec<(String, i32)>,
    },
    /// Bytes, in base64 on the wire.
    Blob {
        /// Length in bytes.
        length: Bounds<u64>,
    },
    /// A point in time.
    Timestamp {
        /// Format on the wire.
        format: TimestampFormat,
    },
    /// Any JSON value.
    Document,
    /// A list.
    List {
        /// Type of its items.
        member: ShapeId,
        /// Name of the wrapper of items if it is not the protocol's: `Gateway` for `{"Gateways": {"Gateway": []}}`.
        item: Option<String>,
        /// Namespace that the element of an item declares.
        item_namespace: Option<XmlNamespace>,
        /// Number of items.
        length: Bounds<u64>,
        /// Whether items may be null.
        sparse: bool,
    },
    /// A map from texts to values.
    Map {
        /// Type of its keys.
        key: ShapeId,
        /// Type of its values.
        value: ShapeId,
        /// Name of a key within its entry, if it is not the protocol's.
        key_name: Option<String>,
        /// Name of a value within its entry, if it is not the protocol's.
        value_name: Option<String>,
        /// Namespace that the element of a key declares.
        key_namespace: Option<XmlNamespace>,
        /// Namespace that the element of a value declares.
        value_namespace: Option<XmlNamespace>,
        /// Number of entries.
        length: Bounds<u64>,
        /// Whether values may be null.
        sparse: bool,
    },
    /// A structure with named members.
    Structure {
        /// Members, in the model's order: required ones are constructor arguments in this order.
        members: Vec<Member>,
    },
    /// A union: exactly one of several members.
    Union {
        /// Alternatives, in the model's order.
        members: Vec<Member>,
    },
}

/// Width of an integer.
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

/// Inclusive bounds; a missing bound is no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds<T> {
    /// Smallest.
    pub min: Option<T>,
    /// Largest.
    pub max: Option<T>,
}

/// A pattern that texts match.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    /// The pattern as the service declares it; unanchored unless it has anchors.
    pub source: String,
    /// The pattern that Rust's regex engine checks: the source, or an equivalent without look-around; `None` if neither is
    /// known.
    pub checked: Option<String>,
}

/// A value of an enum.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumValue {
    /// Text on the wire.
    pub wire: String,
    /// Name that the variant's is made of, mostly the same.
    pub rust_name: String,
    /// What it means; empty if the name is enough.
    pub doc: String,
    /// Further spellings accepted from the wire.
    pub aliases: Vec<String>,
}

choice! {
    /// Format of a timestamp on the wire.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum TimestampFormat {
        /// A number of seconds since 1970.
        #[default]
        EpochSeconds = "epoch-seconds",
        /// `2013-06-30T00:00:00Z` (RFC 3339).
        DateTime = "date-time",
        /// `Sun, 30 Jun 2013 00:00:00 GMT` (RFC 9110, IMF-fixdate).
        HttpDate = "http-date",
    }
}

/// A member of a structure or union.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Name in the model.
    pub name: String,
    /// Name on the wire, mostly the same.
    pub wire: String,
    /// Its own sentence; empty to use the shape's sentence.
    pub doc: String,
    /// Type.
    pub shape: ShapeId,
    /// Whether a request has it.
    pub presence: Presence,
    /// Value that the service assumes if the member is absent, as the model states it.
    pub default: Option<Value>,
    /// Why not to use it, if it is deprecated.
    pub deprecated: Option<String>,
    /// Form of the value on the wire.
    pub form: MemberForm,
    /// Where requests and responses have it; `None` in the body.
    pub location: Option<Location>,
    /// Whether it is an attribute of the element, in XML.
    pub xml_attribute: bool,
    /// Namespace that its element declares, in XML.
    pub xml_namespace: Option<XmlNamespace>,
}

impl Member {
    /// Whether the caller must set it in requests.
    pub fn is_required(&self) -> bool {
        self.presence == Presence::Required
    }

    /// Whether it is a client token.
    pub fn is_token(&self) -> bool {
        self.presence == Presence::Token
    }
}

/// Whether requests have a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// The caller must set the member.
    Required,
    /// The member is a client token: the client fills it with a random token unless it is set.
    Token,
    /// The member may be absent.
    Optional,
}

/// Form of a member's value on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberForm {
    /// The shape's own form.
    Plain,
    /// A timestamp, or a list of them, in a format that differs from the shape's.
    Timestamp(TimestampFormat),
    /// JSON text in one string.
    JsonText,
    /// Items or entries directly under the member's name, without an element around them.
    Flattened,
}

impl MemberForm {
    /// The format of a timestamp whose shape has the format `own`.
    pub fn timestamp_format(self, own: TimestampFormat) -> TimestampFormat {
        match self {
            Self::Timestamp(format) => format,
            Self::Plain | Self::JsonText | Self::Flattened => own,
        }
    }
}

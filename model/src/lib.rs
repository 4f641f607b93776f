//! Service models: what `model/services/<service>/*.json` says, read, resolved and checked.
//!
//! Data flows one way: the files are parsed (`raw`), references and names are resolved and every rule is
//! checked (`resolve`), and what comes out, a [`Service`], holds nothing that can still fail.

#![deny(missing_docs, clippy::wildcard_enum_match_arm)]
#![forbid(unsafe_code)]

use serde::Deserialize;
use serde_json::Value;

mod answers;
mod endpoints;
mod error;
mod load;
pub mod naming;
mod positions;
mod protocol;
mod raw;
mod resolve;
mod sample;
mod strict;

pub use answers::{
    Answer, AnswerCondition, AnswerExample, AnswerSource, Answers, ExampleRequest, Failure, RequestTrait,
};
pub use endpoints::{
    EndpointCondition, EndpointOutcome, EndpointRule, Endpoints, Partition, PartitionTable, Partitions,
};
pub use error::{Fault, Faults};
pub use load::{Sources, load};
pub use positions::Position;
pub use protocol::{AliyunRpc, AwsJson, AwsQuery, HostForm, Protocol, RawHttp};
pub use sample::{SamplePart, SamplePiece, SampleRule, SampleValue};

/// A service: everything a client of it is generated from.
#[derive(Clone, Debug)]
pub struct Service {
    /// Folder of the model and name of the cargo feature: `aws-storage-gateway`.
    pub name: String,
    /// Name that people know: `AWS Storage Gateway`.
    pub title: String,
    /// What the service is, in a sentence.
    pub doc: String,
    /// API version: `2013-06-30`.
    pub version: String,
    /// Identifier in settings: `Storage Gateway` gives `AWS_ENDPOINT_URL_STORAGE_GATEWAY` and `storage_gateway`.
    pub settings_id: String,
    /// How requests and responses are written.
    pub protocol: Protocol,
    /// How requests are signed.
    pub auth: Auth,
    /// Where requests go.
    pub endpoints: Endpoints,
    /// Where errors say what they are, if not as the protocol has it.
    pub error_body: Option<ErrorBody>,
    /// What the runtime itself calls of it.
    pub in_runtime: Option<InRuntime>,
    /// Operations, sorted by name.
    pub operations: Vec<Operation>,
    /// Shapes, sorted by name.
    pub shapes: Vec<Shape>,
    /// Exceptions, sorted by name.
    pub exceptions: Vec<Exception>,
    /// Operation error codes, sorted by value.
    pub error_codes: Vec<ErrorCode>,
    /// What is true of codes that are not listed, by what they begin with; the longest that fits counts. Sorted by value.
    pub code_families: Vec<ErrorCode>,
    /// What is known of answers that are told apart by more than a name.
    pub answers: Option<Answers>,
}

impl Service {
    /// The shape behind a reference.
    pub fn shape(&self, id: ShapeId) -> &Shape {
        &self.shapes[id.0]
    }

    /// The service with only some of its operations.
    #[must_use]
    pub fn with_operations(mut self, wanted: impl Fn(&str) -> bool) -> Self {
        self.operations.retain(|operation| wanted(&operation.name));
        self
    }

    /// What the runtime itself calls, as a service.
    pub fn in_runtime(&self) -> Option<Self> {
        let part = self.in_runtime.as_ref()?;
        let mut service =
            self.clone().with_operations(|name| part.operations.iter().any(|known| known == name));
        for operation in &service.operations {
            for id in [operation.input, operation.output] {
                if let Kind::Structure { members } = &mut service.shapes[id.0].kind {
                    members.retain(|member| part.members.contains(&member.name));
                }
            }
        }
        Some(service)
    }

    /// The error codes that an operation is known to return, in the order of [`Service::error_codes`].
    pub fn codes_of<'a>(&'a self, operation: &'a Operation) -> impl Iterator<Item = &'a ErrorCode> {
        self.error_codes.iter().filter(|code| code.operations.contains(&operation.name))
    }
}

/// The part of a service that the runtime itself calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InRuntime {
    /// Path of the module in the runtime that the part is generated into.
    pub module: Vec<String>,
    /// Names of operations, sorted.
    pub operations: Vec<String>,
    /// Names of the members of their requests and responses that are used, sorted.
    pub members: Vec<String>,
}

/// Where errors say what they are.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields)]
pub struct ErrorBody {
    /// Header with the exception's name.
    pub type_header: String,
    /// Header with the request's identifier.
    pub request_id_header: String,
    /// Way to the operation error code in the body, member by member.
    pub code: Vec<String>,
    /// Way to the details in the body, member by member.
    pub details: Vec<String>,
    /// Members that may hold the message; the first that is there does.
    pub message: Vec<String>,
}

/// How requests are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// AWS Signature Version 4.
    SigV4 {
        /// Service in the credential scope.
        signing_name: String,
        /// How far a signature's time may be from the service's, where it is not five minutes.
        window_minutes: Option<u64>,
        /// The life of presigned URLs is bounded by that window alone.
        ignores_expires: bool,
    },
    /// Aliyun RPC signature 1.0, a parameter beside those of the request.
    RpcV1,
}

/// An operation.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub struct Operation {
    /// Name on the wire.
    pub name: String,
    /// What it does, in a sentence that starts with a verb.
    pub doc: String,
    /// Request structure.
    pub input: ShapeId,
    /// Response structure.
    pub output: ShapeId,
    /// Names of the exceptions it declares, sorted.
    pub exceptions: Vec<String>,
    /// How its answers are paged, where they are.
    pub pagination: Option<Pagination>,
    /// How its answers are paged by number, where they are; never beside `pagination`.
    pub numbered_pages: Option<NumberedPages>,
    /// Changes nothing at the service.
    pub read_only: bool,
    /// Sent twice, it leaves the service as sent once.
    pub idempotent: bool,
    /// Can be sent by GET too, where the protocol sends by POST.
    pub accepts_get: bool,
    /// Is not signed: who may call it is told by the request itself.
    pub unsigned: bool,
    /// How its requests are compressed where they are large, if they are.
    pub request_compression: Option<Compression>,
    /// Why not to use it, where it is deprecated.
    pub deprecated: Option<String>,
    /// An input as JSON, in wire names.
    pub example_input: Option<Value>,
    /// The output that goes with it.
    pub example_output: Option<Value>,
    /// How a fake's response follows from the request, beyond members of the same name; applied in order.
    pub sample: Vec<SampleRule>,
}

/// How requests are compressed.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// By gzip (RFC 1952).
    Gzip,
}

/// How an operation's answers are paged. The members are checked to exist and to fit each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pagination {
    /// Request member that asks for the page after a token.
    pub input_token: String,
    /// Response member with the token of the next page.
    pub output_token: String,
    /// Request member that bounds a page's size, where there is one.
    pub page_size: Option<String>,
    /// Response member, a list, that holds the items.
    pub items: String,
}

/// How an operation's answers are paged by number, from 1. The members are checked to exist and to fit each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberedPages {
    /// Request member with the page's number.
    pub page: String,
    /// Request member that bounds a page's size, where there is one.
    pub size: Option<String>,
    /// Response member with the number of items on all pages, where there is one.
    pub total: Option<String>,
    /// Response member, a list, that holds the items.
    pub items: String,
}

/// Index of a shape in [`Service::shapes`].
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

/// What a fault means for the caller.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Category {
    /// Credentials, signature or permission.
    Auth,
    /// Too many requests; wait and try again.
    Throttling,
    /// The service's passing trouble; try again.
    Transient,
    /// The request is wrong or does not fit the service's state.
    Client,
    /// The caller's clock is off.
    Clock,
    /// The service failed and does not say whether a retry helps.
    Server,
}

/// An exception: what `__type` names.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Name on the wire.
    pub name: String,
    /// Further names on the wire with the same meaning.
    pub aliases: Vec<String>,
    /// HTTP status.
    pub status: u16,
    /// The service's text, where it is fixed.
    pub message: Option<String>,
    /// What it means, in a sentence.
    pub doc: String,
    /// What it means for the caller.
    pub category: Category,
    /// Its body holds an operation error code.
    pub carries_code: bool,
    /// Why it happens, each a sentence.
    pub causes: Vec<String>,
    /// What to do, each a sentence.
    pub remedies: Vec<String>,
}

/// An operation error code: what `error.errorCode` names.
#[derive(Clone, Debug)]
pub struct ErrorCode {
    /// Value on the wire; of a family, what its values begin with.
    pub value: String,
    /// Further values on the wire with the same meaning.
    pub aliases: Vec<String>,
    /// HTTP status that goes with it, where it is known.
    pub status: Option<u16>,
    /// The service's text, where it is known.
    pub message: Option<String>,
    /// What it means, in a sentence.
    pub doc: String,
    /// What it means for the caller.
    pub category: Category,
    /// Operations known to return it, sorted; empty where no one knows.
    pub operations: Vec<String>,
    /// Why it happens, each a sentence.
    pub causes: Vec<String>,
    /// What to do, each a sentence.
    pub remedies: Vec<String>,
}

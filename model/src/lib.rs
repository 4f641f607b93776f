//! Service models, read from `model/services/<service>/*.json`, resolved and checked.
//!
//! Data flows one way: the files are parsed (`raw`), references and names are resolved and every rule is
//! checked (`resolve`), and the resulting [`Service`] contains nothing that can still fail.

#![deny(missing_docs, clippy::wildcard_enum_match_arm)]
#![forbid(unsafe_code)]

use std::collections::BTreeMap;

use serde_json::Value;

use crate::json::{choice, object};
use crate::used::UsedShapes;

pub mod bounded;
mod endpoints;
mod error;
mod explanations;
mod expression;
mod http;
mod json;
mod known_responses;
mod load;
pub mod naming;
mod pagination;
mod positions;
mod protocol;
mod raw;
mod resolve;
mod sample;
mod shape;
mod strict;
mod used;
mod waiter;
mod xml;

pub use endpoints::{
    EndpointCondition, EndpointOutcome, EndpointRule, Endpoints, Partition, PartitionTable, Partitions,
};
pub use error::{Fault, Faults};
pub use explanations::{Explanations, FailureText, HintText, SharedError, StatusText, VerdictText};
pub use expression::{Comparison, Expression, ExpressionFault, PathStep, Types, ValueKind, Values};
pub use http::{Http, Location, PathPart};
pub use known_responses::{
    ExampleRequest, Failure, KnownResponse, KnownResponses, Repair, RequestTrait, ResponseCondition,
    ResponseExample, ResponseSource,
};
pub use load::{Sources, load, load_all, load_with};
pub use pagination::{MemberPath, MemberStep, PageKey, PageToken, Pagination};
pub use positions::Position;
pub use protocol::{
    AliyunRpc, AwsEc2, AwsJson, AwsQuery, AwsRestJson, AwsRestXml, HostForm, Protocol, RawHttp,
};
pub use resolve::pattern_fault;
pub use sample::{SamplePart, SamplePiece, SampleRule, SampleValue};
pub use shape::{
    Bounds, EnumValue, IntegerWidth, Kind, Member, MemberForm, Pattern, Presence, Shape, ShapeId,
    TimestampFormat,
};
pub use waiter::{Acceptor, Expected, Matcher, Quantity, Waiter, WaiterState};
pub use xml::{XmlNamespace, XmlRoot};

/// A service: everything a client of it is generated from.
#[derive(Clone, Debug)]
pub struct Service {
    /// Folder of the model and name of the cargo feature: `aws-storage-gateway`.
    pub name: String,
    /// Display name: `AWS Storage Gateway`.
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
    /// Endpoint rules and partitions.
    pub endpoints: Endpoints,
    /// Where error responses contain type, code and message, if not as in the protocol.
    pub error_body: Option<ErrorBody>,
    /// The part of the service that the runtime itself calls.
    pub in_runtime: Option<InRuntime>,
    /// Operations, sorted by name.
    pub operations: Vec<Operation>,
    /// Shapes, sorted by name.
    pub shapes: Vec<Shape>,
    /// Exceptions, sorted by name.
    pub exceptions: Vec<Exception>,
    /// Operation error codes, sorted by value.
    pub error_codes: Vec<ErrorCode>,
    /// Families of codes that are not listed, by prefix, sorted; the longest matching prefix applies.
    pub code_families: Vec<ErrorCode>,
    /// Known responses, which are identified by more than a name.
    pub known_responses: Option<KnownResponses>,
    used: UsedShapes,
}

impl Service {
    /// The service with only some of its operations.
    #[must_use]
    pub fn with_operations(mut self, wanted: impl Fn(&str) -> bool) -> Self {
        self.operations.retain(|operation| wanted(&operation.name));
        self.find_used();
        self
    }

    /// The part that the runtime itself calls, as a service whose constraints are not checked by clients.
    pub fn in_runtime(&self) -> Option<Self> {
        let part = self.in_runtime.as_ref()?;
        let mut service =
            self.clone().with_operations(|name| part.operations.iter().any(|known| known == name));
        for operation in &mut service.operations {
            // Its calls are for single pages, and may use no member that others are found by.
            operation.pagination = None;
            operation.waiters.clear();
            for id in [operation.input, operation.output] {
                if let Kind::Structure { members } = &mut service.shapes[id.0].kind {
                    members.retain(|member| part.members.contains(&member.name));
                }
            }
        }
        // Its calls read no members of errors.
        service.exceptions.iter_mut().for_each(|exception| exception.shape = None);
        service.error_codes.iter_mut().for_each(|code| code.shape = None);
        service.find_used();
        service.used.validated.clear();
        Some(service)
    }

    /// Structures of the members of errors, each with the names of its errors on the wire.
    pub fn error_shapes(&self) -> BTreeMap<ShapeId, Vec<&str>> {
        let names = |name, aliases| [name].into_iter().chain(aliases).map(String::as_str);
        let exceptions =
            self.exceptions.iter().map(|error| (error.shape, names(&error.name, &error.aliases)));
        let codes = self.error_codes.iter().map(|error| (error.shape, names(&error.value, &error.aliases)));
        let mut shapes: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for (shape, names) in exceptions.chain(codes) {
            if let Some(shape) = shape {
                shapes.entry(shape).or_default().extend(names);
            }
        }
        shapes
    }

    /// The exceptions that an operation declares, in the order of [`Service::exceptions`].
    pub fn exceptions_of(&self, operation: &Operation) -> impl Iterator<Item = &Exception> {
        operation.exceptions.iter().map(|index| &self.exceptions[*index])
    }

    /// The error codes that an operation is known to return, in the order of [`Service::error_codes`].
    pub fn codes_of(&self, operation: &Operation) -> impl Iterator<Item = &ErrorCode> {
        operation.error_codes.iter().map(|index| &self.error_codes[*index])
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

object! {
    /// Where error responses contain type, code and message.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ErrorBody {
        /// Header with the exception's name.
        pub type_header: String,
        /// Header with the request's identifier.
        pub request_id_header: String,
        /// Path of the operation error code in the body, member by member.
        pub code: Vec<String>,
        /// Path of the details in the body, member by member.
        pub details: Vec<String>,
        /// Members that may contain the message; the first that is present applies.
        pub message: Vec<String>,
    }
}

/// How requests are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Auth {
    /// AWS Signature Version 4.
    SigV4 {
        /// Service in the credential scope.
        signing_name: String,
        /// Minutes by which a signature's time may differ from the service's time, if not five.
        window_minutes: Option<u64>,
        /// Only that window bounds the lifetime of presigned URLs.
        ignores_expires: bool,
        /// Paths are signed as they are sent, neither normalized nor encoded once more.
        signs_path_as_sent: bool,
        /// The hash of the body is sent in a header.
        sends_content_hash: bool,
    },
    /// Aliyun RPC signature 1.0, sent as a further parameter of the request.
    RpcV1,
}

/// An operation.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub struct Operation {
    /// Name on the wire.
    pub name: String,
    /// Name that Rust's are made of, mostly the same.
    pub rust_name: String,
    /// What it does, in a sentence that starts with a verb.
    pub doc: String,
    /// Request structure.
    pub input: ShapeId,
    /// Response structure.
    pub output: ShapeId,
    /// Indexes of the exceptions it declares, in their order.
    exceptions: Vec<usize>,
    /// Indexes of the error codes it is known to return, in their order.
    error_codes: Vec<usize>,
    /// Pagination of its responses, if they are paged.
    pub pagination: Option<Pagination>,
    /// Waiters that call it, sorted by name.
    pub waiters: Vec<Waiter>,
    /// Whether the operation changes nothing at the service.
    pub read_only: bool,
    /// Whether sending a request twice has the same effect as sending it once.
    pub idempotent: bool,
    /// Whether the operation also accepts GET, for a protocol that sends by POST.
    pub accepts_get: bool,
    /// Whether requests are sent unsigned, because they identify the caller themselves.
    pub unsigned: bool,
    /// Method and URI, for REST protocols.
    pub http: Option<Http>,
    /// Prefix of the endpoint's host name; empty if there is none.
    pub host_prefix: Vec<HostPart>,
    /// Name of the element around the members of the response, if it differs from the protocol's.
    pub result_wrapper: Option<String>,
    /// Root element of requests in XML, if it is not named for the shape or has a namespace of its own.
    pub xml_root: Option<XmlRoot>,
    /// Compression of large requests, if any.
    pub request_compression: Option<Compression>,
    /// Checksum that requests must have, if any.
    pub request_checksum: Option<Checksum>,
    /// Why not to use it, if it is deprecated.
    pub deprecated: Option<String>,
    /// An input as JSON, in wire names.
    pub example_input: Option<Value>,
    /// The output that goes with it.
    pub example_output: Option<Value>,
    /// Rules that derive a fake's response from the request, besides members of the same name; applied in order.
    pub sample: Vec<SampleRule>,
}

/// A part of a host prefix.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPart {
    /// Text that is the same for every request.
    Text(String),
    /// The value of a required member of the request.
    Member(Member),
}

impl Operation {
    /// Whether sending it twice does no harm, whatever its request.
    pub fn is_repeatable(&self) -> bool {
        self.read_only || self.idempotent
    }
}

choice! {
    /// How requests are compressed.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Compression {
        /// By gzip (RFC 1952).
        Gzip = "gzip",
    }
}

choice! {
    /// Checksum of requests.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Checksum {
        /// CRC-32 of the body, in the header `x-amz-checksum-crc32`.
        Crc32 = "crc32",
    }
}

choice! {
    /// What an error means for the caller.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum Category {
        /// Credentials or signature; or the caller's identity in general.
        Auth = "auth",
        /// The caller has no permission.
        AccessDenied = "access-denied",
        /// Too many requests; wait and try again.
        Throttling = "throttling",
        /// A transient failure of the service; try again.
        Transient = "transient",
        /// The request is wrong or does not fit the service's state.
        Client = "client",
        /// Something that the request names does not exist.
        NotFound = "not-found",
        /// The caller's clock is off.
        Clock = "clock",
        /// The service failed, and whether a retry helps is unknown.
        Server = "server",
    }
}

/// An exception: what `__type` names.
#[derive(Clone, Debug)]
pub struct Exception {
    /// Name on the wire.
    pub name: String,
    /// Name that the variant's is made of, mostly the same.
    pub rust_name: String,
    /// Further names on the wire with the same meaning.
    pub aliases: Vec<String>,
    /// HTTP status.
    pub status: u16,
    /// The service's text, if it is fixed.
    pub message: Option<String>,
    /// What it means, in a sentence.
    pub doc: String,
    /// Structure of the members of its error response, if these are more than its message.
    pub shape: Option<ShapeId>,
    /// What it means for the caller, if that is known.
    pub category: Option<Category>,
    /// Whether its body contains an operation error code.
    pub carries_code: bool,
    /// Why it happens, each a sentence.
    pub causes: Vec<String>,
    /// What to do, each a sentence.
    pub remedies: Vec<String>,
}

/// An operation error code: what `error.errorCode` names.
#[derive(Clone, Debug)]
pub struct ErrorCode {
    /// Value on the wire; of a family, the prefix of its values.
    pub value: String,
    /// Name that the variant's is made of, mostly the same.
    pub rust_name: String,
    /// Further values on the wire with the same meaning.
    pub aliases: Vec<String>,
    /// HTTP status of responses with the code, if it is known.
    pub status: Option<u16>,
    /// The service's text, if it is known.
    pub message: Option<String>,
    /// What it means, in a sentence.
    pub doc: String,
    /// Structure of the members of error responses with the code, if these are more than the message.
    pub shape: Option<ShapeId>,
    /// What it means for the caller, if that is known.
    pub category: Option<Category>,
    /// Why it happens, each a sentence.
    pub causes: Vec<String>,
    /// What to do, each a sentence.
    pub remedies: Vec<String>,
}

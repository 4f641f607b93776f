//! Service models: what `model/services/<service>/*.json` says, read, resolved and checked.
//!
//! Data flows one way: the files are parsed (`raw`), references and names are resolved and every rule is
//! checked (`resolve`), and what comes out, a [`Service`], holds nothing that can still fail.

#![deny(missing_docs, clippy::wildcard_enum_match_arm)]
#![forbid(unsafe_code)]

use serde::Deserialize;
use serde_json::Value;

use crate::used::UsedShapes;

mod endpoints;
mod error;
mod known_responses;
mod load;
pub mod naming;
mod positions;
mod protocol;
mod raw;
mod resolve;
mod sample;
mod shape;
mod strict;
mod used;

pub use endpoints::{
    EndpointCondition, EndpointOutcome, EndpointRule, Endpoints, Partition, PartitionTable, Partitions,
};
pub use error::{Fault, Faults};
pub use known_responses::{
    ExampleRequest, Failure, KnownResponse, KnownResponses, RequestTrait, ResponseCondition, ResponseExample,
    ResponseSource,
};
pub use load::{Sources, load};
pub use positions::Position;
pub use protocol::{AliyunRpc, AwsJson, AwsQuery, HostForm, Protocol, RawHttp};
pub use sample::{SamplePart, SamplePiece, SampleRule, SampleValue};
pub use shape::{Bounds, EnumValue, IntegerWidth, Kind, Member, Pattern, Shape, ShapeId, TimestampFormat};

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

    /// What the runtime itself calls, as a service whose constraints are left to it.
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
        service.find_used();
        service.used.validated.clear();
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
    /// What comes before the endpoint's host name; empty if nothing does.
    pub host_prefix: Vec<HostPart>,
    /// Element around the members of the response, if the protocol has one and the operation gives it another name.
    pub result_wrapper: Option<String>,
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

/// A part of what comes before an endpoint's host name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPart {
    /// The same for every request.
    Text(String),
    /// The value of a member of the request, by its name.
    Member(String),
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

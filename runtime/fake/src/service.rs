//! The description of a service for the fake.

use gatewright_runtime::codec::decode::Structure;
use http::StatusCode;
use serde_core::Serialize;
use serde_json::{Map, Value};

use super::{FakeRefusal, dialect::Dialect};
use crate::{
    Category, DynamicOperation, ErrorMembers, Service, ServiceInfo, WireError,
    protocol::{
        AliyunRpc, AwsEc2, AwsJson, AwsQuery, AwsRestJson, AwsRestXml, Binding, Protocol as _, RawHttp,
    },
};

/// The description of a service that can be faked. Generated crates have one per service.
#[derive(Debug)]
pub struct FakeService {
    pub(super) info: &'static ServiceInfo,
    pub(super) dialect: &'static dyn Dialect,
    operations: &'static [DynamicOperation],
    refusals: &'static [FakeRefusal],
    code_carriers: &'static [&'static str],
    error_members: &'static [FakeErrorMembers],
    query_codes: &'static [(&'static str, &'static str)],
    statuses: &'static [(&'static str, u16)],
}

impl FakeService {
    /// An AWS JSON service, its operations, and the exceptions with operation error codes.
    pub const fn new<S: Service<Protocol = AwsJson>>(
        operations: &'static [DynamicOperation],
        code_carriers: &'static [&'static str],
    ) -> Self {
        Self { operations, code_carriers, ..Self::of(S::INFO, const { &S::PROTOCOL }) }
    }

    /// An AWS query service with its operations. Lists in responses have the protocol's own frame; there are no maps.
    pub const fn query<S: Service<Protocol = AwsQuery>>(operations: &'static [DynamicOperation]) -> Self {
        Self { operations, ..Self::of(S::INFO, const { &S::PROTOCOL }) }
    }

    /// An AWS EC2 query service with its operations.
    pub const fn ec2<S: Service<Protocol = AwsEc2>>(operations: &'static [DynamicOperation]) -> Self {
        Self { operations, ..Self::of(S::INFO, const { &S::PROTOCOL }) }
    }

    /// An AWS REST JSON service with its operations.
    pub const fn rest_json<S: Service<Protocol = AwsRestJson>>(
        operations: &'static [DynamicOperation],
    ) -> Self {
        Self { operations, ..Self::of(S::INFO, const { &S::PROTOCOL }) }
    }

    /// An AWS REST XML service with its operations.
    pub const fn rest_xml<S: Service<Protocol = AwsRestXml>>(
        operations: &'static [DynamicOperation],
    ) -> Self {
        Self { operations, ..Self::of(S::INFO, const { &S::PROTOCOL }) }
    }

    /// An RPC service with its operations.
    pub const fn rpc<S: Service<Protocol = AliyunRpc>>(operations: &'static [DynamicOperation]) -> Self {
        Self { operations, ..Self::of(S::INFO, const { &S::PROTOCOL }) }
    }

    /// A service without operations, with its refusals.
    pub const fn raw_http<S: Service<Protocol = RawHttp>>(refusals: &'static [FakeRefusal]) -> Self {
        Self { refusals, ..Self::of(S::INFO, const { &S::PROTOCOL }) }
    }

    const fn of(info: &'static ServiceInfo, dialect: &'static dyn Dialect) -> Self {
        Self {
            info,
            dialect,
            operations: &[],
            refusals: &[],
            code_carriers: &[],
            error_members: &[],
            query_codes: &[],
            statuses: &[],
        }
    }

    /// Adds samples of the members of errors.
    #[must_use]
    pub const fn with_error_members(mut self, samples: &'static [FakeErrorMembers]) -> Self {
        self.error_members = samples;
        self
    }

    /// Adds the codes of exceptions in the query protocol that differ from their names.
    #[must_use]
    pub const fn with_query_codes(mut self, codes: &'static [(&'static str, &'static str)]) -> Self {
        self.query_codes = codes;
        self
    }

    /// Adds statuses, other than 400, of errors that the service's tables lack. The tables lack errors whose meaning is
    /// unknown.
    #[must_use]
    pub const fn with_statuses(mut self, statuses: &'static [(&'static str, u16)]) -> Self {
        self.statuses = statuses;
        self
    }

    /// The code of an exception in the query protocol.
    pub(super) fn query_code<'a>(&self, exception: &'a str) -> &'a str {
        self.query_codes.iter().find(|(name, _)| *name == exception).map_or(exception, |(_, code)| code)
    }

    /// The exception that has this code in the query protocol.
    pub(super) fn of_query_code<'a>(&self, code: &'a str) -> &'a str {
        self.query_codes.iter().find(|(_, known)| *known == code).map_or(code, |(name, _)| name)
    }

    /// The members of an error besides name and message: a sample, with those of `given` instead of its own.
    pub(super) fn error_members(&self, name: &str, given: &Map<String, Value>) -> Map<String, Value> {
        let sample = self.members_of(name).and_then(|members| serde_json::from_str(members.sample).ok());
        let sample: Map<_, _> = sample.unwrap_or_default();
        sample.into_iter().chain(given.clone()).collect()
    }

    /// The members of an error that are outside of the body.
    pub(super) fn error_bindings(&self, name: &str) -> &'static [Binding] {
        self.members_of(name).map_or(&[], |members| members.bindings)
    }

    /// What is known of the members of an error.
    pub(super) fn members_of(&self, name: &str) -> Option<&'static FakeErrorMembers> {
        self.error_members.iter().find(|members| members.names.contains(&name))
    }

    /// The refusals of a service without operations, if a response belongs to them. Empty for other services.
    pub fn refusals(&self) -> &'static [FakeRefusal] {
        self.refusals
    }

    /// The service's tables.
    pub fn info(&self) -> &'static ServiceInfo {
        self.info
    }

    /// Every operation.
    pub fn operations(&self) -> &'static [DynamicOperation] {
        self.operations
    }

    /// The operation of this name.
    pub fn operation(&self, name: &str) -> Option<&'static DynamicOperation> {
        self.operations.iter().find(|operation| operation.name() == name)
    }

    /// The exception that carries a code, preferably with a status that fits the code's category.
    pub(super) fn carrier(&self, code: &str) -> Option<&'static WireError> {
        let category = self.info.error_code(code).map(|code| code.category);
        let is_servers_fault = matches!(category, Some(Category::Transient | Category::Server));
        let carriers =
            || self.code_carriers.iter().filter_map(|name| WireError::find(self.info.exceptions, name));
        carriers().find(|carrier| (carrier.status >= 500) == is_servers_fault).or_else(|| carriers().next())
    }

    /// The status of an exception.
    pub(super) fn exception_status(&self, name: &str) -> StatusCode {
        let known = WireError::find(self.info.exceptions, name);
        let status = known.and_then(|known| StatusCode::from_u16(known.status).ok());
        status.unwrap_or_else(|| self.other_status(name))
    }

    /// The status for a code of a service whose errors have only codes.
    pub(super) fn code_status(&self, code: &str) -> StatusCode {
        let Some(known) = self.info.error_code(code) else { return self.other_status(code) };
        match known.category {
            _ if known.status != 0 => StatusCode::from_u16(known.status).unwrap_or(StatusCode::BAD_REQUEST),
            Category::Transient => StatusCode::SERVICE_UNAVAILABLE,
            Category::Server => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// The status of an error that is not in the service's tables.
    fn other_status(&self, name: &str) -> StatusCode {
        let status = self.statuses.iter().find(|(known, _)| *known == name);
        status.and_then(|(_, status)| StatusCode::from_u16(*status).ok()).unwrap_or(StatusCode::BAD_REQUEST)
    }
}

/// An element, and the members in it; or why it cannot be written.
type WrittenElement = Result<(String, Value), String>;

/// A sample of the members of an error.
#[derive(Debug)]
pub struct FakeErrorMembers {
    names: &'static [&'static str],
    bindings: &'static [Binding],
    sample: &'static str,
    pub(super) required: &'static [&'static str],
    /// Writes them as an element, after other XML; and returns those that are members.
    pub(super) element: fn(String, &Value) -> Option<WrittenElement>,
}

impl FakeErrorMembers {
    /// The members with these values, as JSON.
    pub const fn new<T: ErrorMembers + Structure + Serialize>(sample: &'static str) -> Self {
        Self {
            names: T::NAMES,
            bindings: T::BINDINGS,
            sample,
            required: T::REQUIRED,
            element: |head, members| {
                <T::Service as Service>::PROTOCOL.error_element::<T>(T::BINDINGS, head, members)
            },
        }
    }
}

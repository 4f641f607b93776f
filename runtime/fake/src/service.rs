//! The description of a service for the fake.

use http::StatusCode;

use super::FakeRefusal;
use crate::{
    Category, DynamicOperation, Service, ServiceInfo, WireError,
    endpoint::Condition,
    protocol::{AliyunRpc, AwsJson, AwsQuery, RawHttp},
};

/// The description of a service that can be faked; generated crates have one per service.
#[derive(Debug)]
pub struct FakeService {
    pub(super) info: &'static ServiceInfo,
    pub(super) dialect: Dialect,
    operations: &'static [DynamicOperation],
    code_carriers: &'static [&'static str],
}

/// The protocol of the fake.
#[derive(Debug)]
pub(super) enum Dialect {
    AwsJson(AwsJson),
    AwsQuery(AwsQuery),
    Rpc(AliyunRpc),
    RawHttp(&'static [FakeRefusal]),
}

impl FakeService {
    /// An AWS JSON service with its operations, and the exceptions that carry an operation error code.
    pub const fn new<S: Service<Protocol = AwsJson>>(
        operations: &'static [DynamicOperation],
        code_carriers: &'static [&'static str],
    ) -> Self {
        Self { info: S::INFO, dialect: Dialect::AwsJson(S::PROTOCOL), operations, code_carriers }
    }

    /// An AWS query service with its operations. Lists in responses have the protocol's own frame; there are no maps.
    pub const fn query<S: Service<Protocol = AwsQuery>>(operations: &'static [DynamicOperation]) -> Self {
        Self { info: S::INFO, dialect: Dialect::AwsQuery(S::PROTOCOL), operations, code_carriers: &[] }
    }

    /// An RPC service with its operations.
    pub const fn rpc<S: Service<Protocol = AliyunRpc>>(operations: &'static [DynamicOperation]) -> Self {
        Self { info: S::INFO, dialect: Dialect::Rpc(S::PROTOCOL), operations, code_carriers: &[] }
    }

    /// A service without operations, with its refusals.
    pub const fn raw_http<S: Service<Protocol = RawHttp>>(refusals: &'static [FakeRefusal]) -> Self {
        Self { info: S::INFO, dialect: Dialect::RawHttp(refusals), operations: &[], code_carriers: &[] }
    }

    /// The refusals of a service without operations, if a response belongs to them; empty for other services.
    pub fn refusals(&self) -> &'static [FakeRefusal] {
        if let Dialect::RawHttp(refusals) = self.dialect { refusals } else { &[] }
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

    /// A region that the service has.
    pub(super) fn example_region(&self) -> &'static str {
        const USUAL: &str = "us-east-1";
        match self.dialect {
            Dialect::AwsJson(_) | Dialect::AwsQuery(_) | Dialect::RawHttp(_) => USUAL,
            Dialect::Rpc(_) => {
                let mut conditions = self.info.endpoints.rules.iter().flat_map(|rule| rule.when);
                let named = conditions.find_map(|condition| match condition {
                    Condition::RegionIs(region) => Some(*region),
                    _ => None,
                });
                named.unwrap_or(USUAL)
            }
        }
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
        status.unwrap_or(StatusCode::BAD_REQUEST)
    }

    /// The status for a code of a service whose errors have only codes.
    pub(super) fn code_status(&self, code: &str) -> StatusCode {
        let Some(known) = self.info.error_code(code) else { return StatusCode::BAD_REQUEST };
        match known.category {
            _ if known.status != 0 => StatusCode::from_u16(known.status).unwrap_or(StatusCode::BAD_REQUEST),
            Category::Transient => StatusCode::SERVICE_UNAVAILABLE,
            Category::Server => StatusCode::INTERNAL_SERVER_ERROR,
            _ => StatusCode::BAD_REQUEST,
        }
    }
}

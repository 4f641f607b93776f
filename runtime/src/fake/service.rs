//! What the fake knows of a service.

use http::StatusCode;

use crate::{Category, DynamicOperation, Service, ServiceInfo, WireError, protocol::AwsJson};

/// A service that can be faked; generated crates have one.
#[derive(Debug)]
pub struct FakeService {
    pub(super) info: &'static ServiceInfo,
    pub(super) protocol: AwsJson,
    operations: &'static [DynamicOperation],
    code_carriers: &'static [&'static str],
}

impl FakeService {
    /// A service with its operations, and the exceptions that carry an operation error code.
    pub const fn new<S: Service<Protocol = AwsJson>>(
        operations: &'static [DynamicOperation],
        code_carriers: &'static [&'static str],
    ) -> Self {
        Self { info: S::INFO, protocol: S::PROTOCOL, operations, code_carriers }
    }

    /// What there is to know about the service.
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

    /// The exception that brings a code: one with a status that fits what the code means.
    pub(super) fn carrier(&self, code: &str) -> Option<&'static WireError> {
        let category = WireError::find(self.info.error_codes, code).map(|code| code.category);
        let is_servers_fault = matches!(category, Some(Category::Transient | Category::Server));
        let carriers =
            || self.code_carriers.iter().filter_map(|name| WireError::find(self.info.exceptions, name));
        carriers().find(|carrier| (carrier.status >= 500) == is_servers_fault).or_else(|| carriers().next())
    }

    /// The status of an exception, and its text where the model has one.
    pub(super) fn exception(&self, name: &str) -> (StatusCode, &'static str) {
        let known = WireError::find(self.info.exceptions, name);
        let status = known.and_then(|known| StatusCode::from_u16(known.status).ok());
        (status.unwrap_or(StatusCode::BAD_REQUEST), known.map_or("", |known| known.message))
    }

    /// The text that goes with a code, where the model has one.
    pub(super) fn code_message(&self, code: &str) -> &'static str {
        WireError::find(self.info.error_codes, code).map_or("", |known| known.message)
    }
}

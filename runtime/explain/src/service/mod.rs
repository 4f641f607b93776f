//! Tables of services, which generated crates contain.

pub mod known_responses;

use self::known_responses::KnownResponses;
use crate::{endpoint::EndpointRules, hosts::Hosts, sign::Auth};

/// A service, as the generated crate describes it.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServiceInfo {
    /// Title: `AWS Lambda`.
    pub title: &'static str,
    /// API version: `2013-06-30`.
    pub version: &'static str,
    /// Identifier in settings: `Lambda`.
    pub settings_id: &'static str,
    /// How requests are signed.
    pub auth: Auth,
    /// Rules for the URL of requests.
    pub endpoints: &'static EndpointRules,
    /// Exceptions, aliases included, sorted by name.
    pub exceptions: &'static [WireError],
    /// Operation error codes, aliases included, sorted by value.
    pub error_codes: &'static [WireError],
    /// Families of other codes, by the beginning of their values, sorted.
    pub error_families: &'static [WireError],
    /// Host names of the APIs of its users, if it has any.
    pub hosts: &'static Hosts,
    /// Known responses, which are distinguished by more than the name of an error.
    pub known_responses: &'static KnownResponses,
    /// Sorted names of members that the model marks as sensitive. Names on the wire, and names in requests.
    pub sensitive_members: &'static [&'static str],
}

impl ServiceInfo {
    /// Describes a service.
    pub const fn new(
        title: &'static str,
        version: &'static str,
        settings_id: &'static str,
        auth: Auth,
        endpoints: &'static EndpointRules,
        exceptions: &'static [WireError],
        error_codes: &'static [WireError],
    ) -> Self {
        Self {
            title,
            version,
            settings_id,
            auth,
            endpoints,
            exceptions,
            error_codes,
            error_families: &[],
            hosts: Hosts::NONE,
            known_responses: KnownResponses::NONE,
            sensitive_members: &[],
        }
    }

    /// Adds the host names of the APIs of the service's users.
    #[must_use]
    pub const fn with_hosts(mut self, hosts: &'static Hosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// Adds the table of known responses.
    #[must_use]
    pub const fn with_known_responses(mut self, known_responses: &'static KnownResponses) -> Self {
        self.known_responses = known_responses;
        self
    }

    /// Adds the sorted names of the members whose values are sensitive. Names on the wire, and names in requests.
    #[must_use]
    pub const fn with_sensitive_members(mut self, names: &'static [&'static str]) -> Self {
        self.sensitive_members = names;
        self
    }

    /// Adds families of codes.
    #[must_use]
    pub const fn with_error_families(mut self, families: &'static [WireError]) -> Self {
        self.error_families = families;
        self
    }

    /// The entry of an operation error code. Its own, else the family with the longest beginning.
    pub fn error_code(&self, code: &str) -> Option<&'static WireError> {
        // The last of the sorted beginnings of one text is the longest.
        let family = || self.error_families.iter().rev().find(|family| code.starts_with(family.wire));
        WireError::find(self.error_codes, code).or_else(family)
    }
}

/// An exception or operation error code of the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WireError {
    /// Name on the wire; of a family, the beginning of its names.
    pub wire: &'static str,
    /// Meaning for the caller.
    pub category: Category,
    /// HTTP status; 0 if it is not known.
    pub status: u16,
    /// The service's text; empty if it is not known.
    pub message: &'static str,
    /// Why it happens.
    pub causes: &'static [&'static str],
    /// What to do.
    pub remedies: &'static [&'static str],
}

impl WireError {
    /// Describes an exception or operation error code.
    pub const fn new(
        wire: &'static str,
        category: Category,
        status: u16,
        message: &'static str,
        causes: &'static [&'static str],
        remedies: &'static [&'static str],
    ) -> Self {
        Self { wire, category, status, message, causes, remedies }
    }

    /// The entry with this wire name in a table sorted by wire name.
    pub fn find(table: &'static [Self], wire: &str) -> Option<&'static Self> {
        table.binary_search_by(|entry| entry.wire.cmp(wire)).ok().and_then(|index| table.get(index))
    }
}

/// The meaning of an error for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Category {
    /// Credentials or signature; or the caller's identity in general.
    Auth,
    /// The caller has no permission.
    AccessDenied,
    /// Too many requests; retry after a pause.
    Throttling,
    /// A transient failure of the service; retry.
    Transient,
    /// The request is wrong or does not fit the service's state.
    Client,
    /// Something that the request names does not exist.
    NotFound,
    /// The caller's clock is off.
    Clock,
    /// The service failed, and whether a retry helps is unknown.
    Server,
}

impl Category {
    /// Whether another attempt may succeed: calls are retried after such errors, within their limits.
    pub const fn is_retried(self) -> bool {
        matches!(self, Self::Throttling | Self::Transient)
    }

    /// Whether the signature may be at fault, or whom it identifies.
    pub const fn is_about_identity(self) -> bool {
        matches!(self, Self::Auth | Self::AccessDenied | Self::Clock)
    }
}

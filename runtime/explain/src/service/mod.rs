//! What the generated crate says of a service, as data.

pub mod known_responses;

use self::known_responses::KnownResponses;
use crate::{endpoint::EndpointRules, hosts::Hosts, sign::Auth};

/// A service, as the generated crate describes it.
#[derive(Debug)]
#[non_exhaustive]
pub struct ServiceInfo {
    /// Name that people know: `AWS Lambda`.
    pub title: &'static str,
    /// API version: `2013-06-30`.
    pub version: &'static str,
    /// Identifier in settings: `Lambda`.
    pub settings_id: &'static str,
    /// How requests are signed.
    pub auth: Auth,
    /// Where requests go.
    pub endpoints: &'static EndpointRules,
    /// Exceptions, aliases included, sorted by name.
    pub exceptions: &'static [WireError],
    /// Operation error codes, aliases included, sorted by value.
    pub error_codes: &'static [WireError],
    /// What is true of other codes, by what they begin with, sorted by that.
    pub error_families: &'static [WireError],
    /// Host names of its users' APIs, where it has such.
    pub hosts: &'static Hosts,
    /// What is known of its responses besides names of errors.
    pub known_responses: &'static KnownResponses,
    /// Wire names of the members whose values its model marks as sensitive, sorted.
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

    /// Adds the host names of the APIs of its users.
    #[must_use]
    pub const fn with_hosts(mut self, hosts: &'static Hosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// Adds what is known of its responses.
    #[must_use]
    pub const fn with_known_responses(mut self, known_responses: &'static KnownResponses) -> Self {
        self.known_responses = known_responses;
        self
    }

    /// Adds the wire names of the members whose values are sensitive, sorted.
    #[must_use]
    pub const fn with_sensitive_members(mut self, names: &'static [&'static str]) -> Self {
        self.sensitive_members = names;
        self
    }

    /// Adds what is known of codes by what they begin with.
    #[must_use]
    pub const fn with_error_families(mut self, families: &'static [WireError]) -> Self {
        self.error_families = families;
        self
    }

    /// What is known of an operation error code: its own entry, else the family with the longest beginning.
    pub fn error_code(&self, code: &str) -> Option<&'static WireError> {
        // Of sorted texts that another begins with, the last is the longest.
        let family = || self.error_families.iter().rev().find(|family| code.starts_with(family.wire));
        WireError::find(self.error_codes, code).or_else(family)
    }
}

/// What the model knows of an exception or operation error code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct WireError {
    /// Name on the wire; of a family, what its names begin with.
    pub wire: &'static str,
    /// What it means for the caller.
    pub category: Category,
    /// HTTP status that goes with it; 0 where none does.
    pub status: u16,
    /// The service's text, where it is known; empty otherwise.
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

/// What an error means for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
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

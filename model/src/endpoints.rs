//! Endpoint rules and partitions.

use crate::json::choice;

/// Endpoint rules, of which the first whose conditions all hold applies.
#[derive(Clone, Debug, PartialEq)]
pub struct Endpoints {
    /// Rules, in order.
    pub rules: Vec<EndpointRule>,
    /// Partitions that a region belongs to: exact region first, then prefix, then the first partition.
    pub partitions: Partitions,
    /// Regions where the service is known to be offered, sorted.
    pub regions: Vec<String>,
}

/// One endpoint rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointRule {
    /// Conditions that must all hold.
    pub when: Vec<EndpointCondition>,
    /// Endpoint, or error, if the conditions hold.
    pub then: EndpointOutcome,
}

choice! {
    /// A condition of an endpoint rule.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum EndpointCondition {
        /// The caller gave an endpoint URL.
        EndpointSet = "endpoint-set",
        /// A region is known.
        RegionSet = "region-set",
        /// The region is exactly this one.
        RegionIs(String) = "region-is",
        /// FIPS endpoints are requested.
        Fips = "fips",
        /// Dual-stack endpoints are requested.
        DualStack = "dual-stack",
        /// The region's partition has FIPS endpoints.
        PartitionHasFips = "partition-has-fips",
        /// The region's partition has dual-stack endpoints.
        PartitionHasDualStack = "partition-has-dual-stack",
        /// The region's partition is this one.
        PartitionIs(String) = "partition-is",
        /// Endpoints within the caller's virtual private cloud are requested.
        Vpc = "vpc",
        /// The endpoint that all regions share is requested, if the service has one.
        Global = "global",
    }
}

/// The result of an endpoint rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EndpointOutcome {
    /// The caller's endpoint, as given.
    Custom,
    /// A URL with the placeholders `{Region}`, `{dnsSuffix}` and `{dualStackDnsSuffix}`.
    Url(String),
    /// The same, and requests are signed for a region of the endpoint's own.
    SignedFor {
        /// URL with placeholders.
        url: String,
        /// Region to sign for.
        region: String,
    },
    /// No endpoint, for this reason.
    Error(String),
}

/// The partitions of a service's regions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Partitions {
    /// A table that services share.
    Shared(PartitionTable),
    /// The service's own.
    Own(Vec<Partition>),
}

impl Partitions {
    /// The partitions, in order.
    pub fn list(&self) -> &[Partition] {
        match self {
            Self::Shared(table) => &table.partitions,
            Self::Own(partitions) => partitions,
        }
    }
}

/// A table of partitions that services share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartitionTable {
    /// Name by which services refer to the table: `aws`.
    pub name: String,
    /// Partitions, in order.
    pub partitions: Vec<Partition>,
}

/// A group of regions that share DNS suffixes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partition {
    /// Name: `aws-cn`.
    pub id: String,
    /// First words of its regions, for regions not listed: `us-gov` for `us-gov-<word>-<number>`.
    pub region_prefixes: Vec<String>,
    /// DNS suffix: `amazonaws.com`.
    pub dns_suffix: String,
    /// DNS suffix of dual-stack endpoints: `api.aws`.
    pub dual_stack_dns_suffix: String,
    /// Further DNS suffixes that single services have: `on.aws`.
    pub other_dns_suffixes: Vec<String>,
    /// Whether it has FIPS endpoints.
    pub supports_fips: bool,
    /// Whether it has dual-stack endpoints.
    pub supports_dual_stack: bool,
    /// Regions known by name, sorted.
    pub regions: Vec<String>,
}

//! Endpoints: rules of the model, applied to a client's settings.

mod error;
pub mod partitions;
pub mod path;
mod resolve;
mod url;

pub use error::EndpointError;
pub use resolve::check_region;
pub use resolve::{Endpoint, EndpointParams};
pub use url::{check_url, shown};

/// Endpoint rules of a service; the first matching rule decides.
#[derive(Debug)]
#[non_exhaustive]
pub struct EndpointRules {
    /// Rules, in order.
    pub rules: &'static [Rule],
    /// Partitions. A region is looked up by exact name, then by prefix, and else belongs to the first partition.
    pub partitions: &'static [Partition],
}

impl EndpointRules {
    /// Collects rules and partitions.
    pub const fn new(rules: &'static [Rule], partitions: &'static [Partition]) -> Self {
        Self { rules, partitions }
    }
}

/// One endpoint rule.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct Rule {
    /// The conditions, all of which must hold.
    pub when: &'static [Condition],
    /// The result of the rule.
    pub then: Outcome,
}

/// A condition of an endpoint rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Condition {
    /// The caller set an endpoint URL.
    EndpointSet,
    /// A region is known.
    RegionSet,
    /// The region is exactly this one.
    RegionIs(&'static str),
    /// The caller requires FIPS endpoints.
    Fips,
    /// The caller requires dual-stack endpoints.
    DualStack,
    /// The region's partition has FIPS endpoints.
    PartitionHasFips,
    /// The region's partition has dual-stack endpoints.
    PartitionHasDualStack,
    /// The region's partition is this one.
    PartitionIs(&'static str),
    /// The caller requires endpoints within a virtual private cloud.
    Vpc,
    /// The caller requires the endpoint that all regions share.
    Global,
}

/// The result of an endpoint rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// The caller's endpoint, unchanged.
    Custom,
    /// A URL with the placeholders `{Region}`, `{dnsSuffix}` and `{dualStackDnsSuffix}`.
    Url(&'static str),
    /// A URL template, and the region that requests are signed for.
    SignedFor(&'static str, &'static str),
    /// No endpoint, for this reason.
    Error(&'static str),
}

/// A group of regions that share DNS suffixes.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "written as a literal by generated tables")]
pub struct Partition {
    /// Name: `aws-cn`.
    pub id: &'static str,
    /// Prefixes of its regions, for regions that are not listed: `us-gov` for `us-gov-<word>-<number>`.
    pub region_prefixes: &'static [&'static str],
    /// DNS suffix: `amazonaws.com`.
    pub dns_suffix: &'static str,
    /// DNS suffix of dual-stack endpoints: `api.aws`.
    pub dual_stack_dns_suffix: &'static str,
    /// Further DNS suffixes of single services: `on.aws`.
    pub other_dns_suffixes: &'static [&'static str],
    /// Whether the partition has FIPS endpoints.
    pub supports_fips: bool,
    /// Whether the partition has dual-stack endpoints.
    pub supports_dual_stack: bool,
    /// Regions known by name, sorted.
    pub regions: &'static [&'static str],
}

impl Partition {
    /// Every DNS suffix of the partition's hosts.
    pub fn dns_suffixes(&self) -> impl Iterator<Item = &'static str> {
        [self.dns_suffix, self.dual_stack_dns_suffix]
            .into_iter()
            .chain(self.other_dns_suffixes.iter().copied())
    }

    /// Whether the partition knows the region by name.
    pub fn lists(&self, region: &str) -> bool {
        self.regions.binary_search(&region).is_ok()
    }
}

//! Where the service is.

use crate::endpoint::{Condition, EndpointRules, Outcome, Partition, Rule};

/// The region that stands in for none: its endpoint is the one that all regions share.
pub(super) const GLOBAL: &str = "aws-global";

/// Regions whose requests older tools sent to the endpoint that all regions share.
pub(super) const LEGACY: [&str; 15] = [
    "ap-northeast-1",
    "ap-south-1",
    "ap-southeast-1",
    "ap-southeast-2",
    "ca-central-1",
    "eu-central-1",
    "eu-north-1",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-west-1",
    "us-west-2",
];

/// The first rule that holds decides.
pub(super) static RULES: EndpointRules = EndpointRules::new(
    &[
        rule(&[Condition::EndpointSet], Outcome::Custom),
        rule(&[Condition::RegionIs(GLOBAL)], Outcome::SignedFor("https://sts.amazonaws.com", "us-east-1")),
        // In this partition every endpoint is one of FIPS.
        rule(
            &[Condition::Fips, Condition::PartitionIs("aws-us-gov")],
            Outcome::Url("https://sts.{Region}.amazonaws.com"),
        ),
        rule(
            &[Condition::Fips, Condition::DualStack],
            Outcome::Url("https://sts-fips.{Region}.{dualStackDnsSuffix}"),
        ),
        rule(&[Condition::Fips], Outcome::Url("https://sts-fips.{Region}.{dnsSuffix}")),
        rule(&[Condition::DualStack], Outcome::Url("https://sts.{Region}.{dualStackDnsSuffix}")),
        rule(&[], Outcome::Url("https://sts.{Region}.{dnsSuffix}")),
    ],
    &[
        partition("aws", &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"], "amazonaws.com", "api.aws"),
        partition("aws-cn", &["cn"], "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
        partition("aws-us-gov", &["us-gov"], "amazonaws.com", "api.aws"),
        partition("aws-eusc", &["eusc-de"], "amazonaws.eu", "api.amazonwebservices.eu"),
        partition("aws-iso", &["us-iso"], "c2s.ic.gov", "api.aws.ic.gov"),
        partition("aws-iso-b", &["us-isob"], "sc2s.sgov.gov", "api.aws.scloud"),
        partition("aws-iso-e", &["eu-isoe"], "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
        partition("aws-iso-f", &["us-isof"], "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
    ],
);

const fn rule(when: &'static [Condition], then: Outcome) -> Rule {
    Rule { when, then }
}

/// Regions are known by their first words alone; a service that has no FIPS or dual-stack endpoint there is not found.
const fn partition(
    id: &'static str,
    region_prefixes: &'static [&'static str],
    dns_suffix: &'static str,
    dual_stack_dns_suffix: &'static str,
) -> Partition {
    Partition {
        id,
        region_prefixes,
        dns_suffix,
        dual_stack_dns_suffix,
        supports_fips: true,
        supports_dual_stack: true,
        regions: &[],
    }
}

//! Endpoints of the services that sources of credentials call.

use crate::endpoint::{Condition, EndpointRules, Outcome, Partition, Rule};

/// Endpoints of the portal of IAM Identity Center.
pub(super) static PORTAL: EndpointRules = EndpointRules::new(
    &[
        CUSTOM,
        rule(FIPS_DUAL_STACK, Outcome::Url("https://portal.sso-fips.{Region}.{dualStackDnsSuffix}")),
        rule(FIPS_OF_GOVERNMENT, Outcome::Url("https://portal.sso.{Region}.amazonaws.com")),
        rule(FIPS, Outcome::Url("https://portal.sso-fips.{Region}.{dnsSuffix}")),
        rule(DUAL_STACK, Outcome::Url("https://portal.sso.{Region}.{dualStackDnsSuffix}")),
        rule(&[], Outcome::Url("https://portal.sso.{Region}.{dnsSuffix}")),
    ],
    &PARTITIONS,
);

/// Endpoints of the service that renews sign-ins.
pub(super) static SIGN_IN: EndpointRules = EndpointRules::new(
    &[
        CUSTOM,
        rule(FIPS_DUAL_STACK, Outcome::Url("https://oidc-fips.{Region}.{dualStackDnsSuffix}")),
        rule(FIPS_OF_GOVERNMENT, Outcome::Url("https://oidc.{Region}.amazonaws.com")),
        rule(FIPS, Outcome::Url("https://oidc-fips.{Region}.{dnsSuffix}")),
        rule(DUAL_STACK, Outcome::Url("https://oidc.{Region}.{dualStackDnsSuffix}")),
        rule(&[], Outcome::Url("https://oidc.{Region}.{dnsSuffix}")),
    ],
    &PARTITIONS,
);

const CUSTOM: Rule = rule(&[Condition::EndpointSet], Outcome::Custom);
const FIPS_DUAL_STACK: &[Condition] = &[Condition::Fips, Condition::DualStack];
/// In this partition every endpoint has validated cryptography.
const FIPS_OF_GOVERNMENT: &[Condition] = &[Condition::Fips, Condition::PartitionIs("aws-us-gov")];
const FIPS: &[Condition] = &[Condition::Fips];
const DUAL_STACK: &[Condition] = &[Condition::DualStack];

const fn rule(when: &'static [Condition], then: Outcome) -> Rule {
    Rule { when, then }
}

static PARTITIONS: [Partition; 8] = [
    partition("aws", &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"], "amazonaws.com", "api.aws"),
    partition("aws-cn", &["cn"], "amazonaws.com.cn", "api.amazonwebservices.com.cn"),
    partition("aws-us-gov", &["us-gov"], "amazonaws.com", "api.aws"),
    partition("aws-eusc", &["eusc-de"], "amazonaws.eu", "api.amazonwebservices.eu"),
    partition("aws-iso", &["us-iso"], "c2s.ic.gov", "api.aws.ic.gov"),
    partition("aws-iso-b", &["us-isob"], "sc2s.sgov.gov", "api.aws.scloud"),
    partition("aws-iso-e", &["eu-isoe"], "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"),
    partition("aws-iso-f", &["us-isof"], "csp.hci.ic.gov", "api.aws.hci.ic.gov"),
];

/// Regions are known by their first words alone.
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

//! Endpoints of the services that sources of credentials call.

use crate::endpoint::{Condition, EndpointRules, Outcome, Rule, partitions};

/// Endpoints of the portal of IAM Identity Center.
pub(super) static PORTAL: EndpointRules = EndpointRules::new(
    &[
        CUSTOM,
        rule(FIPS_DUAL_STACK, Outcome::Url("https://portal.sso-fips.{Region}.{dualStackDnsSuffix}")),
        rule(FIPS_OF_GOVERNMENT, Outcome::Url("https://portal.sso.{Region}.{dnsSuffix}")),
        rule(FIPS, Outcome::Url("https://portal.sso-fips.{Region}.{dnsSuffix}")),
        rule(DUAL_STACK, Outcome::Url("https://portal.sso.{Region}.{dualStackDnsSuffix}")),
        rule(&[], Outcome::Url("https://portal.sso.{Region}.{dnsSuffix}")),
    ],
    &partitions::AWS,
);

/// Endpoints of the service that renews sign-ins.
pub(super) static SIGN_IN: EndpointRules = EndpointRules::new(
    &[
        CUSTOM,
        rule(FIPS_DUAL_STACK, Outcome::Url("https://oidc-fips.{Region}.{dualStackDnsSuffix}")),
        rule(FIPS_OF_GOVERNMENT, Outcome::Url("https://oidc.{Region}.{dnsSuffix}")),
        rule(FIPS, Outcome::Url("https://oidc-fips.{Region}.{dnsSuffix}")),
        rule(DUAL_STACK, Outcome::Url("https://oidc.{Region}.{dualStackDnsSuffix}")),
        rule(&[], Outcome::Url("https://oidc.{Region}.{dnsSuffix}")),
    ],
    &partitions::AWS,
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

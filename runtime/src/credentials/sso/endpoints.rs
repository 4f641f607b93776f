//! The services of IAM Identity Center, and their endpoints.

use crate::{
    endpoint::{Condition, EndpointRules, Outcome, Rule, partitions},
    service::ServiceInfo,
    sign::Auth,
};

/// The endpoints of a service whose hosts begin with this name.
macro_rules! rules {
    ($host:literal) => {
        EndpointRules::new(
            &[
                rule(&[Condition::EndpointSet], Outcome::Custom),
                rule(
                    FIPS_DUAL_STACK,
                    Outcome::Url(concat!("https://", $host, "-fips.{Region}.{dualStackDnsSuffix}")),
                ),
                rule(FIPS_OF_GOVERNMENT, Outcome::Url(concat!("https://", $host, ".{Region}.{dnsSuffix}"))),
                rule(FIPS, Outcome::Url(concat!("https://", $host, "-fips.{Region}.{dnsSuffix}"))),
                rule(DUAL_STACK, Outcome::Url(concat!("https://", $host, ".{Region}.{dualStackDnsSuffix}"))),
                rule(&[], Outcome::Url(concat!("https://", $host, ".{Region}.{dnsSuffix}"))),
            ],
            &partitions::AWS,
        )
    };
}

/// The portal, which issues credentials of roles.
pub(super) const PORTAL: &ServiceInfo = &identity_center("SSO", "awsssoportal", &PORTAL_RULES);

/// The service that issues and renews sign-ins.
pub(super) const SIGN_IN: &ServiceInfo = &identity_center("SSO OIDC", "sso-oauth", &SIGN_IN_RULES);

const fn identity_center(
    settings_id: &'static str,
    signing_name: &'static str,
    endpoints: &'static EndpointRules,
) -> ServiceInfo {
    let (title, version) = ("IAM Identity Center", "2019-06-10");
    ServiceInfo::new(title, version, settings_id, Auth::sigv4(signing_name), endpoints, &[], &[])
}

static PORTAL_RULES: EndpointRules = rules!("portal.sso");
static SIGN_IN_RULES: EndpointRules = rules!("oidc");

const FIPS_DUAL_STACK: &[Condition] = &[Condition::Fips, Condition::DualStack];
/// In this partition, every endpoint uses FIPS-validated cryptography.
const FIPS_OF_GOVERNMENT: &[Condition] = &[Condition::Fips, Condition::PartitionIs("aws-us-gov")];
const FIPS: &[Condition] = &[Condition::Fips];
const DUAL_STACK: &[Condition] = &[Condition::DualStack];

const fn rule(when: &'static [Condition], then: Outcome) -> Rule {
    Rule { when, then }
}

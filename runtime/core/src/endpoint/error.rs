//! Errors of endpoint resolution.

use std::fmt;

use super::EndpointParams;
use crate::vendor::Vendor;

/// The error of endpoint resolution, with a remedy.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointError {
    /// An endpoint rule of the model refuses the settings.
    Refused {
        /// The rule's text.
        reason: &'static str,
        /// The remedy.
        remedy: &'static str,
    },
    /// The region is malformed.
    Region {
        /// The region, as given.
        region: String,
        /// The problem.
        problem: &'static str,
    },
    /// The endpoint URL cannot be used.
    Url {
        /// The URL, without parts that may contain secrets.
        url: String,
        /// The problem.
        problem: &'static str,
    },
    /// Requests cannot be signed, since the caller set an endpoint URL without a region.
    NoSigningRegion {
        /// The endpoint URL.
        url: String,
    },
}

impl EndpointError {
    pub(super) fn refused(reason: &'static str, params: &EndpointParams<'_>) -> Self {
        let remedy = match params {
            EndpointParams { region: None, endpoint: None, .. } => params.vendor.set_a_region(),
            EndpointParams { endpoint: Some(_), .. } => {
                "set the URL of a FIPS or dual-stack endpoint and turn AWS_USE_FIPS_ENDPOINT and \
                 AWS_USE_DUALSTACK_ENDPOINT off, or set no URL"
            }
            EndpointParams { use_fips: true, .. } | EndpointParams { use_dual_stack: true, .. } => {
                params.vendor.ask_for_no_variant()
            }
            _ => "choose another region or set an endpoint URL",
        };
        Self::Refused { reason, remedy }
    }
}

impl fmt::Display for EndpointError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused { reason, remedy } => write!(f, "{reason}: {remedy}"),
            Self::Region { region, problem } => write!(f, "region `{}`: {problem}", region.escape_debug()),
            Self::Url { url, problem } => write!(f, "endpoint URL `{url}`: {problem}"),
            Self::NoSigningRegion { url } => {
                let remedy = Vendor::Aws.set_a_region();
                write!(f, "endpoint URL `{url}` contains no region to sign for: {remedy}")
            }
        }
    }
}

impl std::error::Error for EndpointError {}

//! Why there is no endpoint.

use std::fmt;

use super::EndpointParams;
use crate::vendor::Vendor;

/// No endpoint: why, and the way out.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EndpointError {
    /// An endpoint rule of the model refuses the settings.
    Refused {
        /// The rule's text.
        reason: &'static str,
        /// What to do.
        remedy: &'static str,
    },
    /// The region cannot be one.
    Region {
        /// The region, as given.
        region: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The endpoint URL cannot be used.
    Url {
        /// The URL, without what may hold secrets.
        url: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Requests cannot be signed, because an endpoint URL but no region was given.
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
                "give the URL of such an endpoint and turn AWS_USE_FIPS_ENDPOINT and AWS_USE_DUALSTACK_ENDPOINT off, \
                 or give no URL"
            }
            EndpointParams { use_fips: true, .. } | EndpointParams { use_dual_stack: true, .. } => {
                params.vendor.ask_for_no_variant()
            }
            _ => "choose another region or give an endpoint URL",
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
                write!(f, "endpoint URL `{url}` says no region to sign for: {remedy}")
            }
        }
    }
}

impl std::error::Error for EndpointError {}

//! Causes and remedies of parts of the scope and of candidates.

use super::finding::{Candidate, ScopeFault, ScopeField};

/// Cause and remedy of a wrong part of the scope; the host may name the region if the service does not.
pub(super) fn of_scope_fault(fault: &ScopeFault, region_of_host: Option<&str>) -> (&'static str, String) {
    let theirs = fault.theirs.as_deref();
    match fault.field {
        ScopeField::Region => (
            "The client's region is not the endpoint's.",
            theirs.or(region_of_host.filter(|named| fault.ours.as_deref() != Some(*named))).map_or_else(
                || "Set the region of the endpoint.".to_owned(),
                |region| format!("Set the region to `{region}`."),
            ),
        ),
        ScopeField::Service => (
            "The service name in the signature is not the service's signing name.",
            theirs.map_or_else(
                || "Sign with the signing name of the service.".to_owned(),
                |service| format!("Sign for the service `{service}`."),
            ),
        ),
        ScopeField::Date => (
            "The date of the scope and X-Amz-Date come from different moments or time zones.",
            "Derive both from the same moment, in UTC.".to_owned(),
        ),
        ScopeField::Terminator => {
            ("The scope has another terminator.", "End the scope with `aws4_request`.".to_owned())
        }
        ScopeField::Shape => (
            "The credential does not have five parts; a slash in the access key id adds one.",
            "Write the credential as id/date/region/service/aws4_request.".to_owned(),
        ),
    }
}

/// The cause, if this candidate is the reason.
pub(super) fn of_candidate(candidate: Candidate) -> Option<&'static str> {
    Some(match candidate {
        Candidate::Verdict(verdict) => return verdict.text().causes.first().copied(),
        Candidate::RequestNotSigned => "The request was not signed.",
        Candidate::NoSuchResourceOrMethod => "Path or method do not exist in the deployed stage.",
        Candidate::StageMissingInPath => {
            "The stage is missing from the path, or is in the path of a domain that adds it."
        }
        Candidate::AuthorizationRemovedOnTheWay => "A proxy removes the Authorization header.",
    })
}

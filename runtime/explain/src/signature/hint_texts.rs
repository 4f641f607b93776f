//! Causes and remedies of hints, parts of the scope and candidates.

use super::{
    finding::{Candidate, ScopeFault, ScopeField},
    verdict::Hint,
    verdict_texts::of_verdict,
};

/// The cause, if the hint is more specific than the verdict, and the remedy.
pub(super) fn of_hint(hint: Hint) -> (Option<&'static str>, &'static str) {
    match hint {
        Hint::RouteOrMethodProbablyMissing => (None, "Check first that the path and method are deployed."),
        Hint::XAmzExpiresIgnored => (
            Some(
                "The URL was used within its X-Amz-Expires, but the service accepts it only for a shorter time.",
            ),
            "Create presigned URLs shortly before they are used.",
        ),
        Hint::SignTheHostHeaderValue => (
            Some("The name that the connection goes to was signed, not the Host header."),
            "Sign the value of the Host header.",
        ),
        Hint::DefaultPortInHost => (
            Some("One side writes the port of the host although it is the scheme's default."),
            "Sign and send the host without the scheme's default port.",
        ),
        Hint::EncodeWirePathOnceMore => (
            Some("The path as sent was used as the canonical path, without encoding it again."),
            "Encode the path as sent once more for the canonical request.",
        ),
        Hint::EncodeWirePathExactlyOnce => (
            Some("Segments of the path were encoded too often, or not all in the same way."),
            "Encode every segment of the path as sent exactly once for the canonical request.",
        ),
        Hint::StageOrBasePath => (
            Some("A stage or base path is added or removed between signer and service."),
            "Sign the path that the service receives, with its stage if it has one.",
        ),
        Hint::SignedEmptyBody => (
            Some("The signer did not see the body: it was set later, or is a stream."),
            "Pass the body that is sent to the signer.",
        ),
        Hint::ServerSawEmptyBody => (
            Some("The body was lost: a redirect, a proxy, or a stream that was already read."),
            "Find out what drops the body: the service received an empty one.",
        ),
        Hint::PayloadModeNotAccepted => (
            Some("The payload was signed as unsigned or streamed, which this service does not accept."),
            "Sign the hash of the body.",
        ),
        Hint::ReEncodedOrCompressedOnTheWay => (
            Some("The body was re-serialized, re-encoded or compressed after signing."),
            "Look for what changes the body after it was hashed: a serializer, a middleware, a proxy.",
        ),
        Hint::LeaveHeaderUnsigned => (
            Some("Proxies and HTTP libraries set this header themselves."),
            "Do not sign this header, nor other hop-by-hop and tracing headers.",
        ),
        Hint::HeaderAbsentAtServer => {
            (Some("Something on the way removes the header."), "Forward the header, or do not sign it.")
        }
        Hint::BlanksInHeaderValue => (
            Some("The value was signed with its white space unchanged."),
            "Trim the value, and replace each run of spaces by one, for the canonical request.",
        ),
        Hint::HeaderOrder => (
            Some("The headers are the same, but their lines have another order or form."),
            "Write the header lines with names in lower case, sorted by name.",
        ),
        Hint::EmptyLineMissing => (
            Some("The canonical request lacks the empty line after the headers."),
            "End the headers with an empty line in the canonical request.",
        ),
        Hint::CustomDomain => (
            Some("Region and service were guessed from a host name that does not have them."),
            "Set region and service explicitly; the operator of the service knows them.",
        ),
        Hint::NameSplitAtWrongLabel => (
            Some("The region was read from the wrong part of the host name."),
            "Set the region explicitly: the signed one is not a region.",
        ),
        Hint::KeyIdHasBlank => (
            Some("The access key id has a space in or after it, probably from copying."),
            "Remove the white space from the access key id.",
        ),
        Hint::SecretHasBlankEnds => (
            Some("The secret access key begins or ends with white space."),
            "Remove the white space at the ends of the secret access key.",
        ),
        Hint::OwnTextsDisagree => (
            Some("The string to sign does not have the hash of the canonical request."),
            "Repair the signer, or paste both texts of the same request.",
        ),
        Hint::SecretOfAnotherKey => (None, "Check that access key id and secret access key belong together."),
    }
}

/// Cause and remedy of a wrong part of the scope; the host may name the region if the service does not.
pub(super) fn of_scope_fault(fault: &ScopeFault, region_of_host: Option<&str>) -> (&'static str, String) {
    let theirs = fault.theirs.as_deref();
    match fault.field {
        ScopeField::Region => (
            "The client has another region than the endpoint.",
            theirs.or(region_of_host).map_or_else(
                || "Set the region of the endpoint.".to_owned(),
                |region| format!("Set the region to `{region}`."),
            ),
        ),
        ScopeField::Service => (
            "The signature has another service name than the service's signing name.",
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
        Candidate::Verdict(verdict) => return of_verdict(verdict).causes.first().copied(),
        Candidate::RequestNotSigned => "The request was not signed.",
        Candidate::NoSuchResourceOrMethod => "Path or method do not exist in the deployed stage.",
        Candidate::StageMissingInPath => {
            "The stage is missing from the path, or is in the path of a domain that adds it."
        }
        Candidate::AuthorizationRemovedOnTheWay => "A proxy removes the Authorization header.",
    })
}

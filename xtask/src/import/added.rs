//! What vendors' own clients add to requests by hand: no model has it, and the services need it.

use super::json::Object;

/// Headers of all requests of a service: API Gateway otherwise responds in another format, and Amazon Glacier refuses
/// requests without the version of its API.
pub(super) fn headers(settings_id: &str, version: &str) -> Object {
    let header = match settings_id {
        "API Gateway" => Some(("Accept", "application/json")),
        "Glacier" => Some(("x-amz-glacier-version", version)),
        _ => None,
    };
    Object(header.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
}

/// What callers of a service do themselves, since the vendor's own clients change members by hand.
pub(super) fn by_callers(settings_id: &str) -> &'static [&'static str] {
    match settings_id {
        "Auto Scaling" => &["user data: encode it by Base64"],
        "DocDB" | "Neptune" | "RDS" => &["copies from another region: set the presigned URL"],
        "EC2" => &[
            "user data: encode it by Base64",
            "output of GetConsoleOutput: decode it by Base64",
            "CopySnapshot: set the presigned URL and the region of the copy",
        ],
        "IAM" => &["policy documents in responses: decode them, they are percent-encoded"],
        "Route 53" => {
            &["ids: cut off /hostedzone/, /change/ and /delegationset/, with which those in responses begin"]
        }
        "S3" => &[
            "keys of customers (SSE-C): encode them by Base64, and add their MD5",
            "sources of copies: percent-encode the key",
        ],
        _ => &[],
    }
}

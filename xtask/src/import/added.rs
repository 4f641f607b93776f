//! What vendors' own clients add to requests by hand: no model has it, and the services need it.

use super::json::Object;

/// Headers of all requests of a service: that of API Gateway responds in another format otherwise, and Amazon Glacier refuses
/// requests without the version of its API.
pub(super) fn headers(settings_id: &str, version: &str) -> Object {
    let header = match settings_id {
        "API Gateway" => Some(("Accept", "application/json")),
        "Glacier" => Some(("x-amz-glacier-version", version)),
        _ => None,
    };
    Object(header.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect())
}

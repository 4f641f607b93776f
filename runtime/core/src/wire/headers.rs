//! Headers that callers cannot set, and headers that signatures do not cover.

use http::{HeaderName, HeaderValue};

use crate::signatures;

/// Parses a header that a caller sets. `own` names a header that the client sets itself.
///
/// # Errors
/// Why the header cannot be set.
pub fn parse(name: &str, value: &str, own: Option<&str>) -> Result<(HeaderName, HeaderValue), String> {
    let parsed = HeaderName::try_from(name).map_err(|_| format!("{name:?} is not a valid header name"))?;
    if is_reserved(parsed.as_str()) || own == Some(parsed.as_str()) {
        return Err(format!("{parsed} is reserved for the client, and cannot be set by callers"));
    }
    let value = HeaderValue::try_from(value)
        .map_err(|_| format!("the value of {parsed} is not a valid header value"))?;
    Ok((parsed, value))
}

/// Whether a header follows from the request, its signature or its connection, so that callers cannot set it.
fn is_reserved(name: &str) -> bool {
    is_of_connection(name)
        || matches!(name, "authorization" | "content-length" | "host")
        || signatures::ALL.iter().any(|names| names.headers.contains(&name))
}

/// Whether proxies add, remove or rewrite a header, or it carries the signature itself.
pub fn is_unsigned(name: &str) -> bool {
    is_of_connection(name)
        || matches!(
            name,
            "authorization" | "baggage" | "traceparent" | "tracestate" | "user-agent" | "x-amzn-trace-id"
        )
}

/// Whether a header is about one connection (RFC 9110, section 7.6.1), or asks for a reaction of the next server.
fn is_of_connection(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "expect"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

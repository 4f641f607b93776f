//! Validation of endpoint URLs.

use http::Uri;

use super::EndpointError;

/// Parses an endpoint URL, without trailing slashes. Refuses URLs that requests cannot be sent to or signed for.
///
/// # Errors
/// [`EndpointError::Url`].
pub fn check_url(url: &str) -> Result<Uri, EndpointError> {
    let refuse = |problem| EndpointError::Url { url: shown(url), problem };

    if url.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err(refuse("contains spaces, control or non-ASCII characters; percent-encode them"));
    }
    if url.contains(['?', '#']) {
        return Err(refuse("has a query or fragment; an endpoint is scheme, host, port and path"));
    }
    let (scheme, rest) = url.split_once("://").unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("https") && !scheme.eq_ignore_ascii_case("http") {
        return Err(refuse("starts with neither https:// nor http://"));
    }
    if rest.is_empty() || rest.starts_with('/') {
        return Err(refuse("names no host"));
    }
    let parsed: Uri = url
        .trim_end_matches('/')
        .parse()
        .map_err(|_| refuse("not a URL; one is like https://host:443/path"))?;
    let authority = parsed.authority().ok_or_else(|| refuse("names no host"))?;
    if authority.as_str().contains('@') {
        return Err(refuse("carries a user name or password; credentials are set apart from the URL"));
    }
    if authority.host().is_empty() {
        return Err(refuse("names no host"));
    }
    // `Authority` accepts any text after the colon.
    let port = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
    if !port.is_empty() && authority.port_u16().is_none_or(|port| port == 0) {
        return Err(refuse("has a port that is not between 1 and 65535"));
    }
    Ok(parsed)
}

/// The URL without parts that may contain secrets.
pub fn shown(url: &str) -> String {
    let end = url.find(['?', '#']).unwrap_or(url.len());
    let (url, rest) = url.split_at(end);
    match url.rsplit_once('@') {
        // A password may contain characters that begin a query.
        _ if rest.contains('@') => "***".to_owned(),
        Some((_, host)) => format!("***@{}", host.escape_debug()),
        None => url.escape_debug().to_string(),
    }
}

//! The `host` header, which every signature covers.

use http::{
    HeaderMap, HeaderValue, Uri,
    header::HOST,
    uri::{Authority, Scheme},
};

use super::sigv4::SignError;

/// The `host` header to sign: the URI's host if the header is missing, without the scheme's default port, which clients
/// and proxies remove. `None` if the header needs no change.
pub(super) fn replacement(headers: &HeaderMap, uri: &Uri) -> Result<Option<HeaderValue>, SignError> {
    let own_port = default_port(uri).as_bytes();
    let value = |host| HeaderValue::from_bytes(host).map_err(|_| SignError::Host);
    if let Some(host) = headers.get(HOST) {
        return host.as_bytes().strip_suffix(own_port).map(value).transpose();
    }
    let authority = uri.authority().ok_or(SignError::Host)?.as_str();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host).as_bytes();
    value(host.strip_suffix(own_port).unwrap_or(host)).map(Some)
}

/// Removes the scheme's default port from a URI, which others take their `host` header from.
pub(super) fn remove_default_port(uri: Uri) -> Result<Uri, SignError> {
    let host = uri.authority().and_then(|authority| authority.as_str().strip_suffix(default_port(&uri)));
    let Some(host) = host.map(Authority::try_from) else { return Ok(uri) };
    let mut parts = uri.clone().into_parts();
    parts.authority = Some(host.map_err(|_| SignError::Target)?);
    Uri::from_parts(parts).map_err(|_| SignError::Target)
}

fn default_port(uri: &Uri) -> &'static str {
    if uri.scheme() == Some(&Scheme::HTTP) { ":80" } else { ":443" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(uri: &'static str, header: Option<&'static str>, signed: &str) {
        let mut headers = HeaderMap::new();
        headers.extend(header.map(|value| (HOST, HeaderValue::from_static(value))));
        let replacement = replacement(&headers, &Uri::from_static(uri)).unwrap();
        assert_ne!(header, replacement.as_ref().map(|value| value.to_str().unwrap()), "an unneeded change");
        if let Some(value) = replacement {
            headers.insert(HOST, value);
        }
        assert_eq!(headers.get_all(HOST).iter().collect::<Vec<_>>(), [signed]);
    }

    #[test]
    fn the_hosts_that_are_signed() {
        check("https://api.example.com/", None, "api.example.com");
        check("https://api.example.com:443/", None, "api.example.com");
        check("https://api.example.com:80/", None, "api.example.com:80");
        check("http://api.example.com:80/", None, "api.example.com");
        check("http://127.0.0.1:8443", None, "127.0.0.1:8443");
        check("https://[::1]:443/", None, "[::1]");
        check("https://user:word@api.example.com/", None, "api.example.com");
        check("https://10.0.0.1/", Some("api.example.com"), "api.example.com");
        check("https://10.0.0.1/", Some("api.example.com:443"), "api.example.com");
        check("/", Some("api.example.com"), "api.example.com");
    }

    #[test]
    fn no_host_anywhere() {
        assert_eq!(replacement(&HeaderMap::new(), &Uri::from_static("/")), Err(SignError::Host));
    }
}

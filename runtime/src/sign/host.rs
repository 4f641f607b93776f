//! The `host` header, which every signature covers.

use http::{HeaderMap, HeaderValue, Uri, header::HOST};

use super::sigv4::SignError;

/// Brings the `host` header into the form in which it is signed: the URI's host if there is none, and without the
/// scheme's own port, which clients and proxies drop.
pub(super) fn set(headers: &mut HeaderMap, uri: &Uri) -> Result<(), SignError> {
    let own_port = match uri.scheme_str() {
        Some("https") => Some(":443"),
        Some("http") => Some(":80"),
        _ => None,
    };
    let without_port = |host: &str| {
        let short = own_port.and_then(|port| host.strip_suffix(port))?;
        HeaderValue::from_str(short).ok()
    };
    if let Some(value) = headers.get_mut(HOST) {
        if let Some(short) = value.to_str().ok().and_then(without_port) {
            *value = short;
        }
        return Ok(());
    }
    let authority = uri.authority().ok_or(SignError::Host)?.as_str();
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    let value = match without_port(host) {
        Some(short) => short,
        None => HeaderValue::from_str(host).map_err(|_| SignError::Host)?,
    };
    headers.insert(HOST, value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(uri: &'static str, header: Option<&'static str>, signed: &str) {
        let mut headers = HeaderMap::new();
        headers.extend(header.map(|value| (HOST, HeaderValue::from_static(value))));
        set(&mut headers, &Uri::from_static(uri)).unwrap();
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
        check("/", Some("api.example.com:443"), "api.example.com:443");
    }

    #[test]
    fn no_host_anywhere() {
        assert_eq!(set(&mut HeaderMap::new(), &Uri::from_static("/")), Err(SignError::Host));
    }
}

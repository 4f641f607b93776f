//! The route of signed requests.

use std::{error::Error, fmt, mem};

use http::{
    Uri,
    header::HOST,
    uri::{PathAndQuery, Scheme},
};

use crate::transport::Request;

/// Another URL that requests are sent to, instead of the API's own.
#[derive(Debug, Default)]
pub(crate) struct Route {
    /// The URL of the server in front of the API.
    pub(crate) through: Option<Uri>,
    /// Whether the API's URL began with `wss://`.
    pub(crate) websocket: bool,
}

/// Why a request cannot be sent through another URL. The request is then not sent at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RouteError {
    /// The request is not for the API.
    OtherPath,
    /// The new URL is too long.
    TooLong,
}

impl Route {
    /// The URL and host that a request is sent to.
    pub(crate) fn address<'a>(&'a self, request: &'a Uri) -> &'a Uri {
        self.through.as_ref().unwrap_or(request)
    }

    /// Redirects a signed request to the other URL, and sets `Host` accordingly.
    pub(crate) fn take(&self, endpoint: &Uri, request: &mut Request) -> Result<(), RouteError> {
        // Nothing else sets another URL, and other programs need none of the code.
        if cfg!(feature = "raw-http")
            && let Some(through) = &self.through
        {
            *request.uri_mut() = along(endpoint, through, request.uri())?;
            request.headers_mut().remove(HOST);
        }
        Ok(())
    }

    /// Redirects a signed request that someone else sends, with a WebSocket's scheme if the API's URL had one.
    pub(crate) fn hand_over(&self, endpoint: &Uri, request: &mut Request) -> Result<(), RouteError> {
        self.take(endpoint, request)?;
        *request.uri_mut() = self.with_scheme(mem::take(request.uri_mut()))?;
        Ok(())
    }

    /// Redirects a presigned URL to the other URL, with a WebSocket's scheme if the API's URL had one.
    pub(crate) fn of_url(&self, endpoint: &Uri, url: Uri) -> Result<Uri, RouteError> {
        self.with_scheme(match &self.through {
            Some(through) => along(endpoint, through, &url)?,
            None => url,
        })
    }

    /// `url` with a WebSocket's scheme if the API's URL had one.
    fn with_scheme(&self, url: Uri) -> Result<Uri, RouteError> {
        if !self.websocket {
            return Ok(url);
        }
        let mut parts = url.into_parts();
        let scheme = if parts.scheme == Some(Scheme::HTTP) { "ws" } else { "wss" };
        parts.scheme = Some(Scheme::try_from(scheme).expect("letters are a scheme"));
        Uri::from_parts(parts).map_err(|_| RouteError::TooLong)
    }
}

/// `uri` with its beginning replaced.
fn along(endpoint: &Uri, through: &Uri, uri: &Uri) -> Result<Uri, RouteError> {
    let target = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let [from, to] = [endpoint, through].map(|base| base.path().trim_end_matches('/'));
    let rest = target.strip_prefix(from).filter(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
    let rest = rest.ok_or(RouteError::OtherPath)?;
    // A target begins with a slash, even if only a query remains.
    let slash = if to.is_empty() && !rest.starts_with('/') { "/" } else { "" };
    let mut parts = through.clone().into_parts();
    let target = PathAndQuery::try_from([to, slash, rest].concat()).map_err(|_| RouteError::TooLong)?;
    parts.path_and_query = Some(target);
    Uri::from_parts(parts).map_err(|_| RouteError::TooLong)
}

impl fmt::Display for RouteError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::OtherPath => {
                "its path does not begin with the path of the API's URL, which `through` replaces; a hook changed it"
            }
            Self::TooLong => "with the URL of `through`, its URL is too long",
        })
    }
}

impl Error for RouteError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(endpoint: &'static str, through: &'static str, uri: &'static str, expected: &str) {
        let uri = along(&Uri::from_static(endpoint), &Uri::from_static(through), &Uri::from_static(uri));
        assert_eq!(uri.unwrap(), expected);
    }

    #[test]
    fn beginnings_are_replaced() {
        check(
            "https://api.example/prod",
            "https://cdn.example",
            "https://api.example/prod/a?b=c",
            "https://cdn.example/a?b=c",
        );
        check(
            "https://api.example/prod",
            "https://cdn.example/x/",
            "https://api.example/prod",
            "https://cdn.example/x",
        );
        check(
            "https://api.example/",
            "http://[::1]:8080/x",
            "https://api.example/a",
            "http://[::1]:8080/x/a",
        );
        check(
            "https://api.example/",
            "https://cdn.example",
            "https://api.example/?a",
            "https://cdn.example/?a",
        );
        for (base, through, target, expected) in [
            // No path remains, but a slash.
            ("/prod", "", "/prod", "/"),
            ("/prod/", "", "/prod", "/"),
            ("/prod", "/", "/prod", "/"),
            ("/prod", "", "/prod/", "/"),
            ("/prod", "", "/prod?a=b", "/?a=b"),
            ("/prod", "", "/prod/?a=b", "/?a=b"),
            ("/prod", "", "/prod?", "/?"),
            ("/prod", "/x", "/prod?a=/prod", "/x?a=/prod"),
            ("/prod", "/x", "/prod/prod", "/x/prod"),
            ("/a/b", "/x/y", "/a/b/c", "/x/y/c"),
            ("", "/x", "/", "/x/"),
            ("", "", "/", "/"),
        ] {
            let url = |host, rest| format!("https://{host}.example{rest}").parse().unwrap();
            let uri = along(&url("api", base), &url("cdn", through), &url("api", target)).unwrap();
            assert_eq!(uri, *format!("https://cdn.example{expected}"), "{base} {through} {target}");
        }
    }

    /// A request that cannot be redirected is not sent to the API either.
    #[test]
    fn no_way() {
        let [endpoint, through] = ["https://api.example/prod", "https://cdn.example"].map(Uri::from_static);
        for other in ["/", "/pro", "/production", "/prod%2F", "/x/prod", "/?/prod"] {
            let uri = format!("https://api.example{other}").parse().unwrap();
            assert_eq!(along(&endpoint, &through, &uri), Err(RouteError::OtherPath), "{other}");
        }
        let long = format!("https://api.example/prod/{}", "a".repeat(65_000)).parse().unwrap();
        let through = format!("https://cdn.example/{}", "b".repeat(1000)).parse().unwrap();
        assert_eq!(along(&endpoint, &through, &long), Err(RouteError::TooLong));
    }

    #[test]
    fn websockets_keep_what_secures_them() {
        for (through, expected) in [
            (None, "wss://api.example/prod"),
            (Some("https://cdn.example"), "wss://cdn.example/"),
            (Some("http://127.0.0.1:8080"), "ws://127.0.0.1:8080/"),
        ] {
            let route = Route { through: through.map(Uri::from_static), websocket: true };
            let endpoint = Uri::from_static("https://api.example/prod");
            assert_eq!(route.of_url(&endpoint, endpoint.clone()).unwrap(), expected);
        }
    }
}

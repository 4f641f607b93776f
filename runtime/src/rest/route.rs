//! Where a request goes once it is signed.

use http::{
    Uri,
    header::HOST,
    uri::{PathAndQuery, Scheme},
};

use crate::transport::Request;

/// Where requests go, if not to the API's own URL.
#[derive(Debug, Default)]
pub(crate) struct Route {
    /// The URL of what stands before the API.
    pub(super) through: Option<Uri>,
    /// The API's URL began with `wss://`.
    pub(super) websocket: bool,
}

impl Route {
    /// What requests are sent to.
    pub(crate) fn address<'a>(&'a self, endpoint: &'a Uri) -> &'a Uri {
        self.through.as_ref().unwrap_or(endpoint)
    }

    /// Sends a signed request the other way. Its `Host` becomes that of the other URL.
    pub(crate) fn take(&self, endpoint: &Uri, request: &mut Request) {
        if let Some(through) = &self.through {
            request.headers_mut().remove(HOST);
            let uri = along(endpoint, through, request.uri());
            *request.uri_mut() = uri;
        }
    }

    /// A presigned URL that leads the other way, and has the scheme that the API's URL had.
    pub(super) fn of_url(&self, endpoint: &Uri, url: Uri) -> Uri {
        let url = match &self.through {
            Some(through) => along(endpoint, through, &url),
            None => url,
        };
        if !self.websocket {
            return url;
        }
        let mut parts = url.clone().into_parts();
        parts.scheme = Some(Scheme::try_from("wss").expect("letters are a scheme"));
        Uri::from_parts(parts).unwrap_or(url)
    }
}

/// `uri`, its beginning replaced.
fn along(endpoint: &Uri, through: &Uri, uri: &Uri) -> Uri {
    let target = uri.path_and_query().map_or("/", PathAndQuery::as_str);
    let [from, to] = [endpoint, through].map(|base| base.path().trim_end_matches('/'));
    let rest = target.strip_prefix(from).unwrap_or(target);
    let mut parts = through.clone().into_parts();
    parts.path_and_query = PathAndQuery::try_from([to, rest].concat()).ok();
    Uri::from_parts(parts).unwrap_or_else(|_| uri.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(endpoint: &'static str, through: &'static str, uri: &'static str, expected: &str) {
        let uri = along(&Uri::from_static(endpoint), &Uri::from_static(through), &Uri::from_static(uri));
        assert_eq!(uri, expected);
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
    }
}

//! Responses by method and path.

use std::fmt;

use http::{Method, uri::PathAndQuery};

use crate::transport::Response;

/// A path of [`Fake::respond`](crate::Fake::respond) that no request can have.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct InvalidPath {
    /// The path that was given.
    pub path: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

impl fmt::Display for InvalidPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invalid path {:?}: {}", self.path, self.reason)
    }
}

impl std::error::Error for InvalidPath {}

/// Responses by route.
#[derive(Debug, Default)]
pub(crate) struct Routes(Vec<Route>);

#[derive(Debug)]
struct Route {
    /// `None` means every method.
    method: Option<Method>,
    path: String,
    segments: Vec<Segment>,
    response: Response,
}

/// A segment of a route's path, the most specific first.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Segment {
    Text(String),
    /// `{name}`: any segment.
    One,
    /// `{name+}`: all remaining segments.
    Rest,
}

impl Routes {
    /// Sets a response, which replaces the one with the same method and path.
    pub(crate) fn set(
        &mut self,
        method: Option<Method>,
        path: String,
        response: Response,
    ) -> Result<(), InvalidPath> {
        let segments = match segments(&path) {
            Ok(segments) => segments,
            Err(reason) => return Err(InvalidPath { path, reason }),
        };
        self.0.retain(|route| (&route.method, &route.path) != (&method, &path));
        self.0.push(Route { method, path, segments, response });
        Ok(())
    }

    /// The response to a request: of routes that fit, the most specific, segment by segment, then one with the request's method.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<Response> {
        let fits = |route: &&Route| {
            route.method.as_ref().is_none_or(|wanted| wanted == method) && fits(&route.segments, path)
        };
        let found = self.0.iter().filter(fits);
        let found = found.min_by_key(|route| (route.segments.as_slice(), route.method.is_none()));
        found.map(|route| route.response.clone())
    }
}

const WHOLE: &str = "{name} is not a whole segment with a name";

/// The segments of a route's path, or why no request can have it.
fn segments(path: &str) -> Result<Vec<Segment>, &'static str> {
    let segments = path.strip_prefix('/').ok_or("it does not begin with /")?;
    let is_sent =
        |sent: PathAndQuery| path.bytes().all(|byte| byte.is_ascii_graphic()) && sent.path() == path;
    if !PathAndQuery::try_from(path).is_ok_and(is_sent) {
        return Err("it has a query, or characters that must be percent-encoded");
    }
    let segments = segments.split('/').map(|text| {
        let Some(label) = text.strip_prefix('{').and_then(|label| label.strip_suffix('}')) else {
            return if text.contains(['{', '}']) { Err(WHOLE) } else { Ok(Segment::Text(text.to_owned())) };
        };
        let name = label.strip_suffix('+').unwrap_or(label);
        if name.is_empty() || name.contains(['{', '}', '+']) {
            return Err(WHOLE);
        }
        Ok(if name == label { Segment::One } else { Segment::Rest })
    });
    let segments = segments.collect::<Result<Vec<_>, _>>()?;
    match segments.split_last() {
        Some((_, others)) if others.contains(&Segment::Rest) => Err("{name+} is not the last segment"),
        _ => Ok(segments),
    }
}

/// Whether a path has these segments.
fn fits(wanted: &[Segment], path: &str) -> bool {
    let mut segments = path.split('/').skip(1);
    for wanted in wanted {
        match (wanted, segments.next()) {
            (Segment::Text(text), Some(segment)) if text == segment => {}
            (Segment::One, Some(segment)) if !segment.is_empty() => {}
            (Segment::Rest, Some(segment)) => return !segment.is_empty(),
            _ => return false,
        }
    }
    segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(route: &str, path: &str, expected: bool) {
        assert_eq!(fits(&segments(route).unwrap(), path), expected, "{route} {path}");
    }

    #[test]
    fn routes_are_those_of_apis() {
        check("/pets", "/pets", true);
        check("/pets", "/pets/", false);
        check("/pets", "/pets/7", false);
        check("/pets/{id}", "/pets/7", true);
        check("/pets/{id}", "/pets/", false);
        check("/pets/{id}", "/pets", false);
        check("/pets/{id}", "/pets/7/toys", false);
        check("/pets/{id}/toys", "/pets/7/toys", true);
        check("/{proxy+}", "/pets/7/toys", true);
        check("/{proxy+}", "/", false);
        check("/", "/", true);
        check("/pets/", "/pets/", true);
        check("/a%20b", "/a%20b", true);
        check("/a|\"b", "/a|\"b", true);
    }

    #[test]
    fn paths_that_no_request_has_are_refused() {
        for (path, reason) in [
            ("pets", "it does not begin with /"),
            ("", "it does not begin with /"),
            ("/pets?kind=a", "it has a query, or characters that must be percent-encoded"),
            ("/pets#a", "it has a query, or characters that must be percent-encoded"),
            ("/a b", "it has a query, or characters that must be percent-encoded"),
            ("/a<b>", "it has a query, or characters that must be percent-encoded"),
            ("/a`b", "it has a query, or characters that must be percent-encoded"),
            ("/\u{e4}", "it has a query, or characters that must be percent-encoded"),
            ("/{proxy+}/pets", "{name+} is not the last segment"),
            ("/pets/{id", WHOLE),
            ("/pets/{}", WHOLE),
            ("/pets/{+}", WHOLE),
            ("/pets/{a++}", WHOLE),
            ("/a{id}", WHOLE),
            ("/{a}{b}", WHOLE),
        ] {
            let refused = Routes::default().set(None, path.to_owned(), Response::default());
            assert_eq!(refused, Err(InvalidPath { path: path.to_owned(), reason }));
        }
    }

    #[test]
    fn what_is_closer_goes_first() {
        let mut routes = Routes::default();
        let response = |text: &'static str| Response::new(text.into());
        routes.set(None, "/{proxy+}".to_owned(), response("any")).unwrap();
        routes.set(None, "/pets".to_owned(), response("pets")).unwrap();
        routes.set(Some(Method::GET), "/pets".to_owned(), response("old")).unwrap();
        routes.set(Some(Method::GET), "/pets".to_owned(), response("get pets")).unwrap();
        let find = |method, path| routes.find(&method, path).map(Response::into_body);
        assert_eq!(find(Method::GET, "/pets").unwrap(), "get pets");
        assert_eq!(find(Method::PUT, "/pets").unwrap(), "pets");
        assert_eq!(find(Method::PUT, "/toys").unwrap(), "any");
        assert_eq!(find(Method::GET, "/"), None);
        routes.set(Some(Method::PUT), "/pets/{id}".to_owned(), response("put a pet")).unwrap();
        routes.set(None, "/{kind}/7".to_owned(), response("seven")).unwrap();
        let find = |method, path| routes.find(&method, path).map(Response::into_body);
        assert_eq!(find(Method::PUT, "/pets/7").unwrap(), "put a pet");
        assert_eq!(find(Method::GET, "/pets/7").unwrap(), "seven");
        assert_eq!(find(Method::GET, "/pets/8").unwrap(), "any");
    }
}

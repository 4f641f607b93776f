//! Responses by method and path.

use http::Method;

use crate::transport::Response;

/// Responses by route.
#[derive(Debug, Default)]
pub(crate) struct Routes(Vec<Route>);

#[derive(Debug)]
struct Route {
    /// `None` means every method.
    method: Option<Method>,
    path: String,
    response: Response,
}

impl Routes {
    /// Sets a response, which replaces the one with the same method and path.
    pub(crate) fn set(&mut self, method: Option<Method>, path: String, response: Response) {
        self.0.retain(|route| (&route.method, &route.path) != (&method, &path));
        self.0.push(Route { method, path, response });
    }

    /// The response to a request: exact paths have priority, then routes with the request's method.
    pub(crate) fn find(&self, method: &Method, path: &str) -> Option<Response> {
        let fits = |route: &&Route| {
            route.method.as_ref().is_none_or(|wanted| wanted == method) && is_path_of(&route.path, path)
        };
        let found = self.0.iter().filter(fits);
        found
            .min_by_key(|route| (route.path != path, route.method.is_none()))
            .map(|route| route.response.clone())
    }
}

/// Whether a path matches a route's path: `{name}` is one segment, `{name+}` all remaining segments.
fn is_path_of(route: &str, path: &str) -> bool {
    let mut segments = path.split('/');
    for wanted in route.split('/') {
        let Some(segment) = segments.next() else { return false };
        match wanted.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
            Some(name) if segment.is_empty() && !name.is_empty() => return false,
            Some(name) if name.ends_with('+') => return true,
            Some(_) => {}
            None if wanted == segment => {}
            None => return false,
        }
    }
    segments.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(route: &str, path: &str, expected: bool) {
        assert_eq!(is_path_of(route, path), expected, "{route} {path}");
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
    }

    #[test]
    fn what_is_closer_goes_first() {
        let mut routes = Routes::default();
        let response = |text: &'static str| Response::new(text.into());
        routes.set(None, "/{proxy+}".to_owned(), response("any"));
        routes.set(None, "/pets".to_owned(), response("pets"));
        routes.set(Some(Method::GET), "/pets".to_owned(), response("old"));
        routes.set(Some(Method::GET), "/pets".to_owned(), response("get pets"));
        let find = |method, path| routes.find(&method, path).map(Response::into_body);
        assert_eq!(find(Method::GET, "/pets").unwrap(), "get pets");
        assert_eq!(find(Method::PUT, "/pets").unwrap(), "pets");
        assert_eq!(find(Method::PUT, "/toys").unwrap(), "any");
        assert_eq!(find(Method::GET, "/"), None);
    }
}

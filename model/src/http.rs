//! How REST protocols send operations: method, URI, and the locations of members in HTTP messages.
//! <https://smithy.io/2.0/spec/http-bindings.html>

use crate::json::choice;

/// The HTTP request and the status of an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Http {
    /// Method: `GET`.
    pub method: String,
    /// Path after the endpoint's own path, part by part; the first part begins with `/`.
    pub path: Vec<PathPart>,
    /// The part of the query that is the same for every request, percent-encoded; may be empty.
    pub query: String,
    /// Status of successful responses.
    pub status: u16,
}

impl Http {
    /// The URI after the endpoint's own, with members in braces.
    pub fn uri(&self) -> String {
        let part = |part: &PathPart| match part {
            PathPart::Text(text) => text.clone(),
            PathPart::Label(member) => format!("{{{member}}}"),
            PathPart::Greedy(member) => format!("{{{member}+}}"),
        };
        let path: String = self.path.iter().map(part).collect();
        if self.query.is_empty() { path } else { [path, self.query.clone()].join("?") }
    }
}

/// A part of the path of a URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathPart {
    /// Text that is the same for every request, percent-encoded.
    Text(String),
    /// The value of the member with this wire name, which is one segment.
    Label(String),
    /// The value of the member with this wire name, whose slashes separate segments.
    Greedy(String),
}

choice! {
    /// Location of a member in an HTTP message, if it is not in the body. Applies to members of requests and responses.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub enum Location {
        /// The label of the path with the member's wire name; requests only.
        Label = "label",
        /// The parameter of the query with this name, repeated for each item of a list; requests only.
        Query(String) = "query",
        /// Parameters of the query, one per entry of the map; requests only.
        QueryMap = "query-map",
        /// The header with this name.
        Header(String) = "header",
        /// Headers whose names begin with this text, one per entry of the map.
        PrefixHeaders(String) = "prefix-headers",
        /// The whole body.
        Payload = "payload",
        /// The whole body, a text or blob of this media type.
        PayloadOfType(String) = "payload-of-type",
        /// The status of the response; responses only.
        StatusCode = "status-code",
    }
}

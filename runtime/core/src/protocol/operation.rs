//! Facts about operations, as data.

use http::Method;

use super::HostPart;

/// Everything about an operation that does not depend on its types.
#[derive(Debug)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "they are independent facts")]
pub struct OperationInfo {
    /// Name on the wire.
    pub name: &'static str,
    /// HTTP method of its requests.
    pub method: Method,
    /// Path of its requests, which follows the endpoint's own path.
    pub path: &'static [PathPart],
    /// Query of its requests, before the parameters of members; percent-encoded, may be empty.
    pub query: &'static str,
    /// Whether requests have members in their body, next to those of `request_bindings`.
    pub has_body_members: bool,
    /// Whether responses have a body in the format of the protocol.
    pub reads_body: bool,
    /// Status of successful responses.
    pub status: u16,
    /// Prefix of the endpoint's host name, if the operation's requests have their own host.
    pub host_prefix: &'static [HostPart],
    /// Members of requests that are sent outside of the body.
    pub request_bindings: &'static [Binding],
    /// Members of responses that are received outside of the body.
    pub response_bindings: &'static [Binding],
    /// Whether executing the operation twice has the effect of executing it once. Then a request whose response was
    /// lost is sent again.
    pub repeatable: bool,
    /// Whether the response has no members, so that an empty body is valid.
    pub has_empty_output: bool,
    /// Whether the operation also accepts GET.
    pub accepts_get: bool,
    /// Whether requests are sent without credentials and signature. The request itself then identifies the caller.
    pub unsigned: bool,
    /// Whether requests from 10,240 bytes on are compressed by gzip, with the feature `compression`.
    pub compressed: bool,
    /// Whether requests have a CRC-32 of their body. Not those with a header that has a checksum or names another algorithm.
    pub has_checksum: bool,
    /// Wire name of the client token, if the request has one.
    pub client_token: Option<&'static str>,
    /// Element around the members of responses in XML. `None` if the element is named by the operation's name and
    /// `Result`.
    pub result_wrapper: Option<&'static str>,
    /// Root element of requests in XML.
    pub xml_root: XmlRoot,
}

impl OperationInfo {
    /// Describes an operation whose requests are `POST /`.
    pub const fn new(name: &'static str) -> Self {
        Self::http(name, Method::POST, &[])
    }

    /// Describes an operation with a method and path of its own.
    pub const fn http(name: &'static str, method: Method, path: &'static [PathPart]) -> Self {
        Self {
            name,
            method,
            path,
            query: "",
            has_body_members: false,
            reads_body: false,
            status: 200,
            host_prefix: &[],
            request_bindings: &[],
            response_bindings: &[],
            repeatable: false,
            has_empty_output: false,
            accepts_get: false,
            unsigned: false,
            compressed: false,
            has_checksum: false,
            client_token: None,
            result_wrapper: None,
            xml_root: XmlRoot { name: "", namespace: None },
        }
    }

    /// Describes where error responses have the members of an error.
    pub const fn of_error(bindings: &'static [Binding]) -> Self {
        Self::new("error").with_bindings(&[], bindings).with_bodies(false, true)
    }

    /// Adds the members that are sent and received outside of the body.
    #[must_use]
    pub const fn with_bindings(mut self, request: &'static [Binding], response: &'static [Binding]) -> Self {
        self.request_bindings = request;
        self.response_bindings = response;
        self
    }

    /// Sets the query that precedes the parameters of members.
    #[must_use]
    pub const fn with_query(mut self, query: &'static str) -> Self {
        self.query = query;
        self
    }

    /// Sets whether requests have members in their body, and whether responses are decoded. The body of a response is
    /// in the format of the protocol.
    #[must_use]
    pub const fn with_bodies(mut self, request: bool, response: bool) -> Self {
        self.has_body_members = request;
        self.reads_body = response;
        self
    }

    /// Sets the status of successful responses.
    #[must_use]
    pub const fn with_status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    /// Sets the prefix of the endpoint's host name.
    #[must_use]
    pub const fn with_host_prefix(mut self, prefix: &'static [HostPart]) -> Self {
        self.host_prefix = prefix;
        self
    }

    /// Names the element around the members of responses in XML.
    #[must_use]
    pub const fn with_result_wrapper(mut self, element: &'static str) -> Self {
        self.result_wrapper = Some(element);
        self
    }

    /// Names the root element of requests in XML.
    #[must_use]
    pub const fn with_xml_root(mut self, root: XmlRoot) -> Self {
        self.xml_root = root;
        self
    }

    /// Marks the operation as repeatable: executed twice, it has the effect of one execution.
    #[must_use]
    pub const fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Marks the response as having no members.
    #[must_use]
    pub const fn with_empty_output(mut self) -> Self {
        self.has_empty_output = true;
        self
    }

    /// Marks the operation as also accepting GET.
    #[must_use]
    pub const fn accepting_get(mut self) -> Self {
        self.accepts_get = true;
        self
    }

    /// Requests are sent without credentials and signature.
    #[must_use]
    pub const fn unsigned(mut self) -> Self {
        self.unsigned = true;
        self
    }

    /// Large requests are sent compressed.
    #[must_use]
    pub const fn compressed(mut self) -> Self {
        self.compressed = true;
        self
    }

    /// Requests have a checksum of their body.
    #[must_use]
    pub const fn with_checksum(mut self) -> Self {
        self.has_checksum = true;
        self
    }

    /// The request has a client token, which makes the operation repeatable.
    #[must_use]
    pub const fn with_client_token(mut self, wire: &'static str) -> Self {
        self.client_token = Some(wire);
        self.repeatable()
    }
}

/// The root element of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "written by generated code")]
pub struct XmlRoot {
    /// Name of the element.
    pub name: &'static str,
    /// Prefix and URI of the namespace that the element declares. The prefix may be empty.
    pub namespace: Option<(&'static str, &'static str)>,
}

/// A part of the path of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "written by generated code")]
pub enum PathPart {
    /// Constant text, percent-encoded.
    Text(&'static str),
    /// The value of a member, by its wire name; one segment.
    Label(&'static str),
    /// The value of a member, by its wire name; slashes separate segments.
    Greedy(&'static str),
}

/// A member that is sent or received outside of the body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "written by generated code")]
pub struct Binding {
    /// Wire name of the member in requests and responses as values.
    pub member: &'static str,
    /// Location in the HTTP message.
    pub location: Location,
    /// Whether the member is a secret that no name in a body marks. Only for requests.
    pub sensitive: bool,
}

impl Binding {
    /// A member and its location.
    pub const fn new(member: &'static str, location: Location) -> Self {
        Self { member, location, sensitive: false }
    }

    /// Marks the member as a secret.
    #[must_use]
    pub const fn sensitive(mut self) -> Self {
        self.sensitive = true;
        self
    }
}

/// Location of a member in an HTTP message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Location {
    /// The label of the path with the member's name.
    Label,
    /// The parameter of the query with this name. Repeated for each item of a list.
    Query(&'static str),
    /// Parameters of the query, one per entry of a map.
    QueryMap,
    /// The header with this name.
    Header(&'static str),
    /// The header with this name, a list.
    HeaderList(&'static str),
    /// The header with this name, a list of dates. Each date has a comma of its own.
    HeaderDates(&'static str),
    /// The header with this name, JSON in base64.
    HeaderJson(&'static str),
    /// Headers whose names begin with this text, one per entry of a map.
    PrefixHeaders(&'static str),
    /// The whole body, a structure in the format of the protocol. If the member is absent, a structure without members
    /// is sent.
    Payload,
    /// The whole body, a union or another value in the format of the protocol. If the member is absent, there is no body.
    UnionPayload,
    /// The whole body, as bytes, with the media type of requests.
    RawPayload(&'static str),
    /// The whole body, as text, with the media type of requests.
    TextPayload(&'static str),
    /// The response's status code.
    StatusCode,
}

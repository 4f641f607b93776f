//! AWS REST XML. <https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html>

use std::borrow::Cow;

use http::{HeaderName, Uri};
use serde_core::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super as rest;
use crate::{
    codec::PlacedError,
    protocol::{
        Binding, Choices, DecodeError, EncodeError, Fault, OperationInfo, Protocol, aws_query, bare_name,
        elements::Elements,
        operation::XmlRoot,
        tree::{
            self, Node, Style,
            node::{Members, decode},
            read::Place,
            xml::{self, Document, error_document, unreadable_xml},
        },
    },
    wire::{Request, Response},
};

/// AWS REST XML: a method and URI per operation, and XML bodies.
#[derive(Clone, Copy, Debug)]
pub struct AwsRestXml {
    /// The namespace of responses, if they have one.
    pub xml_namespace: Option<&'static str>,
    /// Whether the root of error responses is `Error`.
    pub bare_errors: bool,
}

impl AwsRestXml {
    /// The protocol with the namespace of a service's responses, if they have one.
    pub const fn new(xml_namespace: Option<&'static str>) -> Self {
        Self { xml_namespace, bare_errors: false }
    }

    /// Error responses of the service have `Error` as their root. Clients read both forms.
    #[must_use]
    pub const fn with_bare_errors(mut self) -> Self {
        self.bare_errors = true;
        self
    }
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");
const HOST_ID: HeaderName = HeaderName::from_static("x-amz-id-2");

impl Protocol for AwsRestXml {
    /// A request has no body if no member of the body is set.
    fn request<T: Serialize>(
        &self,
        endpoint: &Uri,
        operation: &OperationInfo,
        input: &T,
        _choices: Choices,
    ) -> Result<Request, EncodeError> {
        let mut document = Elements::new(operation.xml_root);
        let mut bound = rest::write(operation, input, &mut document)?;
        let is_unused = operation.has_body_members && document.is_empty();
        let body = if is_unused { bound.without_body() } else { document.into_text() };
        bound.into_request(endpoint, operation, body, "application/xml")
    }

    fn response<T: DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        response: &Response,
    ) -> Result<T, DecodeError> {
        let (body, outside) = (response.body(), rest::outside(operation, response)?);
        let unreadable = |error| unreadable_xml(body, error);
        if !rest::has_document(operation, response) {
            return rest::read(operation, response, &outside, None::<Place<'_>>)
                .map_err(|error| DecodeError::Unreadable(error.to_string()));
        }
        let Document { root, content } = document(body).map_err(|error| unreadable_xml(body, error))?;
        if root == "ErrorResponse" || (root == "Error" && content.member("Code").is_some()) {
            return Err(DecodeError::Refused);
        }
        let content = unwrapped(root, content);
        let place = Place::new(&content, Style::Wrapped);
        rest::read(operation, response, &outside, Some(place)).map_err(unreadable)
    }

    /// Numbers and booleans may be text in the input, as in XML.
    fn input<T: DeserializeOwned>(&self, _operation: &OperationInfo, json: &Value) -> Result<T, PlacedError> {
        tree::value_of_json(json, Style::Wrapped)
    }

    /// Members other than type, code, message and ids become details.
    fn fault(response: &Response) -> Fault {
        let header = response.headers().get(HOST_ID).and_then(|value| value.to_str().ok());
        let mut fault = Fault { host_id: header.map(str::to_owned), ..Fault::default() };
        let Ok(Document { root, content }) = document(error_document(response)) else { return fault };
        let Some(error) = error(&root, &content) else { return fault };
        let described = aws_query::described(error, &["RequestId", "HostId"]);
        fault.exception = described.code.map(|code| bare_name(&code).to_owned());
        (fault.message, fault.details) = (described.message, described.details);
        let host = || error.member("HostId").or_else(|| content.member("HostId"))?.to_text();
        fault.host_id = fault.host_id.or_else(|| Some(host()?.trim().to_owned()));
        fault
    }

    fn error_members<T: DeserializeOwned>(
        &self,
        outside: &'static [Binding],
        response: &Response,
    ) -> Result<T, DecodeError> {
        let info = OperationInfo::of_error(outside);
        let (body, found) = (response.body(), rest::outside(&info, response)?);
        let unreadable = |error: PlacedError| unreadable_xml(body, error);
        if !rest::has_document(&info, response) {
            return rest::read(&info, response, &found, None::<Place<'_>>).map_err(unreadable);
        }
        let Document { root, content } = document(body).map_err(|error| unreadable_xml(body, error))?;
        let place = Place::new(error(&root, &content).unwrap_or(&Node::Null), Style::Wrapped);
        rest::read(&info, response, &found, Some(place)).map_err(unreadable)
    }

    /// The id in a header, else in an error's body.
    fn request_id(response: &Response) -> Option<Cow<'_, str>> {
        let header = |name| response.headers().get(name)?.to_str().ok().map(Cow::Borrowed);
        header(aws_query::REQUEST_ID).or_else(|| header(REQUEST_ID)).or_else(|| {
            let is_error = !response.status().is_success();
            is_error.then(|| aws_query::request_id(error_document(response)))?.map(Cow::Owned)
        })
    }

    fn response_body<T: Serialize + DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        output: &Value,
        _id: &str,
    ) -> Option<Result<Vec<u8>, String>> {
        let write = || {
            let output: T = self.input(operation, output).map_err(|error| error.to_string())?;
            let root = XmlRoot { name: operation.name, namespace: self.xml_namespace.map(|uri| ("", uri)) };
            let mut document = Elements::new(root);
            rest::write_body(operation, &output, &mut document).map_err(|error| error.to_string())?;
            Ok(document.into_text())
        };
        Some(write())
    }

    fn error_element<T: Serialize + DeserializeOwned>(
        &self,
        bindings: &'static [Binding],
        head: String,
        members: &Value,
    ) -> Option<Result<(String, Value), String>> {
        let write = || {
            let members: T =
                tree::value_of_json(members, Style::Wrapped).map_err(|error| error.to_string())?;
            let mut element = Elements::error(self.xml_namespace.filter(|_| self.bare_errors), head);
            rest::write_body(&OperationInfo::of_error(bindings), &members, &mut element)
                .map_err(|error| error.to_string())?;
            let element = String::from_utf8(element.into_text()).map_err(|error| error.to_string())?;
            Ok((element, serde_json::to_value(&members).map_err(|error| error.to_string())?))
        };
        Some(write())
    }
}

/// The content of a document's root as JSON: elements and attributes as members, repeated ones as lists, texts as strings.
///
/// # Errors
/// Why the body is not a document.
#[doc(hidden)]
pub fn document_value(body: &[u8]) -> Result<Value, String> {
    serde_json::to_value(document(body)?.content).map_err(|error| error.to_string())
}

fn document(body: &[u8]) -> Result<Document<'_>, String> {
    xml::parse_with_attributes(decode(body)?)
}

/// The content of the root. A root that has only text is itself the member of that name, which some services do not wrap.
fn unwrapped<'a>(root: Cow<'a, str>, content: Node<'a>) -> Node<'a> {
    if content.is_nothing() || !matches!(content, Node::Text(_)) {
        return content;
    }
    Node::Members(Members::new(vec![(root, content)], |_, _| {}))
}

/// `<ErrorResponse><Error>`, `<Error>` alone, or `<Response><Errors><Error>` as some front ends write it.
fn error<'a, 'b>(root: &str, content: &'a Node<'b>) -> Option<&'a Node<'b>> {
    if root == "Error" { Some(content) } else { aws_query::error(content) }
}

//! AWS query: parameters in a form, responses in XML. <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>

mod aws_ec2;

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri, header::CONTENT_TYPE};
use serde_core::{
    Serialize,
    de::DeserializeOwned,
    ser::{Error as _, SerializeMap as _, Serializer},
};
use serde_json::Value;

pub use self::aws_ec2::AwsEc2;
use super::{
    Binding, Choices, DecodeError, EncodeError, Fault, OperationInfo, Protocol, body,
    elements::Elements,
    parameters::{self, Parameters},
    request,
    tree::{
        self, Node, Style,
        node::decode,
        xml::{self, Document, document_with_id, error_document, unreadable_xml},
    },
};
use crate::{
    codec::PlacedError,
    wire::{Request, Response},
};

/// AWS query: `POST /` with operation and parameters in a form.
#[derive(Clone, Copy, Debug)]
pub struct AwsQuery {
    version: &'static str,
    /// The namespace of responses.
    pub xml_namespace: &'static str,
}

impl AwsQuery {
    /// The protocol with a service's API version (`2010-12-01`) and the namespace of its responses.
    pub const fn new(version: &'static str, xml_namespace: &'static str) -> Self {
        Self { version, xml_namespace }
    }
}

impl AwsQuery {
    /// Turns a request into a GET that has its form in the query.
    ///
    /// # Errors
    /// [`EncodeError`] if the URL would be too long.
    pub fn to_get(request: &mut Request) -> Result<(), EncodeError> {
        let form = String::from_utf8_lossy(request.body());
        // A space is `+` in forms, but not in the query of a signature.
        let target = [request.uri().path(), "?", &form.replace('+', "%20")].concat();
        let mut parts = request.uri().clone().into_parts();
        let too_long = "the URL is too long with these parameters";
        parts.path_and_query = Some(target.try_into().map_err(|_| EncodeError::new(too_long))?);
        *request.uri_mut() = Uri::from_parts(parts).map_err(|_| EncodeError::new(too_long))?;
        *request.method_mut() = Method::GET;
        *request.body_mut() = Bytes::new();
        request.headers_mut().remove(CONTENT_TYPE);
        Ok(())
    }
}

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded; charset=utf-8");
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

impl Protocol for AwsQuery {
    fn request<T: Serialize>(
        &self,
        endpoint: &Uri,
        operation: &OperationInfo,
        input: &T,
        _choices: Choices,
    ) -> Result<Request, EncodeError> {
        let mut form = form(operation, self.version, parameters::Style::Wrapped);
        input.serialize(&mut form)?;
        envelope(endpoint, operation, form)
    }

    fn response<T: DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        response: &Response,
    ) -> Result<T, DecodeError> {
        let body = body(operation, response, b"<Response/>");
        let Document { root, content } = document(body).map_err(|error| unreadable_xml(body, error))?;
        if root == "ErrorResponse" {
            return Err(DecodeError::Refused);
        }
        let Some(name) = root.strip_suffix("Response") else {
            return Err(unreadable_xml(body, format_args!("the root element <{root}> is not a response's")));
        };
        let result = content.member(&result_wrapper(operation, name)).unwrap_or(&Node::Null);
        tree::value(result, Style::Wrapped).map_err(|error| unreadable_xml(body, error))
    }

    /// Numbers and booleans may be text in the input, as in a form.
    fn input<T: DeserializeOwned>(&self, _operation: &OperationInfo, json: &Value) -> Result<T, PlacedError> {
        tree::value_of_json(json, Style::Request(None))
    }

    /// Members other than type, code and message become details.
    fn fault(response: &Response) -> Fault {
        let Ok(Document { content, .. }) = document(error_document(response)) else {
            return Fault::default();
        };
        error(&content).map(|error| described(error, &[])).unwrap_or_default()
    }

    fn error_members<T: DeserializeOwned>(
        &self,
        _outside: &'static [Binding],
        response: &Response,
    ) -> Result<T, DecodeError> {
        error_members(response)
    }

    /// The id in the body, else in the header. An intermediary may have set the header.
    fn request_id(response: &Response) -> Option<Cow<'_, str>> {
        let header = || response.headers().get(REQUEST_ID)?.to_str().ok().map(Cow::Borrowed);
        request_id(document_with_id(response)).map(Cow::Owned).or_else(header)
    }

    fn response_body<T: Serialize + DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        output: &Value,
        id: &str,
    ) -> Option<Result<Vec<u8>, String>> {
        let write = || {
            let result: T = self.input(operation, output).map_err(EncodeError::custom)?;
            let mut document = Elements::response(operation.name, self.xml_namespace);
            Envelope { wrapper: &result_wrapper(operation, operation.name), result, id }
                .serialize(&mut document)?;
            Ok(document.into_text())
        };
        Some(write().map_err(|error: EncodeError| error.to_string()))
    }

    fn error_element<T: Serialize + DeserializeOwned>(
        &self,
        _bindings: &'static [Binding],
        head: String,
        members: &Value,
    ) -> Option<Result<(String, Value), String>> {
        Some(error_element::<T>(head, members).map_err(|error| error.to_string()))
    }
}

/// The name of the element around the members of a response.
fn result_wrapper(operation: &OperationInfo, name: &str) -> Cow<'static, str> {
    operation.result_wrapper.map_or_else(|| Cow::from([name, "Result"].concat()), Cow::from)
}

/// The content of a response: the result, and the id of the request.
struct Envelope<'a, T> {
    wrapper: &'a str,
    result: T,
    id: &'a str,
}

impl<T: Serialize> Serialize for Envelope<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry(self.wrapper, &self.result)?;
        members.serialize_entry("ResponseMetadata", &Metadata(self.id))?;
        members.end()
    }
}

struct Metadata<'a>(&'a str);

impl Serialize for Metadata<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut members = serializer.serialize_map(None)?;
        members.serialize_entry("RequestId", self.0)?;
        members.end()
    }
}

/// A form with the parameters that precede the operation's own.
pub(super) fn form(operation: &OperationInfo, version: &str, style: parameters::Style) -> Parameters {
    let mut form = Parameters::new(String::new(), style);
    form.pair("Action", operation.name);
    form.pair("Version", version);
    form
}

/// A request with a form; independent of the request's type, so that it is compiled once.
pub(super) fn envelope(
    endpoint: &Uri,
    operation: &OperationInfo,
    form: Parameters,
) -> Result<Request, EncodeError> {
    let mut request = request(endpoint, operation, form.into_text())?;
    request.headers_mut().insert(CONTENT_TYPE, FORM);
    Ok(request)
}

pub(super) fn document(body: &[u8]) -> Result<Document<'_>, String> {
    xml::parse(decode(body)?)
}

/// The error that an element describes. Members other than type, code, message and those of `others` become details.
pub(super) fn described(error: &Node<'_>, others: &[&str]) -> Fault {
    let Node::Members(members) = error else { return Fault::default() };
    let text = |name| Some(error.member(name)?.to_text()?.trim().to_owned());
    let known = |name: &str| {
        ["Code", "Message", "Type"].iter().chain(others).any(|one| one.eq_ignore_ascii_case(name))
    };
    let details: serde_json::Map<_, _> = members
        .iter()
        .filter(|(name, detail)| !known(name) && !detail.is_nothing())
        .filter_map(|(name, detail)| Some((name.clone().into_owned(), serde_json::to_value(detail).ok()?)))
        .collect();
    Fault {
        code: text("Code").filter(|code| !code.is_empty()),
        message: text("Message"),
        details: (!details.is_empty()).then(|| Value::from(details).to_string()),
        blame: text("Type").filter(|blame| !blame.is_empty()),
        ..Fault::default()
    }
}

/// `<ErrorResponse><Error>`, or `<Response><Errors><Error>` as some front ends write it.
pub(super) fn error<'a, 'b>(content: &'a Node<'b>) -> Option<&'a Node<'b>> {
    content.member("Error").or_else(|| content.member("Errors")?.member("Error"))
}

/// The members beside code and message.
pub(super) fn error_members<T: DeserializeOwned>(response: &Response) -> Result<T, DecodeError> {
    let body = response.body();
    let Document { content, .. } = document(body).map_err(|error| unreadable_xml(body, error))?;
    let error = error(&content).unwrap_or(&Node::Null);
    tree::value(error, Style::Wrapped).map_err(|error| unreadable_xml(body, error))
}

/// The element of an error response with its members.
pub(super) fn error_element<T: Serialize + DeserializeOwned>(
    head: String,
    members: &Value,
) -> Result<(String, Value), EncodeError> {
    let members: T = tree::value_of_json(members, Style::Wrapped).map_err(EncodeError::custom)?;
    let mut element = Elements::error(None, head);
    members.serialize(&mut element)?;
    let element = String::from_utf8(element.into_text()).map_err(EncodeError::custom)?;
    Ok((element, serde_json::to_value(&members).map_err(EncodeError::custom)?))
}

/// `<RequestId>` of the response, of its metadata, or of its error.
pub(super) fn request_id(body: &[u8]) -> Option<String> {
    let Document { content, .. } = document(body).ok()?;
    let within = |name| content.member(name)?.member("RequestId");
    let id =
        content.member("RequestId").or_else(|| within("ResponseMetadata")).or_else(|| within("Error"))?;
    Some(id.to_text()?.trim().to_owned()).filter(|id| !id.is_empty())
}

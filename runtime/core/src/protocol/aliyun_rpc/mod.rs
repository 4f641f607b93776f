//! Alibaba Cloud's RPC: parameters in the query, responses in JSON or XML.
//!
//! Operations without a signature have their own parameters in a form: one of them identifies the caller, and URLs are
//! logged on the way.
//!
//! Parameters are flattened: `Name.Member` for structures, `Name.N` for lists, from 1. Responses are read leniently, in
//! the same way in both formats: names of members without regard to case if none matches exactly, numbers and booleans
//! also as text and vice versa, a single item as a list, an empty value as absent.

mod fault;

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Uri, header::CONTENT_TYPE, uri::PathAndQuery};
use serde_core::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::{
    Binding, Choices, DecodeError, EncodeError, Fault, Format, OperationInfo, Protocol, base, body,
    parameters::{self, Parameters},
    tree::{
        self, Node, Style,
        xml::{any_document, document_with_id, error_document, unreadable_xml},
    },
};
use crate::{
    codec::PlacedError,
    wire::{Request, Response},
};

/// RPC: `POST /`, or GET, with all parameters in the query.
#[derive(Clone, Copy, Debug)]
pub struct AliyunRpc {
    version: &'static str,
    /// The boolean member of responses whose `false` reports an error.
    pub success: Option<&'static str>,
}

impl AliyunRpc {
    /// The protocol with a service's API version (`2018-05-11`).
    ///
    /// `success` is the boolean member of responses whose `false` makes a response an error, whatever its status.
    pub const fn new(version: &'static str, success: Option<&'static str>) -> Self {
        Self { version, success }
    }
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-acs-request-id");

/// Maximum length of path and query in a [`Uri`].
const MAX_TARGET: usize = 65_534;

impl Protocol for AliyunRpc {
    fn request<T: Serialize>(
        &self,
        endpoint: &Uri,
        operation: &OperationInfo,
        input: &T,
        choices: Choices,
    ) -> Result<Request, EncodeError> {
        let mut query = self.query(endpoint, operation, choices.format);
        let mut form = Parameters::new(String::new(), parameters::Style::Numbered);
        let own = if operation.unsigned { &mut form } else { &mut query };
        input.serialize(own)?;
        let get = choices.get && operation.accepts_get && !operation.unsigned;
        let method = if get { Method::GET } else { operation.method.clone() };
        envelope(endpoint, method, query.into_text(), form.into_text())
    }

    fn response<T: DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        response: &Response,
    ) -> Result<T, DecodeError> {
        let body = body(operation, response, b"{}");
        let node = any_document(body).map_err(|error| unreadable_xml(body, error))?;
        if self.success.and_then(|name| node.member(name)).is_some_and(Node::is_false) {
            return Err(DecodeError::Refused);
        }
        tree::value(&node, Style::Bare).map_err(|error| unreadable_xml(body, error))
    }

    /// Numbers and booleans may be text in the input, as in a query.
    fn input<T: DeserializeOwned>(&self, _operation: &OperationInfo, json: &Value) -> Result<T, PlacedError> {
        tree::value_of_json(json, Style::Bare)
    }

    fn fault(response: &Response) -> Fault {
        fault::read(error_document(response))
    }

    fn error_members<T: DeserializeOwned>(
        &self,
        _outside: &'static [Binding],
        response: &Response,
    ) -> Result<T, DecodeError> {
        let body = response.body();
        let node = any_document(body).map_err(|error| unreadable_xml(body, error))?;
        tree::value(&node, Style::Bare).map_err(|error| unreadable_xml(body, error))
    }

    fn request_id(response: &Response) -> Option<Cow<'_, str>> {
        let header = response.headers().get(REQUEST_ID).and_then(|value| value.to_str().ok());
        header
            .map(Cow::Borrowed)
            .or_else(|| any_document(document_with_id(response)).ok()?.member("RequestId")?.to_text())
    }
}

impl AliyunRpc {
    /// Writes all parameters that precede the operation's own.
    fn query(&self, endpoint: &Uri, operation: &OperationInfo, format: Format) -> Parameters {
        let before = [base(endpoint), "/?"].concat();
        let mut query = Parameters::new(before, parameters::Style::Numbered);
        query.pair("Action", operation.name);
        query.pair("Version", self.version);
        // Always sent, since the service's default differs from the documented one.
        query.pair(
            "Format",
            match format {
                Format::Json => "JSON",
                Format::Xml => "XML",
            },
        );
        query
    }
}

/// Builds the request; independent of the request's type, so that it is compiled once.
fn envelope(endpoint: &Uri, method: Method, target: Vec<u8>, form: Vec<u8>) -> Result<Request, EncodeError> {
    let length = target.len();
    let target = PathAndQuery::try_from(target).map_err(|error| {
        EncodeError(if length > MAX_TARGET {
            format!("the parameters form a query of {length} bytes; at most {MAX_TARGET} can be sent")
        } else {
            format!("the parameters do not form a valid query: {error}")
        })
    })?;
    let mut parts = endpoint.clone().into_parts();
    parts.path_and_query = Some(target);
    let mut request = http::Request::new(Bytes::from(form));
    *request.uri_mut() = Uri::from_parts(parts).map_err(|error| EncodeError(error.to_string()))?;
    if method == Method::POST {
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, form);
    }
    *request.method_mut() = method;
    Ok(request)
}

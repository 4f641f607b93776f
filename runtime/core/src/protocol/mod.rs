//! Requests to bytes, and responses back, one module per protocol.

#[cfg(feature = "xml")]
mod aliyun_rpc;
mod aws_json;
#[cfg(feature = "xml")]
mod aws_query;
#[cfg(feature = "xml")]
mod elements;
mod error;
mod error_body;
mod fault;
mod host_prefix;
mod operation;
#[cfg(feature = "xml")]
mod parameters;
mod raw_http;
mod request_names;
#[cfg(feature = "rest")]
mod rest;
#[cfg(feature = "rest")]
mod texts;
mod tree;

use std::borrow::Cow;

use bytes::Bytes;
use http::Uri;
use serde_core::{Serialize, de::DeserializeOwned, ser::Error as _};
use serde_json::Value;

pub use aws_json::AwsJson;
pub use error::{DecodeError, EncodeError};
pub use fault::{Fault, bare_name};
pub use host_prefix::HostPart;
pub use http::Method;
pub use operation::{Binding, Location, OperationInfo, PathPart, XmlRoot};
pub use raw_http::RawHttp;
#[cfg(feature = "rest")]
pub use rest::{AwsRestJson, header_list};
#[cfg(feature = "xml")]
pub use {
    aliyun_rpc::AliyunRpc,
    aws_query::{AwsEc2, AwsQuery},
    rest::aws_rest_xml::{AwsRestXml, document_value},
};

use crate::{
    codec::{PlacedError, json_value::JsonValue},
    wire::{Request, Response},
};

/// How a service writes requests and responses.
pub trait Protocol: Send + Sync + 'static {
    /// The unsigned request of an operation; its URI begins with the endpoint's URI.
    ///
    /// # Errors
    /// A value that cannot be written, with the reason as text.
    fn request<T: Serialize>(
        &self,
        endpoint: &Uri,
        operation: &OperationInfo,
        input: &T,
        choices: Choices,
    ) -> Result<Request, EncodeError>;

    /// The output of an operation, from a response with a status of success.
    ///
    /// # Errors
    /// [`DecodeError`], also if such a response reports an error.
    fn response<T: DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        response: &Response,
    ) -> Result<T, DecodeError>;

    /// A request from JSON with wire names.
    ///
    /// # Errors
    /// The first value that cannot be read.
    fn input<T: DeserializeOwned>(&self, _operation: &OperationInfo, json: &Value) -> Result<T, PlacedError> {
        T::deserialize(JsonValue(json))
    }

    /// The name of a member in requests, by its wire name.
    fn request_name<'a>(&self, wire: &'a str) -> Cow<'a, str> {
        Cow::Borrowed(wire)
    }

    /// The error in a response; any response yields an error, whatever its content.
    fn fault(response: &Response) -> Fault;

    /// The members of an error besides its message, from the error response.
    ///
    /// # Errors
    /// [`DecodeError`] if they have other types than the model says.
    fn error_members<T: DeserializeOwned>(
        &self,
        _outside: &'static [Binding],
        response: &Response,
    ) -> Result<T, DecodeError> {
        json(response.body())
    }

    /// The request's id from the service.
    fn request_id(response: &Response) -> Option<Cow<'_, str>>;

    /// The body of a successful response, as a service writes it from an output in JSON with wire names and the request's
    /// id; `None` if the types of members are not needed to write it. For fakes.
    #[doc(hidden)]
    fn response_body<T: Serialize + DeserializeOwned>(
        &self,
        _operation: &OperationInfo,
        _output: &Value,
        _id: &str,
    ) -> Option<Result<Vec<u8>, String>> {
        None
    }

    /// The element `Error` of an error response in XML: `head`, which is XML, and then the members as a service writes them; and
    /// the members that the type has. `None` if the types of members are not needed to write it. For fakes.
    #[doc(hidden)]
    fn error_element<T: Serialize + DeserializeOwned>(
        &self,
        _bindings: &'static [Binding],
        _head: String,
        _members: &Value,
    ) -> Option<Result<(String, Value), String>> {
        None
    }
}

/// A request to the endpoint's own path, with the method of its operation.
fn request(endpoint: &Uri, operation: &OperationInfo, body: Vec<u8>) -> Result<Request, EncodeError> {
    let mut request = http::Request::new(Bytes::from(body));
    *request.method_mut() = operation.method.clone();
    *request.uri_mut() = root(endpoint)?;
    Ok(request)
}

/// The endpoint with a slash at the end of its path.
fn root(endpoint: &Uri) -> Result<Uri, EncodeError> {
    if endpoint.path().ends_with('/') {
        return Ok(endpoint.clone());
    }
    let mut parts = endpoint.clone().into_parts();
    let path = [base(endpoint), "/"].concat();
    parts.path_and_query =
        Some(path.try_into().map_err(|_| EncodeError("the endpoint's path is not a valid path".to_owned()))?);
    Uri::from_parts(parts).map_err(EncodeError::custom)
}

/// The endpoint's path, as a prefix of an operation's path.
fn base(endpoint: &Uri) -> &str {
    endpoint.path().strip_suffix('/').unwrap_or(endpoint.path())
}

/// The body of a response, or `empty` if the body is empty and the operation's output has no members.
fn body<'a>(operation: &OperationInfo, response: &'a Response, empty: &'static [u8]) -> &'a [u8] {
    let body = response.body();
    if operation.has_empty_output && body.trim_ascii().is_empty() { empty } else { body }
}

/// A value from a JSON body.
///
/// # Errors
/// [`DecodeError`] if the body is something else.
pub fn json<T: DeserializeOwned>(body: &[u8]) -> Result<T, DecodeError> {
    serde_json::from_slice(body).map_err(|error| DecodeError::unreadable(body, error))
}

/// The formats of requests and responses that a caller may choose. Protocols ignore choices that they do not support.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choices {
    /// The format of responses.
    pub format: Format,
    /// Send GET instead of POST.
    pub get: bool,
}

/// A format of responses.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum Format {
    /// JSON.
    #[default]
    Json,
    /// XML.
    Xml,
}

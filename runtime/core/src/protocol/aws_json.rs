//! AWS JSON 1.0 and 1.1. <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html>

use std::borrow::Cow;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Uri, header};
use serde_core::{Serialize, de::DeserializeOwned};

use super::{
    Choices, DecodeError, EncodeError, Fault, OperationInfo, Protocol, bare_name, body,
    error_body::ErrorBody, json, request,
};
use crate::wire::{Request, Response};

/// AWS JSON: `POST /` with `X-Amz-Target` and a JSON body.
#[derive(Clone, Copy, Debug)]
pub struct AwsJson {
    /// The media type of requests and responses.
    pub content_type: &'static str,
    /// The text before the operation's name in `X-Amz-Target`.
    pub target_prefix: &'static str,
}

impl AwsJson {
    /// The protocol with a service's content type (`application/x-amz-json-1.1`) and the prefix of its targets.
    pub const fn new(content_type: &'static str, target_prefix: &'static str) -> Self {
        Self { content_type, target_prefix }
    }
}

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

impl Protocol for AwsJson {
    fn request<T: Serialize>(
        &self,
        endpoint: &Uri,
        operation: &OperationInfo,
        input: &T,
        _choices: Choices,
    ) -> Result<Request, EncodeError> {
        let body = serde_json::to_vec(input).map_err(|error| EncodeError(error.to_string()))?;
        self.envelope(endpoint, operation, body)
    }

    fn response<T: DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        response: &Response,
    ) -> Result<T, DecodeError> {
        json(body(operation, response, b"{}"))
    }

    fn fault(response: &Response) -> Fault {
        fault(response)
    }

    fn request_id(response: &Response) -> Option<Cow<'_, str>> {
        request_id(response)
    }
}

/// The exception is named by the header, or else by `code` or `__type` in the body. Names may have the forms
/// `Name:uri` and `namespace#Name`.
pub(super) fn fault(response: &Response) -> Fault {
    let body = ErrorBody::read(response.body());
    let header = response.headers().get(ERROR_TYPE).and_then(|value| value.to_str().ok());
    Fault {
        exception: [header, body.code.as_deref(), body.type_.as_deref()]
            .into_iter()
            .flatten()
            .map(bare_name)
            .find(|name| !name.is_empty())
            .map(ToOwned::to_owned),
        code: body.inner_code,
        message: body.message.or(body.capital_message).or(body.error_message),
        details: body.inner_details,
        host_id: None,
    }
}

pub(super) fn request_id(response: &Response) -> Option<Cow<'_, str>> {
    response.headers().get(REQUEST_ID)?.to_str().ok().map(Cow::Borrowed)
}

impl AwsJson {
    /// Builds the request; independent of the request's type, so that it is compiled once.
    fn envelope(
        &self,
        endpoint: &Uri,
        operation: &OperationInfo,
        body: Vec<u8>,
    ) -> Result<Request, EncodeError> {
        let target = [self.target_prefix, ".", operation.name].concat();
        let target = HeaderValue::from_maybe_shared(Bytes::from(target))
            .map_err(|_| EncodeError("the target is no header value".to_owned()))?;
        let mut request = request(endpoint, operation, body)?;
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        request.headers_mut().insert(TARGET, target);
        Ok(request)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(endpoint: &'static str, expected: &str) {
        let protocol = AwsJson::new("application/x-amz-json-1.1", "Target");
        let (endpoint, operation) = (Uri::from_static(endpoint), OperationInfo::new("Call"));
        let request = protocol.request(&endpoint, &operation, &(), Choices::default()).unwrap();
        assert_eq!(request.uri(), expected);
    }

    #[test]
    fn a_path_of_the_endpoint_comes_first() {
        check("https://example.com", "https://example.com/");
        check("https://example.com:8443/", "https://example.com:8443/");
        check("http://example.com/stage", "http://example.com/stage/");
        check("http://example.com/a/b/", "http://example.com/a/b/");
    }
    /// A fast but inexact float parser reads each of these wrong by one bit.
    #[test]
    fn floats_are_exact() {
        let protocol = AwsJson::new("application/x-amz-json-1.1", "Target");
        for text in ["0.93333333333333333333333333333333333333", "2.638344616030823e-256", "6.0221409e+23"] {
            let response = Response::new(text.into());
            let value: f64 = protocol.response(&OperationInfo::new("Call"), &response).unwrap();
            assert_eq!(value.to_bits(), text.parse::<f64>().unwrap().to_bits(), "{text}");
        }
    }
}

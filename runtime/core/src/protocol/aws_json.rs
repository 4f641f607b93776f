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
    /// Whether requests ask for the error codes of the service's former query protocol.
    pub query_compatible: bool,
}

impl AwsJson {
    /// The protocol with a service's content type (`application/x-amz-json-1.1`) and the prefix of its targets.
    pub const fn new(content_type: &'static str, target_prefix: &'static str) -> Self {
        Self { content_type, target_prefix, query_compatible: false }
    }

    /// Asks for the error codes that the service had in its query protocol.
    /// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait>
    #[must_use]
    pub const fn query_compatible(mut self) -> Self {
        self.query_compatible = true;
        self
    }
}

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");
const QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");
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
/// `Name:uri` and `namespace#Name`. Query-compatible services add the code of their query protocol.
pub(super) fn fault(response: &Response) -> Fault {
    let body = ErrorBody::read(response.body());
    let header = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
    let (query_code, blame) = header(QUERY_ERROR).and_then(query_error).unzip();
    let header = header(ERROR_TYPE);
    Fault {
        exception: [header, body.code.as_deref(), body.type_.as_deref()]
            .into_iter()
            .flatten()
            .map(bare_name)
            .find(|name| !name.is_empty())
            .map(ToOwned::to_owned),
        code: body.inner_code.or(query_code.map(ToOwned::to_owned)),
        message: body.message.or(body.capital_message).or(body.error_message),
        details: body.inner_details,
        host_id: None,
        blame: blame.map(ToOwned::to_owned),
    }
}

/// The parts of `Code;Blame`; other values count as absent, as in botocore.
fn query_error(header: &str) -> Option<(&str, &str)> {
    let (code, blame) = header.split_once(';')?;
    let [code, blame] = [code, blame].map(str::trim);
    (!code.is_empty() && !blame.contains(';')).then_some((code, blame))
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
            .map_err(|_| EncodeError("the target is not a valid header value".to_owned()))?;
        let mut request = request(endpoint, operation, body)?;
        request.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        request.headers_mut().insert(TARGET, target);
        if self.query_compatible {
            request.headers_mut().insert(QUERY_MODE, HeaderValue::from_static("true"));
        }
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

    #[test]
    fn query_compatible_services_are_asked_for_their_old_codes() {
        let protocol = AwsJson::new("application/x-amz-json-1.0", "Target");
        let mode = |protocol: AwsJson| {
            let (endpoint, operation) = (Uri::from_static("https://example.com"), OperationInfo::new("Call"));
            let request = protocol.request(&endpoint, &operation, &(), Choices::default()).unwrap();
            request.headers().get(QUERY_MODE).cloned()
        };
        assert_eq!(mode(protocol), None);
        assert_eq!(mode(protocol.query_compatible()), Some(HeaderValue::from_static("true")));
    }

    #[test]
    fn query_errors_have_a_code_and_who_is_to_blame() {
        let read = |header: &'static str| {
            let mut response = Response::new(r#"{"__type":"ns#QueueDoesNotExist","message":"m"}"#.into());
            response.headers_mut().insert(QUERY_ERROR, HeaderValue::from_static(header));
            let fault = fault(&response);
            assert_eq!(fault.exception.as_deref(), Some("QueueDoesNotExist"));
            (fault.code, fault.blame)
        };
        let both = |code: &str, blame: &str| (Some(code.to_owned()), Some(blame.to_owned()));
        assert_eq!(
            read("AWS.SimpleQueueService.NonExistentQueue;Sender"),
            both("AWS.SimpleQueueService.NonExistentQueue", "Sender")
        );
        assert_eq!(read("InternalFailure;Receiver"), both("InternalFailure", "Receiver"));
        for malformed in ["", "Code", ";Sender", "Code;Sender;400"] {
            assert_eq!(read(malformed), (None, None), "{malformed}");
        }
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

//! What differs between fakes by the protocol of their services, in one file for each protocol.

mod aliyun_rpc;
mod aws_ec2;
mod aws_json;
mod aws_query;
mod aws_rest_json;
mod aws_rest_xml;
pub(super) mod raw_http;
mod rest;
mod sigv4;
mod unflatten;
mod xml;

use std::{fmt, time::SystemTime};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request, StatusCode, header};
use serde_json::Value;

pub(super) use self::aliyun_rpc::Nonces;
use super::{FakeError, FakeService, response, router::Router};
use crate::{DynamicOperation, ServiceInfo, transport::Response};

/// A protocol, as the fake of a service speaks it.
pub(super) trait Dialect: fmt::Debug + Sync {
    /// The name of the operation in a request.
    fn operation(&self, service: &'static FakeService, request: &Request<Bytes>) -> Option<String>;

    /// Checks a request in the order of the service, and returns the output.
    fn serve(&self, router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError>;

    /// The error for a request that cannot be read.
    fn unreadable(&self, why: String) -> FakeError {
        FakeError::unreadable(why)
    }

    /// The response for an output or an error.
    fn respond(&self, reply: Reply<'_>, result: Result<String, FakeError>) -> Response;

    /// A region that the service has.
    fn example_region(&self, _service: &ServiceInfo) -> &'static str {
        "us-east-1"
    }
}

/// Properties of a response that do not depend on its content.
pub(super) struct Reply<'a> {
    pub(super) router: &'a Router,
    /// The request, if it was received completely.
    pub(super) request: Option<&'a Request<Bytes>>,
    /// Id of the request.
    pub(super) id: String,
    pub(super) now: SystemTime,
}

impl Reply<'_> {
    /// The body for an output, written by the types of its members. An output that is not one of the operation is the fault
    /// of a handler.
    fn body(&self, operation: &DynamicOperation, output: &Value) -> Result<Vec<u8>, FakeError> {
        operation
            .response_body(output, &self.id)
            .transpose()
            .map(Option::unwrap_or_default)
            .map_err(unwritable)
    }

    /// A response with its id in the header of this name.
    fn response(
        self,
        id: HeaderName,
        status: StatusCode,
        content_type: &'static str,
        body: impl Into<Bytes>,
    ) -> Response {
        let mut response = response::json(status, body);
        let headers = response.headers_mut();
        headers.insert(id, response::header(self.id));
        headers.insert(header::DATE, response::date(self.now));
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
        response
    }
}

/// The error for a response of a handler that cannot be written.
fn unwritable(error: String) -> FakeError {
    FakeError::unwritable(error).with_status(StatusCode::INTERNAL_SERVER_ERROR)
}

/// Header with the id of a request to AWS.
const AWS_REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// Names and values of a query or form, as texts.
fn texts(pairs: Vec<(Vec<u8>, Vec<u8>)>) -> impl Iterator<Item = (String, String)> {
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    pairs.into_iter().map(move |(name, value)| (text(name), text(value)))
}

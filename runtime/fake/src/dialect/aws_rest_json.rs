//! AWS REST JSON: method and path name the operation; errors are exceptions, named by a header.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderValue, Request};
use serde_json::{Map, Value};

use super::{
    AWS_REQUEST_ID, Dialect, Reply,
    rest::{self, Body, Names},
    unwritable,
};
use crate::{
    FakeError, FakeService, protocol::AwsRestJson, router::Router, sign::verify::VerifyError,
    transport::Response,
};

const NAMES: Names = Names {
    unknown_operation: "UnknownOperationException",
    refused: VerifyError::exception,
    invalid: "ValidationException",
};

impl Dialect for AwsRestJson {
    fn operation(&self, service: &'static FakeService, request: &Request<Bytes>) -> Option<String> {
        rest::route(service, request).map(|route| route.operation.name().to_owned())
    }

    fn serve(&self, router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
        let read = |body: &[u8]| serde_json::from_slice(body).map_err(|error| error.to_string());
        rest::perform(router, request, now, &NAMES, &read)
    }

    fn respond(&self, reply: Reply<'_>, result: Result<String, FakeError>) -> Response {
        match result.and_then(|text| output(&reply, &text)) {
            Ok(rest::Output { status, headers, body }) => {
                let (body, content_type) = written(body);
                let mut response = reply.response(AWS_REQUEST_ID, status, content_type, body);
                response.headers_mut().extend(headers);
                response
            }
            Err(error) => {
                let service = reply.router.service;
                let name = error.exception.as_deref().or(error.code.as_deref());
                let status =
                    error.status.unwrap_or_else(|| service.exception_status(name.unwrap_or_default()));
                let message = error.text(service, error.code.as_deref(), name, status);
                let message = ("message".to_owned(), Value::from(message));
                let members = service.error_members(name.unwrap_or_default(), &error.details);
                let members: Map<_, _> = [message].into_iter().chain(members).collect();
                let bindings = service.error_bindings(name.unwrap_or_default());
                let rest::Output { headers, body, .. } = rest::error(bindings, members, "message");
                let (body, content_type) = written(body);
                let name = name.and_then(|name| HeaderValue::try_from(name).ok());
                let mut response = reply.response(AWS_REQUEST_ID, status, content_type, body);
                response.headers_mut().extend(headers);
                response.headers_mut().extend(name.map(|name| (ERROR_TYPE, name)));
                response
            }
        }
    }
}

/// The parts of a response.
fn output(reply: &Reply<'_>, text: &str) -> Result<rest::Output<Value>, FakeError> {
    let request = reply.request.ok_or_else(FakeError::default)?;
    let route = rest::route(reply.router.service, request).ok_or_else(FakeError::default)?;
    let output = serde_json::from_str(text).unwrap_or_default();
    rest::output(route.operation.info(), output).map_err(unwritable)
}

fn written(body: Body<Value>) -> (Vec<u8>, &'static str) {
    match body {
        Body::Empty => (Vec::new(), "application/json"),
        Body::Formatted(value) => (value.to_string().into_bytes(), "application/json"),
        Body::Raw(bytes) => (bytes, "application/octet-stream"),
    }
}

const ERROR_TYPE: http::HeaderName = http::HeaderName::from_static("x-amzn-errortype");

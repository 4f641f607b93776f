//! AWS REST JSON: method and path name the operation; errors are exceptions, named by a header.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderValue, Request, StatusCode};
use serde_json::{Map, Value};

use super::{
    AWS_REQUEST_ID, Dialect, Reply,
    rest::{self, Body},
    sigv4,
};
use crate::{
    FakeError, FakeService,
    dynamic::Refused,
    issued::Caller,
    protocol::{AwsRestJson, OperationInfo},
    router::Router,
    transport::Response,
    violations,
};

impl Dialect for AwsRestJson {
    fn operation(&self, service: &'static FakeService, request: &Request<Bytes>) -> Option<String> {
        rest::route(service, request).map(|route| route.operation.name().to_owned())
    }

    fn serve(&self, router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
        let Some(route) = rest::route(router.service, request) else {
            let (method, path) = (request.method(), request.uri().path());
            return Err(FakeError::exception("UnknownOperationException")
                .with_status(StatusCode::NOT_FOUND)
                .with_message(format!("{} has no operation {method} {path}", router.service.info.title)));
        };
        let caller = if route.operation.unsigned() {
            Caller::default()
        } else {
            sigv4::verify(router, request, now)
                .map_err(|error| FakeError::exception(error.exception()).with_message(error.to_string()))?
        };
        let body = match request.body().as_ref() {
            [] => Value::Null,
            body if route.has_document() => serde_json::from_slice(body).map_err(FakeError::unreadable)?,
            _ => Value::Null,
        };
        let input = route.input(request, body);
        let checked = route.operation.check(input.to_string().as_bytes()).map_err(|refused| match refused {
            Refused::Invalid(faults) if faults.mistyped.is_empty() => {
                FakeError::exception("ValidationException").with_message(violations::message(&faults, &input))
            }
            refused => FakeError::unreadable(refused),
        });
        router.perform(route.operation, &checked?, &caller, now)
    }

    fn respond(&self, reply: Reply<'_>, result: Result<String, FakeError>) -> Response {
        match result {
            Ok(text) => {
                let route = reply.request.and_then(|request| rest::route(reply.router.service, request));
                let output: Value = serde_json::from_str(&text).unwrap_or_default();
                let Some(route) = route else { return self.respond(reply, Err(FakeError::default())) };
                let rest::Output { status, headers, body } = rest::output(route.operation.info(), output);
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
                let info = OperationInfo::of_error(bindings);
                let rest::Output { headers, body, .. } = rest::output(&info, members.into());
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

fn written(body: Body) -> (Vec<u8>, &'static str) {
    match body {
        Body::Empty => (Vec::new(), "application/json"),
        Body::Formatted(value) => (value.to_string().into_bytes(), "application/json"),
        Body::Raw(bytes) => (bytes, "application/octet-stream"),
    }
}

const ERROR_TYPE: http::HeaderName = http::HeaderName::from_static("x-amzn-errortype");

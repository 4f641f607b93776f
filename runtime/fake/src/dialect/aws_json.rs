//! AWS JSON: the operation is in the target header, errors are exceptions that may carry a code.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use serde_json::{Value, json};

use super::{AWS_REQUEST_ID, Dialect, Reply, sigv4};
use crate::{
    DynamicOperation, FakeError, FakeService, dynamic::Refused, protocol::AwsJson, router::Router,
    transport::Response, violations,
};

impl Dialect for AwsJson {
    fn operation(&self, _: &'static FakeService, request: &Request<Bytes>) -> Option<String> {
        target(self, request.headers()).map(ToOwned::to_owned)
    }

    fn serve(&self, router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
        let operation = route(router.service, self, request)?;
        let caller = sigv4::verify(router, operation, request, now)
            .map_err(|error| FakeError::exception(error.exception()).with_message(error.to_string()))?;
        router.perform(operation, &validate(router.service, operation, request.body())?, &caller, now)
    }

    fn respond(&self, reply: Reply<'_>, result: Result<String, FakeError>) -> Response {
        let error = match result {
            Ok(body) => return reply.response(AWS_REQUEST_ID, StatusCode::OK, self.content_type, body),
            Err(error) => error,
        };
        let service = reply.router.service;
        let is_asked =
            reply.request.is_some_and(|request| request.headers().contains_key("x-amzn-query-mode"));
        let (error, query_code) =
            if self.query_compatible { by_query_code(service, error) } else { (error, None) };
        let (status, body) = failure(service, &error);
        let mut response = reply.response(AWS_REQUEST_ID, status, self.content_type, body.to_string());
        if let Some(code) = query_code.filter(|_| is_asked) {
            let blame = if status.is_server_error() { "Receiver" } else { "Sender" };
            let value = HeaderValue::try_from(format!("{code};{blame}"));
            response.headers_mut().extend(value.ok().map(|value| (QUERY_ERROR, value)));
        }
        response
    }
}

const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// An error of a query-compatible service as its exception, and the code in the query protocol.
fn by_query_code(service: &FakeService, error: FakeError) -> (FakeError, Option<String>) {
    let FakeError { exception, code, .. } = &error;
    let exception = exception.clone().or_else(|| Some(service.of_query_code(code.as_deref()?).to_owned()));
    let code = code.clone().or_else(|| Some(service.query_code(exception.as_deref()?).to_owned()));
    (FakeError { exception, code: None, ..error }, code)
}

/// The name of the operation in a target.
fn target<'a>(protocol: &AwsJson, headers: &'a HeaderMap) -> Option<&'a str> {
    let target = headers.get("x-amz-target")?.to_str().ok()?;
    target.strip_prefix(protocol.target_prefix)?.strip_prefix('.')
}

/// The operation of a request.
fn route(
    service: &FakeService,
    protocol: &AwsJson,
    request: &Request<Bytes>,
) -> Result<&'static DynamicOperation, FakeError> {
    let unknown = |message| Err(FakeError::exception("UnknownOperationException").with_message(message));
    let (method, path, headers) = (request.method(), request.uri().path(), request.headers());
    let AwsJson { content_type, target_prefix, .. } = *protocol;
    if *method != Method::POST || path != "/" {
        return unknown(format!("every operation is a POST of /, not a {method} of {path}"));
    }
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("none");
    if !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(content_type) {
        return unknown(format!("the content type is {content_type}, not {sent}"));
    }
    let Some(name) = target(protocol, headers) else {
        let sent = headers
            .get("x-amz-target")
            .map_or("none".into(), |value| String::from_utf8_lossy(value.as_bytes()));
        return unknown(format!("the target is {target_prefix}.<operation>, not {sent}"));
    };
    match service.operation(name) {
        Some(operation) => Ok(operation),
        None => unknown(format!("{} has no operation {name}", service.info.title)),
    }
}

/// Checks types, required members and constraints, and returns the parsed input.
fn validate(service: &FakeService, operation: &DynamicOperation, body: &[u8]) -> Result<Value, FakeError> {
    let body = if body.is_empty() { b"{}" } else { body };
    operation.check(body).map_err(|refused| match refused {
        Refused::Invalid(faults) if faults.mistyped.is_empty() => {
            let input = serde_json::from_slice(body).unwrap_or_default();
            FakeError::exception("ValidationException").with_message(violations::message(
                &faults,
                &input,
                operation.names(),
                service.info.sensitive_members,
            ))
        }
        refused => FakeError::unreadable(refused),
    })
}

/// Status and body of an error.
fn failure(service: &FakeService, error: &FakeError) -> (StatusCode, Value) {
    let carrier = error.code.as_deref().and_then(|code| service.carrier(code));
    let Some(exception) = error.exception.as_deref().or(carrier.map(|carrier| carrier.wire)) else {
        let status = error.status.unwrap_or(StatusCode::BAD_REQUEST);
        return (status, json!({ "message": error.text(service, None, None, status) }));
    };
    let status = error.status.unwrap_or_else(|| service.exception_status(exception));
    let message = error.text(service, error.code.as_deref(), Some(exception), status);
    let own = [("__type", Value::from(exception)), ("message", Value::from(message))];
    let further = match &error.code {
        Some(code) => [("error".to_owned(), json!({ "errorCode": code, "errorDetails": error.details }))]
            .into_iter()
            .collect(),
        None => error.details.clone(),
    };
    let own = own.map(|(name, value)| (name.to_owned(), value));
    (status, own.into_iter().chain(service.error_members(exception, &further)).collect())
}

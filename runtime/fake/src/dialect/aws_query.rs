//! AWS query: parameters in a form or query, responses in XML.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderValue, Method, Request, StatusCode, header};

use super::{AWS_REQUEST_ID, Dialect, Reply, sigv4, texts, unflatten::unflatten, xml};
use crate::{
    DynamicOperation, FakeError, FakeService, dynamic::Refused, protocol::AwsQuery, router::Router,
    transport::Response, violations,
};
use gatewright_core::percent::read_query;

impl Dialect for AwsQuery {
    fn operation(&self, _: &'static FakeService, request: &Request<Bytes>) -> Option<String> {
        parameter(request, "Action")
    }

    fn serve(&self, router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
        perform(router, request, now)
    }

    fn unreadable(&self, why: String) -> FakeError {
        unreadable(why)
    }

    fn respond(&self, reply: Reply<'_>, result: Result<String, FakeError>) -> Response {
        let service = reply.router.service;
        let (status, document) = match result.and_then(|text| body(&reply, &text)) {
            Ok(document) => (StatusCode::OK, document),
            Err(error) => {
                let name = error.code.as_deref().or(error.exception.as_deref());
                let code = name.unwrap_or_default();
                let status = error.status.unwrap_or_else(|| service.code_status(code));
                let fault = if status.is_server_error() { "Receiver" } else { "Sender" };
                let message = error.text(service, name, None, status);
                let own = [("Type", fault), ("Code", code), ("Message", message.as_ref())];
                let item = xml::Form { namespace: None, item: Some("member") };
                let error = xml::error(service, item, code, &own, &error.details);
                let form = xml::Form { namespace: Some(self.xml_namespace), ..item };
                let content = format!("{error}<RequestId>{}</RequestId>", reply.id);
                (status, form.around("ErrorResponse", &content).into_bytes())
            }
        };
        reply.response(AWS_REQUEST_ID, status, "text/xml", document)
    }
}

/// The body for an output.
pub(super) fn body(reply: &Reply<'_>, output: &str) -> Result<Vec<u8>, FakeError> {
    let action = reply.request.and_then(|request| parameter(request, "Action"));
    let operation = action.and_then(|action| reply.router.service.operation(&action));
    let output = serde_json::from_str(output).unwrap_or_default();
    reply.body(operation.ok_or_else(FakeError::default)?, &output)
}

/// The error for a request that cannot be read.
pub(super) fn unreadable(why: String) -> FakeError {
    FakeError::code("MalformedInput").with_message(why)
}

/// Checks a request in the order of the service, and returns the output.
pub(super) fn perform(
    router: &Router,
    request: &Request<Bytes>,
    now: SystemTime,
) -> Result<String, FakeError> {
    let operation = route(router.service, request)?;
    let caller = sigv4::verify(router, operation, request, now)
        .map_err(|error| FakeError::code(error.query_code()).with_message(error.to_string()))?;
    let own = |name: &str| name != "Action" && name != "Version" && !name.starts_with("X-Amz-");
    let input = unflatten(parameters(request).filter(|(name, _)| own(name))).map_err(unreadable)?;
    let checked = operation.check(input.to_string().as_bytes()).map_err(|refused| match refused {
        Refused::Invalid(faults) if faults.mistyped.is_empty() => FakeError::code("ValidationError")
            .with_message(violations::message(
                &faults,
                &input,
                operation.names(),
                router.service.info.sensitive_members,
            )),
        refused => unreadable(refused.to_string()),
    });
    router.perform(operation, &checked?, &caller, now)
}

fn route(
    service: &'static FakeService,
    request: &Request<Bytes>,
) -> Result<&'static DynamicOperation, FakeError> {
    let (method, path) = (request.method(), request.uri().path());
    if ![Method::GET, Method::POST].contains(method) || path != "/" {
        let message = format!("every operation is a GET or POST of /, not a {method} of {path}");
        return Err(FakeError::code("InvalidAction").with_message(message));
    }
    let Some(action) = parameter(request, "Action") else {
        return Err(
            FakeError::code("MissingAction").with_message("neither query nor form has the parameter Action")
        );
    };
    let version = parameter(request, "Version").unwrap_or_default();
    match service.operation(&action) {
        Some(operation) if version == service.info.version => Ok(operation),
        _ => {
            let message = format!("Could not find operation {action} for version {version}");
            Err(FakeError::code("InvalidAction").with_message(message))
        }
    }
}

/// The parameters of query and form, which are equivalent.
fn parameters(request: &Request<Bytes>) -> impl Iterator<Item = (String, String)> {
    let kind = request.headers().get(header::CONTENT_TYPE).map(HeaderValue::as_bytes).unwrap_or_default();
    let is_form = kind.to_ascii_lowercase().starts_with(b"application/x-www-form-urlencoded");
    let form = if is_form { str::from_utf8(request.body()).unwrap_or_default() } else { "" };
    texts(read_query(request.uri().query().unwrap_or_default())).chain(texts(read_query(form)))
}

pub(super) fn parameter(request: &Request<Bytes>, wanted: &str) -> Option<String> {
    parameters(request).find(|(name, _)| name == wanted).map(|(_, value)| value)
}

//! The checks of AWS query services, in their order, and their responses.

use std::time::SystemTime;

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, Request, header};
use serde_json::{Map, Value, json};

use super::{FakeError, FakeService, check, issued::Caller, response, unflatten::unflatten, violations, xml};
use crate::{
    DynamicOperation, credentials::Credentials, dynamic::Refused, protocol::AwsQuery, transport::Response,
};
use gatewright_core::percent::read_query;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");

/// The name of the operation in a request.
pub(super) fn action(request: &Request<Bytes>) -> Option<String> {
    parameters(request).find(|(name, _)| name == "Action").map(|(_, value)| value)
}

/// The operation of a request, and its input.
pub(super) fn check(
    service: &'static FakeService,
    credentials: &Credentials,
    region: Option<&str>,
    request: &Request<Bytes>,
    now: SystemTime,
) -> Result<(&'static DynamicOperation, Value, Caller), FakeError> {
    let operation = route(service, request)?;
    let caller = if operation.unsigned() {
        Caller::default()
    } else {
        check::verify(service, credentials, region, request, now)
            .map_err(|error| FakeError::code(error.query_code()).with_message(error.to_string()))?
    };
    let own = |name: &str| name != "Action" && name != "Version" && !name.starts_with("X-Amz-");
    let input = unflatten(parameters(request).filter(|(name, _)| own(name)));
    match operation.check(input.to_string().as_bytes()) {
        Ok(input) => Ok((operation, input, caller)),
        Err(Refused::Invalid(faults)) if faults.mistyped.is_empty() => {
            Err(FakeError::code("ValidationError").with_message(violations::message(&faults, &input)))
        }
        Err(refused) => Err(FakeError::code("MalformedInput").with_message(refused.to_string())),
    }
}

fn route(
    service: &'static FakeService,
    request: &Request<Bytes>,
) -> Result<&'static DynamicOperation, FakeError> {
    let parameter =
        |wanted: &str| parameters(request).find(|(name, _)| name == wanted).map(|(_, value)| value);
    let (method, path) = (request.method(), request.uri().path());
    if ![Method::GET, Method::POST].contains(method) || path != "/" {
        let message = format!("every operation is a GET or POST of /, not a {method} of {path}");
        return Err(FakeError::code("InvalidAction").with_message(message));
    }
    let Some(action) = parameter("Action") else {
        return Err(
            FakeError::code("MissingAction").with_message("neither query nor form has the parameter Action")
        );
    };
    let version = parameter("Version").unwrap_or_default();
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
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    let query = read_query(request.uri().query().unwrap_or_default());
    query.into_iter().chain(read_query(form)).map(move |(name, value)| (text(name), text(value)))
}

/// The response for a result. `number` distinguishes requests.
pub(super) fn response(
    service: &FakeService,
    protocol: &AwsQuery,
    request: Option<&Request<Bytes>>,
    result: Result<String, FakeError>,
    number: u64,
    now: SystemTime,
) -> Response {
    let id = response::request_id(number);
    let form = xml::Form { namespace: Some(protocol.xml_namespace), item: Some("member") };
    let (status, document) = match result {
        Ok(text) => {
            let action = request.and_then(action).unwrap_or_default();
            let output: Value = serde_json::from_str(&text).unwrap_or_default();
            let named = service.operation(&action).and_then(|operation| operation.info().result_wrapper);
            let wrapper = named.map_or_else(|| format!("{action}Result"), str::to_owned);
            let body = json!({ wrapper: output, "ResponseMetadata": { "RequestId": id } });
            (http::StatusCode::OK, form.document(&format!("{action}Response"), &body))
        }
        Err(error) => {
            let name = error.code.as_deref().or(error.exception.as_deref());
            let code = name.unwrap_or_default();
            let status = error.status.unwrap_or_else(|| service.code_status(code));
            let fault = if status.is_server_error() { "Receiver" } else { "Sender" };
            let message = error.text(service, name, None, status);
            let members = [("Type", fault), ("Code", code), ("Message", message.as_ref())];
            let members = members.into_iter().filter(|(_, text)| !text.is_empty());
            let members = members.map(|(name, text)| (name.to_owned(), text.into()));
            let error: Map<_, _> = members.chain(error.details.clone()).collect();
            (status, form.document("ErrorResponse", &json!({ "Error": error, "RequestId": id })))
        }
    };
    let mut response = response::json(status, document);
    let headers = response.headers_mut();
    headers.insert(REQUEST_ID, response::header(id));
    headers.insert(header::DATE, response::date(now));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/xml"));
    response
}

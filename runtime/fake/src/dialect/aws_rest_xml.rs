//! AWS REST XML: method and path name the operation; errors are exceptions, named in XML.

use std::time::SystemTime;

use bytes::Bytes;
use http::Request;
use serde_json::Value;

use super::{
    AWS_REQUEST_ID, Dialect, Reply,
    rest::{self, Body, Names},
    unwritable, xml,
};
use crate::{
    FakeError, FakeService,
    protocol::{AwsRestXml, document_value},
    router::Router,
    sign::verify::VerifyError,
    transport::Response,
};

const NAMES: Names =
    Names { unknown_operation: "InvalidAction", refused: VerifyError::query_code, invalid: "InvalidInput" };

impl Dialect for AwsRestXml {
    fn operation(&self, service: &'static FakeService, request: &Request<Bytes>) -> Option<String> {
        rest::route(service, request).map(|route| route.operation.name().to_owned())
    }

    fn serve(&self, router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
        rest::perform(router, request, now, &NAMES, &document_value)
    }

    fn unreadable(&self, why: String) -> FakeError {
        FakeError::exception("MalformedXML").with_message(why)
    }

    fn respond(&self, reply: Reply<'_>, result: Result<String, FakeError>) -> Response {
        let output = result.and_then(|text| output(&reply, &text));
        let (service, id) = (reply.router.service, reply.id.clone());
        match output {
            Ok(rest::Output { status, headers, body }) => {
                let (body, content_type) = match body {
                    Body::Empty => (Vec::new(), CONTENT_TYPE),
                    Body::Formatted(text) => (text, CONTENT_TYPE),
                    Body::Raw(bytes) => (bytes, "application/octet-stream"),
                };
                let mut response = reply.response(AWS_REQUEST_ID, status, content_type, body);
                response.headers_mut().extend(headers);
                response
            }
            Err(error) => {
                let name = error.exception.as_deref().or(error.code.as_deref());
                let code = name.unwrap_or_default();
                let status = error.status.unwrap_or_else(|| service.exception_status(code));
                let fault = if status.is_server_error() { "Receiver" } else { "Sender" };
                let message = error.text(service, error.code.as_deref(), name, status);
                let mut own = vec![("Type", fault), ("Code", code), ("Message", message.as_ref())];
                own.extend(self.bare_errors.then_some(("RequestId", id.as_str())));
                let members = service.error_members(code, &error.details);
                let rest::Output { headers, .. } =
                    rest::error(service.error_bindings(code), members, "Message");
                let form = xml::Form { namespace: self.xml_namespace, item: Some("member") };
                let document = if self.bare_errors {
                    [xml::HEAD, &xml::error(service, form, code, &own, &error.details)].concat()
                } else {
                    let inner = xml::Form { namespace: None, ..form };
                    let error = xml::error(service, inner, code, &own, &error.details);
                    form.around("ErrorResponse", &format!("{error}<RequestId>{id}</RequestId>"))
                };
                let mut response = reply.response(AWS_REQUEST_ID, status, CONTENT_TYPE, document);
                response.headers_mut().extend(headers);
                response
            }
        }
    }
}

const CONTENT_TYPE: &str = "application/xml";

/// The parts of a response.
fn output(reply: &Reply<'_>, text: &str) -> Result<rest::Output<Vec<u8>>, FakeError> {
    let request = reply.request.ok_or_else(FakeError::default)?;
    let operation = rest::route(reply.router.service, request).ok_or_else(FakeError::default)?.operation;
    let output: Value = serde_json::from_str(text).unwrap_or_default();
    let document = reply.body(operation, &output)?;
    let output = rest::output(operation.info(), output).map_err(unwritable)?;
    Ok(output.with_document(document))
}

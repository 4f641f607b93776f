//! AWS EC2 query: as AWS query, with other names of parameters and another form of responses.

use std::time::SystemTime;

use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Map, Value, json};

use super::{
    AWS_REQUEST_ID, Dialect, Reply,
    aws_query::{parameter, perform},
    xml,
};
use crate::{FakeError, FakeService, protocol::AwsEc2, router::Router, transport::Response};

impl Dialect for AwsEc2 {
    fn operation(&self, _: &'static FakeService, request: &Request<Bytes>) -> Option<String> {
        parameter(request, "Action")
    }

    fn serve(&self, router: &Router, request: &Request<Bytes>, now: SystemTime) -> Result<String, FakeError> {
        perform(router, request, now, &|name| wire(self, &name))
    }

    fn respond(&self, reply: Reply<'_>, result: Result<String, FakeError>) -> Response {
        let form = xml::Form { namespace: Some(self.xml_namespace), item: Some("item") };
        let (status, document) = match result {
            Ok(text) => {
                let action =
                    reply.request.and_then(|request| parameter(request, "Action")).unwrap_or_default();
                let mut output: Value = serde_json::from_str(&text).unwrap_or_default();
                if let Some(members) = output.as_object_mut() {
                    members.insert("requestId".to_owned(), reply.id.as_str().into());
                }
                (StatusCode::OK, form.document(&format!("{action}Response"), &output))
            }
            Err(error) => {
                let service = reply.router.service;
                let name = error.code.as_deref().or(error.exception.as_deref());
                let code = name.unwrap_or_default();
                let status = error.status.unwrap_or_else(|| service.code_status(code));
                let own =
                    [("Code", code.into()), ("Message", error.text(service, name, None, status).into())];
                let own = own.map(|(name, value): (_, Value)| (name.to_owned(), value));
                let error: Map<_, _> =
                    own.into_iter().chain(service.error_members(code, &error.details)).collect();
                (
                    status,
                    form.document(
                        "Response",
                        &json!({ "Errors": { "Error": error }, "RequestID": reply.id }),
                    ),
                )
            }
        };
        reply.response(AWS_REQUEST_ID, status, "text/xml;charset=UTF-8", document)
    }
}

/// The wire names of the parts of a parameter's name; names that differ only in case are found anyway.
fn wire(protocol: &AwsEc2, name: &str) -> String {
    let wire = |part: &str| {
        let known = protocol.request_names.iter().find(|(_, name)| *name == part);
        known.map_or_else(|| part.to_owned(), |(wire, _)| (*wire).to_owned())
    };
    name.split('.').map(wire).collect::<Vec<_>>().join(".")
}

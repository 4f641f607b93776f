//! AWS EC2 query: as AWS query, with other names of parameters and another form of responses.

use std::time::SystemTime;

use bytes::Bytes;
use http::{Request, StatusCode};

use super::{
    AWS_REQUEST_ID, Dialect, Reply,
    aws_query::{body, parameter, perform, unreadable},
    xml,
};
use crate::{FakeError, FakeService, protocol::AwsEc2, router::Router, transport::Response};

impl Dialect for AwsEc2 {
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
        let (status, document) = match result.and_then(|text| body(&reply, &text)) {
            Ok(document) => (StatusCode::OK, document),
            Err(error) => {
                let service = reply.router.service;
                let name = error.code.as_deref().or(error.exception.as_deref());
                let code = name.unwrap_or_default();
                let status = error.status.unwrap_or_else(|| service.code_status(code));
                let message = error.text(service, name, None, status);
                let own = [("Code", code), ("Message", message.as_ref())];
                let item = xml::Form { namespace: None, item: Some("item") };
                let error = xml::error(service, item, code, &own, &error.details);
                let form = xml::Form { namespace: Some(self.xml_namespace), ..item };
                let id = &reply.id;
                let content = format!("<Errors>{error}</Errors><RequestID>{id}</RequestID>");
                (status, form.around("Response", &content).into_bytes())
            }
        };
        reply.response(AWS_REQUEST_ID, status, "text/xml;charset=UTF-8", document)
    }
}

//! AWS EC2 query: parameters in a form, responses in XML.
//! <https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html>

use std::borrow::Cow;

use http::Uri;
use serde_core::{Serialize, de::DeserializeOwned, ser::Error as _};
use serde_json::Value;

use super::{
    super::{
        Binding, Choices, DecodeError, EncodeError, Fault, OperationInfo, Protocol, body,
        elements::Elements,
        parameters,
        request_names::RequestNames,
        tree::{
            self, Style,
            xml::{Document, unreadable_xml},
        },
    },
    AwsQuery, document, envelope, error_members, form,
};
use crate::{
    codec::PlacedError,
    wire::{Request, Response},
};

/// AWS EC2 query: `POST /` with operation and parameters in a form.
#[derive(Clone, Copy, Debug)]
pub struct AwsEc2 {
    version: &'static str,
    /// The namespace of responses.
    pub xml_namespace: &'static str,
    request_names: RequestNames,
}

impl AwsEc2 {
    /// The protocol with a service's API version (`2016-11-15`) and the namespace of its responses.
    ///
    /// `request_names` has special names of members in requests, by their wire names, if they are not the wire names with a
    /// capital.
    pub const fn new(
        version: &'static str,
        xml_namespace: &'static str,
        request_names: &'static [(&'static str, &'static str)],
    ) -> Self {
        Self { version, xml_namespace, request_names: RequestNames(request_names) }
    }
}

impl Protocol for AwsEc2 {
    fn request<T: Serialize>(
        &self,
        endpoint: &Uri,
        operation: &OperationInfo,
        input: &T,
        _choices: Choices,
    ) -> Result<Request, EncodeError> {
        let style = parameters::Style::Capitals(self.request_names);
        let mut form = form(operation, self.version, style);
        input.serialize(&mut form)?;
        envelope(endpoint, operation, form)
    }

    fn response<T: DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        response: &Response,
    ) -> Result<T, DecodeError> {
        let body = body(operation, response, b"<Response/>");
        let Document { root, content } = document(body).map_err(|error| unreadable_xml(body, error))?;
        if root == "Response" && content.member("Errors").is_some() {
            return Err(DecodeError::Refused);
        }
        if !root.ends_with("Response") {
            return Err(unreadable_xml(body, format_args!("the root element <{root}> is not a response's")));
        }
        tree::value(&content, Style::Wrapped).map_err(|error| unreadable_xml(body, error))
    }

    /// Reads a request from JSON. Numbers and booleans may be text, as in a form, and members may have their names in
    /// requests.
    fn input<T: DeserializeOwned>(&self, _operation: &OperationInfo, json: &Value) -> Result<T, PlacedError> {
        tree::value_of_json(json, Style::Request(Some(self.request_names)))
    }

    fn request_name<'a>(&self, wire: &'a str) -> Cow<'a, str> {
        self.request_names.of(wire)
    }

    fn fault(response: &Response) -> Fault {
        AwsQuery::fault(response)
    }

    fn error_members<T: DeserializeOwned>(
        &self,
        _outside: &'static [Binding],
        response: &Response,
    ) -> Result<T, DecodeError> {
        error_members(response)
    }

    fn request_id(response: &Response) -> Option<Cow<'_, str>> {
        AwsQuery::request_id(response)
    }

    fn response_body<T: Serialize + DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        output: &Value,
        id: &str,
    ) -> Option<Result<Vec<u8>, String>> {
        let write = || {
            let output: T = self.input(operation, output).map_err(EncodeError::custom)?;
            let document = Elements::response(operation.name, self.xml_namespace);
            let mut document = document.with_head("requestId", id)?;
            output.serialize(&mut document)?;
            Ok(document.into_text())
        };
        Some(write().map_err(|error: EncodeError| error.to_string()))
    }

    fn error_element<T: Serialize + DeserializeOwned>(
        &self,
        _bindings: &'static [Binding],
        head: String,
        members: &Value,
    ) -> Option<Result<(String, Value), String>> {
        Some(super::error_element::<T>(head, members).map_err(|error| error.to_string()))
    }
}

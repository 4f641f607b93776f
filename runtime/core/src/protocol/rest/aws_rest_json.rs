//! AWS REST JSON. <https://smithy.io/2.0/aws/protocols/aws-restjson1-protocol.html>

use std::{borrow::Cow, mem};

use http::{HeaderName, HeaderValue, Uri};
use serde_core::{Serialize, de::DeserializeOwned};

use serde_json::Value;

use super as rest;
use crate::{
    codec::PlacedError,
    protocol::{Binding, Choices, DecodeError, EncodeError, Fault, OperationInfo, Protocol, aws_json},
    wire::{Request, Response},
};

/// AWS REST JSON: a method and URI per operation, and JSON bodies.
#[derive(Clone, Copy, Debug)]
pub struct AwsRestJson {
    headers: &'static [(&'static str, &'static str)],
}

impl AwsRestJson {
    /// Sets headers of all requests, by names in lower case. A member may set another value.
    ///
    /// ```
    /// # use gatewright_core::protocol::AwsRestJson;
    /// const PROTOCOL: AwsRestJson = AwsRestJson::new(&[("accept", "application/json")]);
    /// ```
    ///
    /// # Panics
    ///
    /// If a name is not in lower case, or a name or value cannot be in a header. A constant does not compile then:
    ///
    /// ```compile_fail,E0080
    /// # use gatewright_core::protocol::AwsRestJson;
    /// const PROTOCOL: AwsRestJson = AwsRestJson::new(&[("Accept", "application/json")]);
    /// ```
    ///
    /// ```compile_fail,E0080
    /// # use gatewright_core::protocol::AwsRestJson;
    /// const PROTOCOL: AwsRestJson = AwsRestJson::new(&[("accept", "line\nbreak")]);
    /// ```
    pub const fn new(headers: &'static [(&'static str, &'static str)]) -> Self {
        let mut unchecked = headers;
        while let [(name, value), others @ ..] = unchecked {
            // Forgotten, since nothing can be dropped in a constant.
            mem::forget((HeaderName::from_static(name), HeaderValue::from_static(value)));
            unchecked = others;
        }
        Self { headers }
    }
}

impl Protocol for AwsRestJson {
    fn request<T: Serialize>(
        &self,
        endpoint: &Uri,
        operation: &OperationInfo,
        input: &T,
        _choices: Choices,
    ) -> Result<Request, EncodeError> {
        let mut body = Vec::new();
        let bound = rest::write(operation, input, &mut serde_json::Serializer::new(&mut body))?;
        let mut request = bound.into_request(endpoint, operation, body, "application/json")?;
        for (name, value) in self.headers {
            let name = HeaderName::from_static(name);
            request.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
        }
        Ok(request)
    }

    /// An empty body is an object without members.
    fn response<T: DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        response: &Response,
    ) -> Result<T, DecodeError> {
        let mut json = serde_json::Deserializer::from_slice(response.body());
        let has_body = rest::has_document(operation, response);
        let outside = rest::outside(operation, response)?;
        rest::read(operation, response, &outside, has_body.then_some(&mut json))
            .and_then(|read| if has_body { json.end().map(|()| read) } else { Ok(read) })
            .map_err(|error| DecodeError::unreadable(response.body(), error))
    }

    /// Reads a request from JSON. Numbers and booleans outside of the body may be text, as in headers and queries.
    fn input<T: DeserializeOwned>(&self, operation: &OperationInfo, json: &Value) -> Result<T, PlacedError> {
        rest::input::input(operation, json)
    }

    fn fault(response: &Response) -> Fault {
        aws_json::fault(response)
    }

    fn error_members<T: DeserializeOwned>(
        &self,
        outside: &'static [Binding],
        response: &Response,
    ) -> Result<T, DecodeError> {
        self.response(&OperationInfo::of_error(outside), response)
    }

    fn request_id(response: &Response) -> Option<Cow<'_, str>> {
        aws_json::request_id(response)
    }
}

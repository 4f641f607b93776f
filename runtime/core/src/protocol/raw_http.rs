//! Plain HTTP: any method and path, and the error responses of API gateways.

use std::borrow::Cow;

use http::Uri;
use serde_core::{Serialize, de::DeserializeOwned};

use super::{
    Choices, DecodeError, EncodeError, Fault, OperationInfo, Protocol, bare_name, body,
    error_body::ErrorBody, json,
};
use crate::wire::{Request, Response};

/// Plain HTTP without operations; the runtime's module `raw_http` makes the requests.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "written by generated code")]
pub struct RawHttp;

/// Headers with the request's id, of the service's own APIs and of others behind the same front end.
const REQUEST_ID: [&str; 2] = ["x-amzn-requestid", "apigw-requestid"];

impl Protocol for RawHttp {
    fn request<T: Serialize>(
        &self,
        _endpoint: &Uri,
        operation: &OperationInfo,
        _input: &T,
        _choices: Choices,
    ) -> Result<Request, EncodeError> {
        Err(EncodeError(format!("there is no operation {}; calls have a method and path", operation.name)))
    }

    fn response<T: DeserializeOwned>(
        &self,
        operation: &OperationInfo,
        response: &Response,
    ) -> Result<T, DecodeError> {
        json(body(operation, response, b"{}"))
    }

    /// The error in a response, whose exception only the header `x-amzn-errortype` names. The body may come from the
    /// user's own server.
    fn fault(response: &Response) -> Fault {
        let body = ErrorBody::read(response.body());
        let kind = response.headers().get("x-amzn-errortype").and_then(|value| value.to_str().ok());
        Fault {
            exception: kind.map(bare_name).filter(|name| !name.is_empty()).map(ToOwned::to_owned),
            message: body.message.or(body.capital_message),
            ..Fault::default()
        }
    }

    fn request_id(response: &Response) -> Option<Cow<'_, str>> {
        let id = REQUEST_ID.iter().find_map(|name| response.headers().get(*name))?;
        id.to_str().ok().map(Cow::Borrowed)
    }
}

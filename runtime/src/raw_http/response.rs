//! Responses to calls by method and path.

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use serde_core::de::DeserializeOwned;

use crate::{
    Error, ServiceErrorCode,
    error::{Called, ResponseError, ResponseMetadata},
    protocol,
    secrets::Secrets,
    transport,
};

/// A response with a successful status. `Debug` does not show its body.
#[derive(Clone)]
pub struct Response {
    pub(super) operation: &'static str,
    pub(super) request: Request<()>,
    pub(super) metadata: ResponseMetadata,
}

impl Response {
    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.metadata.status()
    }

    /// Headers.
    pub fn headers(&self) -> &HeaderMap {
        self.metadata.headers()
    }

    /// The raw body.
    pub fn body(&self) -> &Bytes {
        self.metadata.body()
    }

    /// The body as text.
    ///
    /// # Errors
    /// [`ResponseError`] if the body is not UTF-8.
    pub fn text(&self) -> Result<&str, ResponseError> {
        str::from_utf8(self.body()).map_err(|error| self.unreadable(error.to_string()))
    }

    /// The body, decoded as JSON.
    ///
    /// # Errors
    /// [`ResponseError`] with status and body, if the body is not JSON of this type.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ResponseError> {
        protocol::json(self.body()).map_err(|error| self.unreadable(error.to_string()))
    }

    /// Status, headers, body, request id and attempts.
    pub fn metadata(&self) -> &ResponseMetadata {
        &self.metadata
    }

    fn unreadable(&self, reason: String) -> ResponseError {
        let (method, url) = (self.request.method(), self.request.uri().to_string());
        let request = transport::Request::from_parts(self.request.clone().into_parts().0, Bytes::new());
        let secrets = Secrets::of_request(&request, &[], &[], None);
        let called = Called::at(self.operation, method, &url, &secrets);
        ResponseError { called, reason, metadata: self.metadata.clone() }
    }
}

impl fmt::Debug for Response {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response").field("metadata", &self.metadata).finish_non_exhaustive()
    }
}

impl<C: ServiceErrorCode> From<ResponseError> for Error<C> {
    fn from(error: ResponseError) -> Self {
        Self::Response(Box::new(error))
    }
}

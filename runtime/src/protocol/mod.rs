//! Requests to bytes, and answers back, one module a protocol.

mod aws_json;

use std::fmt;

use bytes::Bytes;
use http::{HeaderMap, Uri};
use serde_core::{Serialize, de::DeserializeOwned};

pub use aws_json::AwsJson;

use crate::{
    error::brief,
    transport::{Request, Response},
};

/// How a service writes requests and responses.
pub trait Protocol: Send + Sync + 'static {
    /// The request of an operation, unsigned; its URI is the endpoint's.
    ///
    /// # Errors
    /// A value that has no form on the wire, as text.
    fn request<T: Serialize>(
        &self,
        endpoint: &Uri,
        operation: &'static str,
        input: &T,
    ) -> Result<Request, EncodeError>;

    /// The response in a body.
    ///
    /// # Errors
    /// Why the body is not one.
    fn response<T: DeserializeOwned>(&self, body: &[u8]) -> Result<T, DecodeError>;

    /// What an answer says of an error; whatever it is made of, something is told.
    fn fault(response: &Response) -> Fault;

    /// The id that the service gave the request.
    fn request_id(headers: &HeaderMap) -> Option<&str>;
}

/// Why a request has no form on the wire.
#[derive(Debug)]
pub struct EncodeError(pub(crate) String);

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Why an answer cannot be understood.
#[derive(Debug)]
pub struct DecodeError(pub(crate) String);

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An error as it stands in an answer: nothing is dropped, and nothing is made up.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Name of the exception, without namespace and URI.
    pub exception: Option<String>,
    /// Operation error code.
    pub code: Option<String>,
    /// The service's text.
    pub message: Option<String>,
    /// What `errorDetails` held, as JSON text.
    pub details: Option<String>,
}

/// Without secrets, which a message may repeat from the request.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [exception, code, message, details] =
            [&self.exception, &self.code, &self.message, &self.details].map(|text| brief(text.as_deref()));
        f.debug_struct("Fault")
            .field("exception", &exception)
            .field("code", &code)
            .field("message", &message)
            .field("details", &details)
            .finish()
    }
}

/// What a body seems to be when it is not what was expected.
pub(crate) fn looks_like(body: &Bytes) -> Option<&'static str> {
    match body.trim_ascii_start() {
        [] => Some("the body is empty"),
        [b'<', ..] => Some("the body is HTML or XML; a proxy or another server may have answered"),
        [0x1f, 0x8b, ..] => Some("the body is compressed, which was not asked for"),
        _ => None,
    }
}

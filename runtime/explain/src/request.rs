//! Facts about requests that explanations use.

use http::{
    HeaderMap,
    header::{AUTHORIZATION, CONTENT_TYPE},
};

use super::kept::text;

/// Facts about a request besides its signature; unknown ones are `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RequestFacts {
    /// Method.
    pub method: Option<String>,
    /// Path, as sent.
    pub path: Option<String>,
    /// Names of the headers, in lower case.
    pub header_names: Option<Vec<String>>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// Whether the request was signed.
    pub is_signed: Option<bool>,
    /// The caller: an ARN or an account id.
    pub caller: Option<String>,
    /// The owner of the called resource: an ARN or an account id.
    pub owner: Option<String>,
    /// Whether the request was sent to a private address.
    pub private_address: Option<bool>,
    /// Whether the server requested a client certificate.
    pub client_certificate_asked: Option<bool>,
}

impl RequestFacts {
    /// The facts of a request that is about to be sent.
    pub fn of<B>(request: &http::Request<B>) -> Self {
        let headers = request.headers();
        let content_type = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
        let is_presigned = request.uri().query().is_some_and(|query| query.contains("X-Amz-Signature="));
        Self {
            method: Some(request.method().as_str().to_owned()),
            path: Some(text(request.uri().path())),
            header_names: Some(header_names(headers)),
            content_type: content_type.map(|value| text(&value)),
            is_signed: Some(is_presigned || headers.contains_key(AUTHORIZATION)),
            ..Self::default()
        }
    }
}

/// The names of headers.
pub(super) fn header_names(headers: &HeaderMap) -> Vec<String> {
    headers.keys().map(|name| name.as_str().to_owned()).collect()
}

//! What came with an answer.

use std::{fmt, sync::Arc};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

/// What came with an answer, success or not. Cheap to clone.
#[derive(Clone)]
pub struct ResponseMetadata {
    parts: Arc<Parts>,
}

struct Parts {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
    request_id: Option<String>,
    attempts: u32,
}

impl ResponseMetadata {
    pub(crate) fn new(
        response: http::Response<Bytes>,
        request_id: impl FnOnce(&HeaderMap) -> Option<&str>,
        attempts: u32,
    ) -> Self {
        let (parts, body) = response.into_parts();
        let request_id = request_id(&parts.headers).map(ToOwned::to_owned);
        let (status, headers) = (parts.status, parts.headers);
        Self { parts: Arc::new(Parts { status, headers, body, request_id, attempts }) }
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.parts.status
    }

    /// Headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The body as it came, with whatever the types do not hold.
    pub fn body(&self) -> &Bytes {
        &self.parts.body
    }

    /// The id that the service gave the request; quote it to the service's support.
    pub fn request_id(&self) -> Option<&str> {
        self.parts.request_id.as_deref()
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.parts.attempts
    }
}

/// Without the body, which may hold what is not for logs.
impl fmt::Debug for ResponseMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseMetadata")
            .field("status", &self.parts.status.as_u16())
            .field("request_id", &self.parts.request_id)
            .field("attempts", &self.parts.attempts)
            .field("body_bytes", &self.parts.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ResponseMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status().as_u16())?;
        if let Some(id) = self.request_id() {
            write!(f, ", request id {}", OneLine(id))?;
        }
        match self.attempts() {
            1 => f.write_str(", 1 attempt"),
            attempts => write!(f, ", {attempts} attempts"),
        }
    }
}

/// Text of others in one line of ours: control characters become spaces.
pub(super) struct OneLine<'a>(pub(super) &'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, part) in self.0.trim().split(char::is_control).filter(|part| !part.is_empty()).enumerate()
        {
            f.write_str(if index == 0 { "" } else { " " })?;
            f.write_str(part)?;
        }
        Ok(())
    }
}

//! Metadata of responses.

use std::{borrow::Cow, fmt, sync::Arc, time::SystemTime};

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use super::{IncompleteBody, TransportError};
use crate::text::{OneLine, brief};

/// Metadata of a response, success or not. Cheap to clone.
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
    clock_offset: i64,
    clock_corrected: bool,
    received_at: SystemTime,
    incomplete: Option<IncompleteBody>,
}

impl ResponseMetadata {
    /// The metadata of a response. `request_id` reads the id, whose place depends on the service's protocol.
    pub fn new(
        response: http::Response<Bytes>,
        request_id: impl FnOnce(&http::Response<Bytes>) -> Option<Cow<'_, str>>,
        attempts: u32,
        received_at: SystemTime,
    ) -> Self {
        let request_id = request_id(&response).map(Cow::into_owned);
        let (mut parts, body) = response.into_parts();
        let incomplete = parts.extensions.remove();
        let (status, headers) = (parts.status, parts.headers);
        let (clock_offset, clock_corrected) = (0, false);
        Self {
            parts: Arc::new(Parts {
                status,
                headers,
                body,
                request_id,
                attempts,
                clock_offset,
                clock_corrected,
                received_at,
                incomplete,
            }),
        }
    }

    /// Sets what is known of the clock, before the metadata is shared.
    pub fn set_clock(&mut self, offset: i64, corrected: bool) {
        if let Some(parts) = Arc::get_mut(&mut self.parts) {
            (parts.clock_offset, parts.clock_corrected) = (offset, corrected);
        }
    }

    /// HTTP status.
    pub fn status(&self) -> StatusCode {
        self.parts.status
    }

    /// Headers.
    pub fn headers(&self) -> &HeaderMap {
        &self.parts.headers
    }

    /// The body as received, including what the types do not hold.
    pub fn body(&self) -> &Bytes {
        &self.parts.body
    }

    /// Why the body of an error response is incomplete. The connection failed before the body's end.
    pub fn incomplete_body(&self) -> Option<&TransportError> {
        self.parts.incomplete.as_ref().map(IncompleteBody::error)
    }

    /// The id that the service gave the request; quote it to the service's support.
    pub fn request_id(&self) -> Option<&str> {
        self.parts.request_id.as_deref()
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        self.parts.attempts
    }

    /// Seconds that the client adds to this machine's clock when it signs. A service reported the difference.
    ///
    /// 0 if no service did, negative if the clock is ahead.
    pub fn clock_offset(&self) -> i64 {
        self.parts.clock_offset
    }

    /// Whether this call corrected the client's clock. The service refused an attempt for its time, and reported its
    /// own.
    ///
    /// [`clock_offset`](Self::clock_offset) is the difference.
    pub fn clock_corrected(&self) -> bool {
        self.parts.clock_corrected
    }

    /// When the response was received, by this machine's uncorrected clock.
    pub fn received_at(&self) -> SystemTime {
        self.parts.received_at
    }
}

/// Without the body, which may hold confidential data.
impl fmt::Debug for ResponseMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseMetadata")
            .field("status", &self.parts.status.as_u16())
            .field("request_id", &brief(self.request_id()))
            .field("attempts", &self.parts.attempts)
            .field("body_bytes", &self.parts.body.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for ResponseMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "status {}", self.status().as_u16())?;
        if let Some(id) = OneLine::of(self.request_id()) {
            write!(f, ", request id {id}")?;
        }
        if self.incomplete_body().is_some() {
            f.write_str(", the body is incomplete")?;
        }
        match self.attempts() {
            1 => f.write_str(", 1 attempt"),
            attempts => write!(f, ", {attempts} attempts"),
        }
    }
}

//! What was received, kept for assertions.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, Method};

/// Requests kept at most.
const MAX_REQUESTS: usize = 1000;
/// Bytes of their bodies kept at most.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// A request as it came. `Debug` shows neither headers nor body, which may hold secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// Name of the operation, as far as the target tells one.
    pub operation: Option<String>,
    /// Method.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body.
    pub body: Bytes,
}

impl fmt::Debug for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReceivedRequest")
            .field("operation", &self.operation)
            .field("method", &self.method)
            .field("target", &self.target)
            .field("body_bytes", &self.body.len())
            .finish_non_exhaustive()
    }
}

/// The last requests.
#[derive(Debug, Default)]
pub(super) struct Records(Mutex<Kept>);

#[derive(Debug, Default)]
struct Kept {
    requests: VecDeque<ReceivedRequest>,
    body_bytes: usize,
}

impl Records {
    pub(super) fn push(&self, request: ReceivedRequest) {
        let kept = &mut *self.kept();
        kept.body_bytes += request.body.len();
        kept.requests.push_back(request);
        while kept.requests.len() > MAX_REQUESTS || kept.body_bytes > MAX_BYTES {
            kept.body_bytes -= kept.requests.pop_front().map_or(0, |oldest| oldest.body.len());
        }
    }

    pub(super) fn all(&self) -> Vec<ReceivedRequest> {
        self.kept().requests.iter().cloned().collect()
    }

    pub(super) fn clear(&self) {
        *self.kept() = Kept::default();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

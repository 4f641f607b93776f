//! Records of received requests, for assertions.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use http::{HeaderMap, Method};

/// Maximum number of recorded requests.
const MAX_REQUESTS: usize = 1000;
/// Maximum size of recorded requests in bytes.
const MAX_BYTES: usize = 32 * 1024 * 1024;

/// A received request. `Debug` shows neither headers nor body, which may hold secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// Name of the operation, if the target contains one.
    pub operation: Option<String>,
    /// Method.
    pub method: Method,
    /// Path and query.
    pub target: String,
    /// Headers.
    pub headers: HeaderMap,
    /// Body. Decoded if it was in gzip; `content-length` and the signature are still those of the gzip.
    pub body: Bytes,
}

impl ReceivedRequest {
    /// The approximate size in bytes.
    fn size(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.as_str().len() + value.len());
        self.target.len() + headers.sum::<usize>() + self.body.len()
    }
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
    bytes: usize,
}

impl Records {
    pub(super) fn push(&self, request: ReceivedRequest) {
        let kept = &mut *self.kept();
        kept.bytes += request.size();
        kept.requests.push_back(request);
        while kept.requests.len() > MAX_REQUESTS || kept.bytes > MAX_BYTES {
            kept.bytes -= kept.requests.pop_front().map_or(0, |oldest| oldest.size());
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

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    /// A request with that many bytes in a header and in the body.
    fn request(header: usize, body: usize) -> ReceivedRequest {
        let mut headers = HeaderMap::new();
        headers.insert("x-long", HeaderValue::try_from("x".repeat(header)).unwrap());
        let (operation, method, target) = (None, Method::POST, String::new());
        ReceivedRequest { operation, method, target, headers, body: vec![0; body].into() }
    }

    /// Adds the requests and returns the number of kept ones, which must be the latest.
    fn kept(header: usize, body: usize) -> usize {
        let records = Records::default();
        let request = request(header, body);
        for number in 0..1_100 {
            records.push(ReceivedRequest { target: format!("/{number}"), ..request.clone() });
            let kept = records.kept();
            assert!(kept.requests.len() <= MAX_REQUESTS && kept.bytes <= MAX_BYTES);
        }
        let all = records.all();
        assert_eq!(all.last().unwrap().target, "/1099");
        assert_eq!(all.first().unwrap().target, format!("/{}", 1_100 - all.len()));
        assert_eq!(records.kept().bytes, all.iter().map(ReceivedRequest::size).sum::<usize>());
        records.clear();
        assert_eq!(records.kept().bytes, 0);
        all.len()
    }

    #[test]
    fn bounded_by_number_and_by_size() {
        assert_eq!(kept(10, 10), MAX_REQUESTS);
        assert_eq!(kept(10, 1024 * 1024), 31);
        assert_eq!(kept(1024 * 1024, 10), 31);
        let records = Records::default();
        records.push(request(10, MAX_BYTES));
        assert_eq!(records.all().len(), 0);
    }
}

//! Spans and events for `tracing`: one span per operation, one event per attempt. No bodies, no secrets.
//!
//! Without the feature, `off` replaces this module; its functions do nothing.

use std::{fmt::Display, time::Duration};

use tracing::{debug, debug_span, warn};

use crate::hook::{Attempt, AttemptReport, Outcome};

/// The span of a call.
pub(crate) struct Span(tracing::Span);

impl Span {
    pub(crate) fn new(service: &'static str, operation: &'static str, region: &str) -> Self {
        Self(debug_span!("call", service, operation, region))
    }

    /// Runs the call, or a part of it, within the span.
    pub(crate) fn within<T>(&self, call: impl FnOnce() -> T) -> T {
        self.0.in_scope(call)
    }
}

/// The event of an attempt.
pub(crate) fn attempt(attempt: &Attempt, report: &AttemptReport<'_>) {
    let (number, ms) = (attempt.number, millis(report.duration));
    let next_ms = report.next.map(millis);
    match &report.outcome {
        Outcome::Succeeded(metadata) => {
            let (status, request_id) = (metadata.status().as_u16(), metadata.request_id());
            debug!(attempt = number, ms, status, request_id, "succeeded");
        }
        Outcome::Refused(fault, metadata) => {
            let (status, request_id) = (metadata.status().as_u16(), metadata.request_id());
            let (exception, code) = (fault.exception.as_deref(), fault.code.as_deref());
            debug!(attempt = number, ms, status, request_id, exception, code, next_ms, "refused");
        }
        Outcome::Undecodable(metadata) => {
            let (status, request_id) = (metadata.status().as_u16(), metadata.request_id());
            debug!(attempt = number, ms, status, request_id, next_ms, "undecodable");
        }
        Outcome::NoResponse(error) => debug!(attempt = number, ms, next_ms, error = %error, "no response"),
        Outcome::Unsigned(error) => debug!(attempt = number, ms, error = %error, "unsigned"),
    }
}

/// The event of a corrected clock.
pub(crate) fn clock(seconds: i64) {
    warn!(seconds, "this machine's clock is off; signatures follow the service's from now on");
}

/// The event of credentials or a sign-in that could not be renewed.
pub(crate) fn not_renewed(error: &dyn Display, consequence: &'static str) {
    warn!(%error, "{consequence}");
}

/// The event of a source of credentials that failed transiently.
pub(crate) fn asked_again(error: &dyn Display, pause: Duration) {
    debug!(%error, next_ms = millis(pause), "a source of credentials failed and is retried");
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

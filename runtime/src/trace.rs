//! Spans and events for `tracing`: a span an operation, an event an attempt. No bodies, no secrets.

use std::time::Duration;

use tracing::{Span, debug, debug_span, warn};

use crate::hook::{Attempt, AttemptReport, Outcome};
use crate::identity::CredentialsError;

/// The span of a call.
pub(crate) fn span(service: &'static str, operation: &'static str, region: &str) -> Span {
    debug_span!("call", service, operation, region)
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
        Outcome::Unanswered(error) => debug!(attempt = number, ms, next_ms, error = %error, "unanswered"),
        Outcome::Unsigned(error) => debug!(attempt = number, ms, error = %error, "unsigned"),
    }
}

/// The event of a corrected clock.
pub(crate) fn clock(seconds: i64) {
    warn!(seconds, "this machine's clock is off; signatures follow the service's from now on");
}

/// The event of credentials that could not be refreshed.
pub(crate) fn old_credentials(error: &CredentialsError, is_valid: bool) {
    if is_valid {
        warn!(%error, "credentials could not be refreshed; the cached ones are still valid");
    } else {
        warn!(%error, "expired credentials are used because there are no newer ones; the service decides whether to accept them");
    }
}

/// The event of a source of credentials that failed transiently.
#[cfg(any(feature = "instance", feature = "sso"))]
pub(crate) fn asked_again(error: &CredentialsError, pause: Duration) {
    debug!(%error, next_ms = millis(pause), "a source of credentials failed and is retried");
}

/// The event of a sign-in that is valid, and could not be renewed.
#[cfg(feature = "sso")]
pub(crate) fn not_renewed(error: &CredentialsError) {
    warn!(%error, "the sign-in could not be renewed; it is still valid");
}

/// The event of a renewed sign-in whose file cannot be written.
#[cfg(feature = "sso")]
pub(crate) fn not_written(error: &std::io::Error) {
    warn!(%error, "the renewed sign-in could not be written to its file, and is kept in memory");
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

//! Spans and events for `tracing`. No bodies, no queries, no secrets.
//!
//! A span per call, a span per attempt within it, and an event at the end of each attempt, with the names of
//! OpenTelemetry's semantic conventions 1.44 for RPC and HTTP clients. The guide to logging lists all fields.
//! `tracing-opentelemetry` sets name, kind and status of a span from the fields `otel.…`.
//!
//! Without the feature, `off` replaces this module; its functions do nothing.

use std::{
    fmt::{self, Display},
    future::poll_fn,
    pin::Pin,
    time::Duration,
};

use http::{Method, Uri};
use tracing::{
    debug, debug_span,
    field::{Empty, display},
    warn,
};

use crate::{
    hook::{Attempt, AttemptReport, Outcome},
    service::ServiceInfo,
    vendor::Vendor,
};

/// A request's destination and operation, as spans name them.
pub(crate) struct Traced<'a> {
    pub(crate) service: &'static ServiceInfo,
    pub(crate) operation: &'static str,
    /// Whether the operation is a method of HTTP, and the service an API of its user.
    pub(crate) is_api: bool,
    pub(crate) method: &'a Method,
    pub(crate) address: &'a Uri,
    pub(crate) region: &'a str,
}

/// The span of a call or an attempt, if it is enabled. Without it, events belong to the surrounding span.
#[derive(Default)]
pub(crate) struct Span(Option<Box<Enabled>>);

/// Boxed, since calls that are awaited contain two of them.
struct Enabled {
    span: tracing::Span,
    vendor: Vendor,
}

impl Span {
    /// The span of a call.
    pub(crate) fn of_call(call: &Traced<'_>) -> Self {
        let Traced { service, operation, is_api, method, address, region } = *call;
        let vendor = service.auth.vendor();
        let span = debug_span!(
            "call",
            otel.name = Empty,
            otel.kind = "client",
            otel.status_code = Empty,
            rpc.system.name = Empty,
            rpc.system = Empty,
            rpc.service = Empty,
            rpc.method = Empty,
            http.request.method = Empty,
            server.address = address.host(),
            server.port = port(address),
            cloud.region = Some(region).filter(|region| !region.is_empty()),
            http.response.status_code = Empty,
            aws.request_id = Empty,
            request_id = Empty,
            "error.type" = Empty,
        );
        if is_api {
            span.record("otel.name", operation);
            span.record("http.request.method", method.as_str());
        } else {
            let system = match vendor {
                Vendor::Aws => "aws-api",
                Vendor::AlibabaCloud => "alibaba-cloud-api",
            };
            let name = display(FullName(service.settings_id, operation));
            span.record("otel.name", &name);
            span.record("rpc.system.name", system);
            span.record("rpc.system", system);
            span.record("rpc.service", service.settings_id);
            span.record("rpc.method", &name);
        }
        Self::enabled(span, vendor)
    }

    /// The span of an attempt within the call's.
    pub(crate) fn of_attempt(call: &Traced<'_>, number: u32) -> Self {
        let span = debug_span!(
            "attempt",
            otel.name = call.method.as_str(),
            otel.kind = "client",
            otel.status_code = Empty,
            http.request.method = call.method.as_str(),
            http.request.resend_count = Some(number - 1).filter(|earlier| *earlier > 0),
            server.address = call.address.host(),
            server.port = port(call.address),
            http.response.status_code = Empty,
            aws.request_id = Empty,
            request_id = Empty,
            "error.type" = Empty,
        );
        Self::enabled(span, call.service.auth.vendor())
    }

    fn enabled(span: tracing::Span, vendor: Vendor) -> Self {
        Self((!span.is_disabled()).then(|| Box::new(Enabled { span, vendor })))
    }

    /// Runs a part of the call or attempt within its span.
    pub(crate) fn within<T>(&self, part: impl FnOnce() -> T) -> T {
        match &self.0 {
            Some(enabled) => enabled.span.in_scope(part),
            None => part(),
        }
    }

    /// Awaits the call or attempt within its span.
    pub(crate) fn around<'a, F: Future + Unpin + 'a>(
        &'a self,
        mut part: F,
    ) -> impl Future<Output = F::Output> + 'a {
        poll_fn(move |cx| self.within(|| Pin::new(&mut part).poll(cx)))
    }

    /// Records how the call or attempt ended.
    pub(crate) fn end(&self, outcome: &Outcome<'_>) {
        let Some(enabled) = &self.0 else { return };
        let Enabled { span, vendor } = &**enabled;
        let metadata = match outcome {
            Outcome::Succeeded(metadata) | Outcome::Refused(_, metadata) | Outcome::Undecodable(metadata) => {
                Some(metadata)
            }
            _ => None,
        };
        if let Some(metadata) = metadata {
            span.record("http.response.status_code", metadata.status().as_u16());
            let name = if *vendor == Vendor::Aws { "aws.request_id" } else { "request_id" };
            span.record(name, metadata.request_id());
        }
        if let Some(kind) = ErrorType::of(outcome) {
            span.record("error.type", display(kind));
            span.record("otel.status_code", "ERROR");
        }
    }
}

struct FullName(&'static str, &'static str);

impl Display for FullName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.0, self.1)
    }
}

/// The value of `error.type`.
enum ErrorType<'a> {
    Name(&'a str),
    Status(u16),
    Transport(crate::wire::TransportErrorKind),
}

impl<'a> ErrorType<'a> {
    fn of(outcome: &Outcome<'a>) -> Option<Self> {
        Some(match outcome {
            Outcome::Succeeded(_) => return None,
            Outcome::Refused(fault, metadata) => {
                let mut names = [&fault.code, &fault.exception].into_iter().flatten();
                match names.find(|name| is_name(name)) {
                    Some(name) => Self::Name(name),
                    None => Self::Status(metadata.status().as_u16()),
                }
            }
            Outcome::Undecodable(_) => Self::Name("Undecodable"),
            Outcome::NoResponse(error) => Self::Transport(error.kind()),
            Outcome::Unsigned(_) => Self::Name("Credentials"),
            Outcome::Stopped(_) => Self::Name("Hook"),
        })
    }
}

/// Whether a text is a name, of which services have few, and not a sentence.
fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-' | b':');
    (1..=80).contains(&text.len()) && text.bytes().all(fits)
}

impl Display for ErrorType<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => f.write_str(name),
            Self::Status(status) => status.fmt(f),
            Self::Transport(kind) => fmt::Debug::fmt(kind, f),
        }
    }
}

fn port(uri: &Uri) -> u16 {
    uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 })
}

/// The event of an attempt.
pub(crate) fn attempt(attempt: &Attempt, report: &AttemptReport<'_>) {
    let (number, ms) = (attempt.number, millis(report.duration));
    let next_ms = report.next.map(millis);
    match &report.outcome {
        Outcome::Succeeded(metadata) => {
            let (status, request_id) = (metadata.status().as_u16(), metadata.request_id());
            debug!(attempt = number, ms, http.response.status_code = status, request_id, "succeeded");
        }
        Outcome::Refused(fault, metadata) => {
            let (status, request_id) = (metadata.status().as_u16(), metadata.request_id());
            let (exception, code) = (fault.exception.as_deref(), fault.code.as_deref());
            debug!(
                attempt = number,
                ms,
                http.response.status_code = status,
                request_id,
                exception,
                code,
                next_ms,
                "refused"
            );
        }
        Outcome::Undecodable(metadata) => {
            let (status, request_id) = (metadata.status().as_u16(), metadata.request_id());
            debug!(
                attempt = number,
                ms,
                http.response.status_code = status,
                request_id,
                next_ms,
                "undecodable"
            );
        }
        Outcome::NoResponse(error) => debug!(attempt = number, ms, next_ms, error = %error, "no response"),
        Outcome::Unsigned(error) => debug!(attempt = number, ms, next_ms, error = %error, "unsigned"),
        Outcome::Stopped(error) => {
            debug!(attempt = number, ms, next_ms, error = %error.reason(), "stopped");
        }
    }
}

/// The event of a corrected clock.
pub(crate) fn clock(seconds: i64) {
    warn!(seconds, "this machine's clock is off; signatures use the service's time from now on");
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

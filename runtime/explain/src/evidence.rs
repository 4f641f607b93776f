//! Everything that an explanation needs, as plain data.

use std::{fmt, time::SystemTime};

use super::{
    kept::{self, text, without_secrets},
    request::RequestFacts,
    signature::{SignedRequest, own_clock},
    transport::TransportEvidence,
};
use crate::{
    BodyForm, ServiceInfo, identity::SourceFault, protocol::Fault, text::Labelled, time::Timestamp,
    validate::Violation,
};

/// The facts of a completed call that explain it, here or elsewhere ([`to_json`](Self::to_json)).
///
/// Evidence contains no secrets: session tokens, authorization, cookies, API keys and signatures of presigned URLs are
/// masked. The request's body is not included unless it is set.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Evidence {
    /// Title of the service: `AWS Lambda`.
    pub service: String,
    /// Identifier of the service in settings: `Storage Gateway`.
    pub service_id: String,
    /// Name of the operation.
    pub operation: String,
    /// How often the request was sent.
    pub attempts: u32,
    /// What happened, in one line.
    pub summary: String,
    /// The request's body. `None` unless it is set, because it may hold passwords.
    pub request_body: Option<String>,
    /// The correction of this machine's clock, if a service reported a difference.
    pub clock: Option<ClockEvidence>,
    /// How the call ended.
    pub outcome: Outcome,
}

/// A wrong clock that a service reported, and its correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockEvidence {
    /// Seconds that the client adds to this machine's clock when it signs. Negative if the clock is ahead.
    pub offset_seconds: i64,
    /// Whether an attempt of this call was refused because of the clock. If not, an earlier call corrected the clock.
    pub corrected: bool,
}

impl ClockEvidence {
    pub(crate) fn new(offset_seconds: i64, corrected: bool) -> Self {
        Self { offset_seconds, corrected }
    }
}

/// One line.
impl fmt::Display for ClockEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let off = own_clock(self.offset_seconds);
        let off = off.as_deref().unwrap_or("this machine's clock was off");
        write!(f, "{off}; requests are signed with the service's time")
    }
}

/// How a call ended.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// A successful response.
    Succeeded(ResponseEvidence),
    /// No client could be built: a setting is missing or invalid.
    Settings {
        /// The setting, and what is wrong with it.
        reason: String,
    },
    /// Refused before sending: the violated constraints.
    Input(Vec<Violation>),
    /// No credentials: the sources tried.
    Credentials(Vec<SourceTried>),
    /// A hook of the program stopped the call before it was signed.
    Hook {
        /// The hook's reason.
        reason: String,
    },
    /// No complete response.
    Transport(TransportEvidence),
    /// An error response.
    Service(Box<Refused>),
    /// A successful response that could not be decoded.
    Response {
        /// The response.
        response: ResponseEvidence,
        /// Why the response could not be decoded.
        reason: String,
    },
}

/// A source of credentials that has none, and why.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceTried {
    /// Name of the source.
    pub source: String,
    /// Why the source has no credentials.
    pub reason: String,
    /// The kind of reason.
    pub fault: SourceFault,
    /// Why the source failed, likeliest first. Empty if no more is known than the reason.
    pub causes: Vec<String>,
    /// What to do, in this order.
    pub remedies: Vec<String>,
}

/// An error response, and facts about the request.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Refused {
    /// The response.
    pub response: ResponseEvidence,
    /// The error that the response reports.
    pub fault: Fault,
    /// What was signed, if it is known.
    pub signed: Option<SignedRequest>,
    /// Scheme of the request's authorization: `AWS4-HMAC-SHA256`, `Bearer`; `None` if it had none.
    pub authorization_scheme: Option<String>,
    /// The request's `X-Amz-Target`.
    pub target: Option<String>,
    /// Prefixes of `X-Amz-Target` that the service accepts, such as `StorageGateway_20130630`, if they are known.
    pub accepted_targets: Vec<String>,
    /// The request's `Host`, if it may differ from the signed one.
    pub host: Option<String>,
    /// Other facts about the request.
    pub request: RequestFacts,
}

/// A response, without its secrets.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct ResponseEvidence {
    /// HTTP status.
    pub status: u16,
    /// The request id that the service assigned.
    pub request_id: Option<String>,
    /// Headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body; `None` if it is not kept.
    pub body: Option<Body>,
    /// Why the body is incomplete, in one line; `None` if it is complete.
    pub incomplete: Option<String>,
    /// When the response was received, by this machine's clock.
    pub received_at: Option<SystemTime>,
}

/// A body, or its beginning.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body {
    /// The text, at most 64 KiB, without secrets.
    pub text: String,
    /// How many bytes were received.
    pub bytes: usize,
    /// Whether the text is the complete body, unchanged.
    pub is_exact: bool,
    /// The form that the body seems to have.
    pub form: BodyForm,
}

impl Evidence {
    /// The evidence of a call, without the request's body and the clock.
    pub fn new(
        service: &ServiceInfo,
        operation: &str,
        attempts: u32,
        summary: String,
        outcome: Outcome,
    ) -> Self {
        Self {
            service: service.title.to_owned(),
            service_id: service.settings_id.to_owned(),
            operation: operation.to_owned(),
            attempts,
            summary,
            request_body: None,
            clock: None,
            outcome,
        }
    }

    /// The evidence of a call for which no client could be built.
    pub fn of_settings(service: &ServiceInfo, operation: &str, error: &impl fmt::Display) -> Self {
        let reason = text(&error.to_string());
        let summary = format!("{operation}: not sent: {reason}");
        Self::new(service, operation, 0, summary, Outcome::Settings { reason })
    }

    /// Adds the body of the request. The values of members that the model marks as sensitive are left out.
    #[must_use]
    pub fn with_request_body(mut self, service: &ServiceInfo, body: &[u8]) -> Self {
        self.request_body = Some(kept::body(body, service.sensitive_members));
        self
    }

    /// The evidence of a dynamic request that was refused before it was encoded.
    pub fn of_input(
        service: &ServiceInfo,
        operation: &str,
        summary: &str,
        violations: Vec<Violation>,
    ) -> Self {
        Self::new(service, operation, 0, text(summary), Outcome::Input(violations))
    }

    /// The evidence of a response from another source, such as a log.
    pub fn of_refused(refused: Refused, summary: impl Into<String>) -> Self {
        Self {
            service: String::new(),
            service_id: String::new(),
            operation: String::new(),
            attempts: 0,
            summary: summary.into(),
            request_body: None,
            clock: None,
            outcome: Outcome::Service(Box::new(refused)),
        }
    }
}

impl SourceTried {
    /// A source, and why it gave no credentials.
    pub fn new(source: &str, reason: &str, fault: SourceFault) -> Self {
        let (causes, remedies) = (Vec::new(), Vec::new());
        Self { source: text(source), reason: text(reason), fault, causes, remedies }
    }

    /// Adds causes and remedies of its own.
    #[must_use]
    pub fn with_advice(mut self, causes: &[String], remedies: &[String]) -> Self {
        [self.causes, self.remedies] =
            [causes, remedies].map(|lines| lines.iter().map(|line| text(line)).collect());
        self
    }
}

impl Refused {
    /// Adds what was signed, without secrets. Also sets the scheme and the target (`x-amz-target`), unless they are
    /// known or the target was not signed.
    #[must_use]
    pub fn with_signed(mut self, signed: &SignedRequest) -> Self {
        let signed = without_secrets(signed.clone());
        let canonical = signed.texts.canonical_request.as_ref();
        let target = canonical.and_then(|canonical| canonical.header("x-amz-target"));
        self.target = self.target.or_else(|| target.map(ToOwned::to_owned));
        self.authorization_scheme.get_or_insert_with(|| signed.algorithm.to_owned());
        self.signed = Some(signed);
        self
    }
}

impl ResponseEvidence {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The service's clock, from the `Date` header.
    pub fn date(&self) -> Option<SystemTime> {
        Timestamp::parse_http_date(self.header("date")?.trim()).map(Into::into)
    }
}

impl Body {
    /// The evidence of a body, masked and shortened.
    pub fn of(body: &[u8]) -> Self {
        Self::without(body, &[])
    }

    /// The evidence of a body, without the values of these members.
    pub fn without(body: &[u8], members: &[&str]) -> Self {
        let text = kept::body(body, members);
        Self { is_exact: text.as_bytes() == body, text, bytes: body.len(), form: BodyForm::of(body) }
    }
}

/// One line of evidence.
impl fmt::Display for SourceTried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Labelled(&self.source, &self.reason).fmt(f)
    }
}

/// Without the body, which may be long.
impl fmt::Debug for ResponseEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseEvidence")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .field("body", &self.body)
            .field("received_at", &self.received_at)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Body").field("bytes", &self.bytes).field("form", &self.form).finish_non_exhaustive()
    }
}

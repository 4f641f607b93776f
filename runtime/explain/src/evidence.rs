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

/// What is known of a call that ended: enough to explain it, here or elsewhere ([`to_json`](Self::to_json)).
///
/// Secrets are cut out: session tokens, authorization, cookies, API keys, signatures of presigned URLs. The request's
/// body is not in it unless it is put there.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Evidence {
    /// Name of the service that people know: `AWS Lambda`.
    pub service: String,
    /// Its identifier in settings: `Storage Gateway`.
    pub service_id: String,
    /// Name of the operation.
    pub operation: String,
    /// How often the request was sent.
    pub attempts: u32,
    /// What happened, in a line.
    pub summary: String,
    /// The request's body. `None` unless it is set by hand, for it may hold passwords.
    pub request_body: Option<String>,
    /// The correction of this machine's clock; `None` if no service reported a difference.
    pub clock: Option<ClockEvidence>,
    /// What the call ended in.
    pub outcome: Outcome,
}

/// A wrong clock that a service reported, and its correction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ClockEvidence {
    /// Seconds that the client adds when it signs; negative if this machine's clock is ahead.
    pub offset_seconds: i64,
    /// Whether an attempt of this call was refused because of the clock; otherwise an earlier call's.
    pub corrected: bool,
}

impl ClockEvidence {
    pub(crate) fn new(offset_seconds: i64, corrected: bool) -> Self {
        Self { offset_seconds, corrected }
    }
}

/// In a line.
impl fmt::Display for ClockEvidence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let off = own_clock(self.offset_seconds);
        let off = off.as_deref().unwrap_or("this machine's clock was off");
        write!(f, "{off}; requests are signed with the service's time")
    }
}

/// What a call ended in.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum Outcome {
    /// A response.
    Succeeded(Answer),
    /// No client could be built: a setting is missing or invalid.
    Settings {
        /// The setting, and what is wrong with it.
        reason: String,
    },
    /// Refused before sending: the constraints that do not hold.
    Input(Vec<Violation>),
    /// No credentials: the sources tried.
    Credentials(Vec<SourceTried>),
    /// No complete answer.
    Transport(TransportEvidence),
    /// An error that the service sent.
    Service(Box<Refused>),
    /// A successful response that could not be decoded.
    Response {
        /// The answer.
        answer: Answer,
        /// Why the response could not be decoded.
        reason: String,
    },
}

/// A source of credentials, and why it did not serve.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SourceTried {
    /// Which.
    pub source: String,
    /// Why not.
    pub reason: String,
    /// The same, as far as explanations differ.
    pub fault: SourceFault,
}

/// An error that the service sent, and what the request said of itself.
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Refused {
    /// The answer.
    pub answer: Answer,
    /// What it says.
    pub fault: Fault,
    /// What was signed, where that is known.
    pub signed: Option<SignedRequest>,
    /// How the request authorized itself: `AWS4-HMAC-SHA256`, `Bearer`; `None` where it did not.
    pub authorization_scheme: Option<String>,
    /// The request's `X-Amz-Target`.
    pub target: Option<String>,
    /// Prefixes of `X-Amz-Target` that the service accepts, such as `StorageGateway_20130630`, if they are known.
    pub accepted_targets: Vec<String>,
    /// The request's `Host`, where it may not be the one that was signed.
    pub host: Option<String>,
    /// What else is known of the request.
    pub request: RequestFacts,
}

/// An answer, without its secrets.
#[derive(Clone, Default, PartialEq)]
#[non_exhaustive]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The id that the service gave the request.
    pub request_id: Option<String>,
    /// Headers, in their order.
    pub headers: Vec<(String, String)>,
    /// The body; `None` where it is not kept.
    pub body: Option<Body>,
    /// Why the body is incomplete, in one line; `None` if it is complete.
    pub incomplete: Option<String>,
    /// When it came, by this machine's clock.
    pub received_at: Option<SystemTime>,
}

/// A body, or its beginning.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Body {
    /// Its text, at most 64 KiB, without secrets.
    pub text: String,
    /// How many bytes came.
    pub bytes: usize,
    /// Whether the text is all of it, as it came.
    pub is_exact: bool,
    /// What it seems to be.
    pub form: BodyForm,
}

impl Evidence {
    /// The evidence of a call of a service's operation; without the request's body and the clock.
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

    /// With the body of the request, without the values of members that the service's model marks as sensitive.
    #[must_use]
    pub fn with_request_body(mut self, service: &ServiceInfo, body: &[u8]) -> Self {
        self.request_body = Some(kept::body(body, service.sensitive_members));
        self
    }

    /// A request that was refused before it had become one.
    pub fn of_input(
        service: &ServiceInfo,
        operation: &str,
        summary: &str,
        violations: Vec<Violation>,
    ) -> Self {
        Self::new(service, operation, 0, text(summary), Outcome::Input(violations))
    }

    /// An answer that was come by otherwise, such as one pasted from a log.
    pub fn of_answer(refused: Refused, summary: impl Into<String>) -> Self {
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
        Self { source: text(source), reason: text(reason), fault }
    }
}

impl Refused {
    /// With the names of the headers: clients sign all but these two.
    pub(crate) fn with_own_names(mut self, signed: &SignedRequest) -> Self {
        let headers = signed.texts.canonical_request.iter().flat_map(|canonical| &canonical.headers);
        let names = headers.map(|(name, _)| name.clone());
        let names: Vec<_> = names.chain(["authorization".to_owned(), "user-agent".to_owned()]).collect();
        self.request.header_names = Some(names);
        self
    }

    /// With what was signed, its secrets cut out; it also tells the scheme and, where that was signed, the target.
    #[must_use]
    pub fn with_signed(mut self, signed: &SignedRequest) -> Self {
        let signed = without_secrets(signed);
        let canonical = signed.texts.canonical_request.as_ref();
        let target = canonical.and_then(|canonical| canonical.header("x-amz-target"));
        self.target = self.target.or_else(|| target.map(ToOwned::to_owned));
        self.authorization_scheme.get_or_insert_with(|| signed.algorithm.to_owned());
        self.signed = Some(signed);
        self
    }
}

impl Answer {
    /// The first header of this name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.headers.iter();
        headers.find(|(header, _)| header.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The service's clock.
    pub fn date(&self) -> Option<SystemTime> {
        Timestamp::parse_http_date(self.header("date")?.trim()).map(Into::into)
    }
}

impl Body {
    /// What to keep of a body.
    pub fn of(body: &[u8]) -> Self {
        Self::without(body, &[])
    }

    /// The same without the values of these members.
    pub fn without(body: &[u8], members: &[&str]) -> Self {
        let text = kept::body(body, members);
        Self { is_exact: text.as_bytes() == body, text, bytes: body.len(), form: BodyForm::of(body) }
    }
}

/// In a line of evidence.
impl fmt::Display for SourceTried {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Labelled(&self.source, &self.reason).fmt(f)
    }
}

/// Without the body, which may be long.
impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Answer")
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

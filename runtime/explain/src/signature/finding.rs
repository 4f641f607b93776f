//! The finding about a refused signature.

use std::{fmt, time::SystemTime};

use super::verdict::{Hint, Verdict};

/// Why a signature was refused, with all details. No field holds a secret.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The reason.
    pub verdict: Verdict,
    /// A detail that makes the verdict more precise.
    pub hint: Option<Hint>,
    /// Every line in which the two sides differ, in order of precedence. The first decides.
    pub differences: Vec<Difference>,
    /// The two clocks, if they matter.
    pub clock: Option<Clock>,
    /// Parts of the credential scope that the service does not accept.
    pub scope: Vec<ScopeFault>,
    /// Parts that the authorization lacks: `host in SignedHeaders`.
    pub missing: Vec<String>,
    /// Parts of the authorization that cannot be read, as sentences.
    pub unreadable: Vec<&'static str>,
    /// Pairs of the query that were signed and did not arrive, secrets masked.
    pub missing_at_server: Vec<String>,
    /// Pairs of the query that arrived and were not signed, secrets masked.
    pub added_at_server: Vec<String>,
    /// The first parameter of the query that differs.
    pub parameter: Option<String>,
    /// The reason for a verdict about credentials.
    pub because: Option<&'static str>,
    /// Possible reasons, likeliest first, if the evidence fits several.
    pub candidates: Vec<Candidate>,
    /// What to check first if only the secret can be wrong.
    pub check_first: Vec<Hint>,
    /// Prefixes of `x-amz-target` that the service knows.
    pub accepted: Vec<String>,
    /// Whether the response shows that the signature itself is not the problem.
    pub signature_ok: bool,
    /// Why the next attempt will be refused, once this fault is fixed.
    pub next_fault: Option<NextFault>,
}

impl Finding {
    pub(super) fn new(verdict: Verdict) -> Self {
        Self {
            verdict,
            hint: None,
            differences: Vec::new(),
            clock: None,
            scope: Vec::new(),
            missing: Vec::new(),
            unreadable: Vec::new(),
            missing_at_server: Vec::new(),
            added_at_server: Vec::new(),
            parameter: None,
            because: None,
            candidates: Vec::new(),
            check_first: Vec::new(),
            accepted: Vec::new(),
            signature_ok: false,
            next_fault: None,
        }
    }

    /// The signed header that the verdict is about.
    pub fn header(&self) -> Option<&str> {
        match &self.differences.first()?.what {
            Part::Header(name) => Some(name),
            Part::Host => Some("host"),
            _ => None,
        }
    }
}

/// A possible reason of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Candidate {
    /// Why a signature was refused.
    Verdict(Verdict),
    /// The request had no signature.
    RequestNotSigned,
    /// The deployed stage has no such path or method.
    NoSuchResourceOrMethod,
    /// The path lacks the stage, or repeats it.
    StageMissingInPath,
    /// A proxy removed the `Authorization` header.
    AuthorizationRemovedOnTheWay,
}

impl Candidate {
    /// The identifier, in snake case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Verdict(verdict) => verdict.as_str(),
            Self::RequestNotSigned => "request_not_signed",
            Self::NoSuchResourceOrMethod => "no_such_resource_or_method",
            Self::StageMissingInPath => "stage_missing_in_path",
            Self::AuthorizationRemovedOnTheWay => "authorization_removed_on_the_way",
        }
    }

    /// The verdict, if the candidate is one.
    pub(super) fn verdict(self) -> Option<Verdict> {
        if let Self::Verdict(verdict) = self { Some(verdict) } else { None }
    }
}

/// A line that differs between what was signed and what the service computed. Secrets are masked.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The line.
    pub what: Part,
    /// What it means.
    pub verdict: Verdict,
    /// A detail that makes the verdict more precise.
    pub hint: Option<Hint>,
    /// As signed here; `None` if there is no such line.
    pub ours: Option<String>,
    /// As the service has it. `None` if it has no such line, or does not show it.
    pub theirs: Option<String>,
}

/// A line of the texts that are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Part {
    /// Line 1 of the string to sign.
    Algorithm,
    /// Line 2 of the string to sign.
    Time,
    /// Line 3 of the string to sign.
    Scope,
    /// Line 1 of the canonical request.
    Method,
    /// Line 2 of the canonical request.
    Path,
    /// Line 3 of the canonical request.
    Query,
    /// The names of the signed headers.
    HeaderNames,
    /// The value of `host`.
    Host,
    /// The value of another header.
    Header(String),
    /// The order and writing of the header lines.
    HeaderLines,
    /// The empty line after the headers.
    EmptyLine,
    /// The hash of the payload.
    Payload,
    /// The last line of the string to sign. Only if no other line is more specific.
    CanonicalHash,
    /// The service's part of `x-amz-target`.
    Target,
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Header(name) => return write!(f, "header {name}"),
            Self::Algorithm => "algorithm",
            Self::Time => "time",
            Self::Scope => "credential scope",
            Self::Method => "method",
            Self::Path => "path",
            Self::Query => "query",
            Self::HeaderNames => "signed header names",
            Self::Host => "host",
            Self::HeaderLines => "header lines",
            Self::EmptyLine => "empty line after the headers",
            Self::Payload => "payload hash",
            Self::CanonicalHash => "hash of the canonical request",
            Self::Target => "target",
        })
    }
}

/// This machine's clock and the service's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Clock {
    /// The service's time minus the signature's time.
    pub skew_seconds: Option<i64>,
    /// The service's clock minus this machine's, when the response was received.
    pub offset_seconds: Option<i64>,
    /// Whether the signature's time is before or after the service's clock.
    pub client_is: Option<Side>,
    /// The difference that the service accepts.
    pub allowed_seconds: Option<u64>,
    /// The service's time.
    pub server_time: Option<SystemTime>,
    /// The age of the signature, if that is the fault.
    pub age_seconds: Option<i64>,
    /// Whether this machine's clock agrees with the service's; `None` if unknown.
    pub client_clock_ok: Option<bool>,
}

/// Before or after the service's clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Side {
    /// Earlier than the service.
    Behind,
    /// Later than the service.
    Ahead,
}

impl Side {
    /// `behind` or `ahead`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Behind => "behind",
            Self::Ahead => "ahead",
        }
    }
}

/// A part of the credential scope that the service does not accept.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ScopeFault {
    /// The part.
    pub field: ScopeField,
    /// As signed.
    pub ours: Option<String>,
    /// As the service expects it, if it says so.
    pub theirs: Option<String>,
}

/// A part of the credential scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ScopeField {
    /// `us-east-2`.
    Region,
    /// `storagegateway`.
    Service,
    /// `20120910`.
    Date,
    /// `aws4_request`.
    Terminator,
    /// The number of parts.
    Shape,
}

impl ScopeField {
    /// The name, in lower case.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Region => "region",
            Self::Service => "service",
            Self::Date => "date",
            Self::Terminator => "terminator",
            Self::Shape => "shape",
        }
    }
}

/// Why the next attempt will be refused, if only the present fault is fixed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NextFault {
    /// The reason.
    pub verdict: Verdict,
    /// As signed.
    pub ours: String,
    /// As sent.
    pub sent: String,
}

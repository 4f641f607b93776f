//! Classification of failures, for further attempts.

use std::time::{Duration, SystemTime};

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};

use super::clock;
use crate::{
    Category,
    known::{KnownBy, KnownError, category},
    protocol::Fault,
    retry::{Classification, RetryKind},
    time::Timestamp,
    transport::{Reached, TransportError},
};

/// The consequences of a failure for further attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) retry: Retry,
    /// The service cannot have executed the request.
    pub(crate) not_executed: bool,
    /// The delay that the service asks for.
    pub(crate) retry_after: Option<Duration>,
}

/// The kind of failure that another attempt may overcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// No further attempt helps.
    Never,
    /// A reused connection had been closed: a new connection helps.
    Stale,
    /// The signature's time was refused, and is now corrected.
    Clock,
    /// A transient failure.
    Transient,
    /// Throttling.
    Throttling,
}

impl Retry {
    fn kind(self) -> RetryKind {
        match self {
            Self::Never | Self::Clock => RetryKind::Never,
            Self::Stale | Self::Transient => RetryKind::Transient,
            Self::Throttling => RetryKind::Throttling,
        }
    }
}

impl Verdict {
    /// No further attempt helps.
    pub(crate) const FINAL: Self = Self { retry: Retry::Never, not_executed: true, retry_after: None };
    /// A successful response that cannot be decoded: the operation was executed, and its result is lost.
    pub(crate) const GARBAGE: Self = Self { retry: Retry::Transient, not_executed: false, retry_after: None };

    /// The signature's time was refused, and the clock has been corrected.
    pub(crate) const CLOCK: Self = Self { retry: Retry::Clock, not_executed: true, retry_after: None };

    /// Classifies a transport failure. A service that stops during a request looks like a service that had closed the
    /// connection before: only a request that was not completely sent has certainly not been executed.
    pub(crate) fn of_transport(error: &TransportError) -> Self {
        let retry = if !error.may_pass() {
            Retry::Never
        } else if matches!(error.reached(), Reached::StaleConnection | Reached::StaleUnsent) {
            Retry::Stale
        } else {
            Retry::Transient
        };
        let not_executed = matches!(error.reached(), Reached::NotSent | Reached::StaleUnsent);
        Self { retry, not_executed, retry_after: None }
    }

    /// Classifies an error response: by the known error, or else by the status.
    ///
    /// A throttled request was not executed. A message proves that only if it reports nothing else: a longer one may be
    /// about a part of the operation.
    pub(crate) fn of_service(
        known: Option<KnownError>,
        status: StatusCode,
        retry_after: Option<Duration>,
    ) -> Self {
        let retry = match category(known, status.as_u16()) {
            Some(Category::Throttling) => Retry::Throttling,
            Some(Category::Transient) => Retry::Transient,
            _ => Retry::Never,
        };
        let is_certain = known.is_none_or(|known| known.by != KnownBy::MessagePart)
            || status == StatusCode::TOO_MANY_REQUESTS;
        let not_executed =
            retry == Retry::Throttling && is_certain || status == StatusCode::SERVICE_UNAVAILABLE;
        Self { retry, not_executed, retry_after }
    }

    /// The verdict as programs see it: a closed connection is one of the transient failures.
    pub(crate) fn usual(self) -> Classification {
        let usual = match self.retry.kind() {
            RetryKind::Transient => Classification::transient(),
            RetryKind::Throttling => Classification::throttling(),
            _ => Classification::never(),
        };
        usual.with(self.not_executed, self.retry_after)
    }

    /// The verdict after a program has classified the failure. What it keeps stays more exact than it can say.
    pub(crate) fn classified(self, by: Classification) -> Self {
        let retry = match by.kind() {
            kind if kind == self.retry.kind() => self.retry,
            RetryKind::Transient => Retry::Transient,
            RetryKind::Throttling => Retry::Throttling,
            RetryKind::Never => Retry::Never,
        };
        Self { retry, not_executed: by.is_not_executed(), retry_after: by.requested_delay() }
    }

    /// Adjusts the verdict for responses that may come from a server behind the service: neither status nor message
    /// proves that nothing was executed there.
    pub(crate) fn passed_on(self, known: Option<KnownError>, status: StatusCode) -> Self {
        let by_message = known.is_some_and(|known| {
            matches!(known.by, KnownBy::CodeMessage | KnownBy::Message | KnownBy::MessagePart)
        });
        let is_proof = status != StatusCode::SERVICE_UNAVAILABLE
            && (!by_message || status == StatusCode::TOO_MANY_REQUESTS);
        Self { not_executed: self.not_executed && is_proof, ..self }
    }
}

/// Whether a wrong clock may be the cause of an error.
pub(super) fn may_be_the_clock(known: Option<KnownError>, fault: &Fault) -> bool {
    let by_name = |name: &String| {
        matches!(
            name.as_str(),
            "AuthFailure"
                | "InvalidSignature"
                | "InvalidSignatureException"
                | "RequestExpired"
                | "RequestInTheFuture"
                | "RequestTimeTooSkewed"
                | "SignatureDoesNotMatch"
        )
    };
    let by_names = [&fault.code, &fault.exception].into_iter().flatten().any(by_name);
    by_names || known.is_some_and(|known| known.category == Category::Clock)
}

/// The delay that the service asks for: `x-amz-retry-after` or `x-acs-retry-after` in milliseconds, else `Retry-After`
/// in seconds or as a date (RFC 9110, 10.2.3). Other values are ignored.
pub(super) fn retry_after(headers: &HeaderMap, local: SystemTime) -> Option<Duration> {
    let number = |text: &str| text.trim().parse().ok();
    let in_millis = ["x-amz-retry-after", "x-acs-retry-after"];
    if let Some(millis) = in_millis.iter().find_map(|name| headers.get(*name)) {
        return millis.to_str().ok().and_then(number).map(Duration::from_millis);
    }
    let wish = headers.get(RETRY_AFTER)?.to_str().ok()?;
    number(wish).map(Duration::from_secs).or_else(|| {
        let moment = Timestamp::parse_http_date(wish.trim())?;
        let now = clock::date(headers).unwrap_or(local);
        Some(SystemTime::from(moment).duration_since(now).unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{ServiceInfo, WireError, sign::Auth};

    #[test]
    fn verdicts_follow_model_then_names_then_status() {
        static CODES: &[WireError] = &[
            WireError::new("Busy", Category::Transient, 0, "", &[], &[]),
            WireError::new("NoDisk", Category::Client, 0, "", &[], &[]),
        ];
        static EXCEPTIONS: &[WireError] = &[
            WireError::new("BadRequest", Category::Client, 400, "", &[], &[]),
            WireError::new("ServerError", Category::Transient, 500, "", &[], &[]),
            WireError::new("Throttled", Category::Throttling, 400, "", &[], &[]),
        ];
        static RULES: crate::endpoint::EndpointRules = crate::endpoint::EndpointRules::new(&[], &[]);
        static FAMILIES: &[WireError] = &[
            WireError::new("Slow", Category::Client, 0, "", &[], &[]),
            WireError::new("SlowDown", Category::Throttling, 0, "", &[], &[]),
        ];
        static SERVICE: ServiceInfo =
            ServiceInfo::new("", "", "", Auth::sigv4(""), &RULES, EXCEPTIONS, CODES)
                .with_error_families(FAMILIES);
        let fault = |exception: &str, code: &str| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            Fault::new(some(exception), None).with_code(some(code))
        };
        let of = |fault: &Fault, status: u16| {
            let known = KnownError::find(Some(&SERVICE), fault, status, None);
            (known, StatusCode::from_u16(status).unwrap())
        };
        let verdict = |exception: &str, code: &str, status: u16| {
            let (known, status) = of(&fault(exception, code), status);
            let verdict = Verdict::of_service(known, status, None);
            (verdict.retry, verdict.not_executed)
        };
        assert_eq!(verdict("BadRequest", "Busy", 400), (Retry::Transient, false));
        assert_eq!(verdict("BadRequest", "Other", 400), (Retry::Never, false));
        assert_eq!(verdict("BadRequest", "SlowDown.User", 400), (Retry::Throttling, true));
        assert_eq!(verdict("ServerError", "SlowUser", 500), (Retry::Never, false));
        assert_eq!(verdict("ServerError", "NoDisk", 500), (Retry::Never, false));
        assert_eq!(verdict("ServerError", "Other", 500), (Retry::Transient, false));
        assert_eq!(verdict("Throttled", "", 400), (Retry::Throttling, true));
        assert_eq!(verdict("SlowDown", "", 400), (Retry::Throttling, true));
        assert_eq!(verdict("", "ThrottlingException", 400), (Retry::Throttling, true));
        assert_eq!(verdict("BadRequest", "ThrottlingException", 400), (Retry::Throttling, true));
        assert_eq!(verdict("Strange", "ThrottlingException", 400), (Retry::Throttling, true));
        assert_eq!(verdict("ns#Throttled:uri", "Strange", 400), (Retry::Throttling, true));
        assert_eq!(verdict("", "", 429), (Retry::Throttling, true));
        assert_eq!(verdict("", "", 502), (Retry::Transient, false));
        assert_eq!(verdict("", "", 503), (Retry::Transient, true));
        assert_eq!(verdict("Strange", "", 403), (Retry::Never, false));

        // A message counts if no name is known, and proves only what it reports by itself.
        let verdict = |exception: &str, message: &str, status: u16| {
            let mut fault = fault(exception, "");
            fault.message = Some(message.to_owned());
            let (known, status) = of(&fault, status);
            let verdict = Verdict::of_service(known, status, None);
            (verdict.retry, verdict.not_executed, verdict.passed_on(known, status).not_executed)
        };
        assert_eq!(verdict("Strange", "Rate exceeded", 400), (Retry::Throttling, true, false));
        assert_eq!(verdict("", "Rate exceeded.", 429), (Retry::Throttling, true, true));
        assert_eq!(verdict("", "2 of 3 done: rate exceeded", 400), (Retry::Throttling, false, false));
        assert_eq!(verdict("BadRequest", "Rate exceeded", 400), (Retry::Never, false, false));
        assert_eq!(verdict("", "Volume limit exceeded", 400), (Retry::Never, false, false));
        assert_eq!(verdict("", "Service Unavailable", 400), (Retry::Transient, false, false));
        assert_eq!(verdict("", "Service Unavailable", 503), (Retry::Transient, true, false));
        assert_eq!(verdict("", "Access denied", 400), (Retry::Never, false, false));
        assert_eq!(verdict("", "Access denied", 500), (Retry::Transient, false, false));
    }

    #[track_caller]
    fn check_wish(headers: &[(&'static str, &str)], expected: Option<u64>) {
        let headers = headers.iter().map(|(name, value)| {
            (http::HeaderName::from_static(name), http::HeaderValue::from_str(value).unwrap())
        });
        let wish = retry_after(&headers.collect(), SystemTime::UNIX_EPOCH);
        assert_eq!(wish, expected.map(Duration::from_millis));
    }

    #[test]
    fn wishes_of_the_service() {
        check_wish(&[], None);
        check_wish(&[("x-amz-retry-after", "1500")], Some(1500));
        check_wish(&[("x-amz-retry-after", "-1")], None);
        check_wish(&[("x-acs-retry-after", "1500"), ("retry-after", "2")], Some(1500));
        check_wish(&[("x-amz-retry-after", "soon"), ("retry-after", "2")], None);
        check_wish(&[("x-amz-retry-after", "5"), ("retry-after", "2")], Some(5));
        check_wish(&[("retry-after", " 2 ")], Some(2000));
        check_wish(&[("retry-after", "-2")], None);
        check_wish(&[("retry-after", "99999999999999999999")], None);
        check_wish(&[("retry-after", "Thu, 01 Jan 1970 00:00:07 GMT")], Some(7000));
        let date = ("date", "Thu, 01 Jan 1970 00:00:05 GMT");
        check_wish(&[date, ("retry-after", "Thu, 01 Jan 1970 00:00:07 GMT")], Some(2000));
        check_wish(&[date, ("retry-after", "Thu, 01 Jan 1970 00:00:01 GMT")], Some(0));
    }
}

//! What a failure means for further attempts.

use std::{
    error::Error as StdError,
    io,
    time::{Duration, SystemTime},
};

use http::{HeaderMap, StatusCode, header::RETRY_AFTER};

use super::clock;
use crate::{
    Category, ServiceInfo, WireError,
    explain::{answers, common},
    protocol::Fault,
    time::Timestamp,
    transport::{Reached, Response, TransportError, TransportErrorKind},
};

/// What a failure means for further attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) retry: Retry,
    /// The service cannot have executed the request.
    pub(crate) not_executed: bool,
    /// The service's own wish.
    pub(crate) retry_after: Option<Duration>,
}

/// Why a further attempt may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// It does not.
    Never,
    /// A kept connection had been closed: a fresh one is all it takes.
    Stale,
    /// The signature's time was refused, and is right now.
    Clock,
    /// Passing trouble.
    Transient,
    /// Too many requests.
    Throttling,
}

impl Verdict {
    /// No further attempt helps.
    pub(crate) const FINAL: Self = Self { retry: Retry::Never, not_executed: true, retry_after: None };
    /// A success that cannot be understood: executed, and its answer lost on the way.
    pub(crate) const GARBAGE: Self = Self { retry: Retry::Transient, not_executed: false, retry_after: None };

    /// The signature's time was refused, and the clock has been corrected.
    pub(crate) const CLOCK: Self = Self { retry: Retry::Clock, not_executed: true, retry_after: None };

    /// Of a failed transport. A service that ended amid a request looks like one that had closed the connection before:
    /// only what was never wholly sent is certain not to have been executed.
    pub(crate) fn of_transport(error: &TransportError) -> Self {
        let retry = match error.kind() {
            TransportErrorKind::Request
            | TransportErrorKind::OperationTimeout
            | TransportErrorKind::TooLarge => Retry::Never,
            // A handshake that broke off may succeed the next time; a certificate that was refused stays so.
            TransportErrorKind::Tls if !error.source().is_some_and(<dyn StdError>::is::<io::Error>) => {
                Retry::Never
            }
            _ if error.reached() == Reached::StaleConnection => Retry::Stale,
            _ => Retry::Transient,
        };
        Self { retry, not_executed: error.reached() == Reached::NotSent, retry_after: None }
    }

    /// Of an error that the service sent: by its category, else by the status.
    pub(crate) fn of_service(
        category: Option<Category>,
        status: StatusCode,
        retry_after: Option<Duration>,
    ) -> Self {
        let retry = category.and_then(by_category).unwrap_or_else(|| by_status(status));
        let not_executed = retry == Retry::Throttling || status == StatusCode::SERVICE_UNAVAILABLE;
        Self { retry, not_executed, retry_after }
    }
}

/// What an answer with an error means: as the model knows such answers, else by the error's names.
pub(super) fn category_of(
    service: &'static ServiceInfo,
    response: &Response,
    fault: &Fault,
) -> Option<Category> {
    answers::category(service, response, fault).or_else(|| category(service, fault))
}

/// What an error means: the model's category of the code, else of the exception, then that of the names that AWS
/// services share.
fn category(service: &ServiceInfo, fault: &Fault) -> Option<Category> {
    let code = fault.code.as_deref().and_then(|code| service.error_code(code));
    let exception = fault.exception.as_deref();
    let known = code
        .or_else(|| exception.and_then(|name| WireError::find(service.exceptions, name)))
        .or_else(|| name(fault).and_then(common::find));
    known.map(|known| known.category)
}

/// What an error is called: a protocol without exceptions has codes only.
fn name(fault: &Fault) -> Option<&str> {
    fault.exception.as_deref().or(fault.code.as_deref())
}

/// Whether an error may come from a clock that is off.
pub(super) fn may_be_the_clock(category: Option<Category>, fault: &Fault) -> bool {
    let by_name = |name| {
        matches!(
            name,
            "AuthFailure"
                | "InvalidSignature"
                | "InvalidSignatureException"
                | "RequestExpired"
                | "RequestInTheFuture"
                | "RequestTimeTooSkewed"
                | "SignatureDoesNotMatch"
        )
    };
    category == Some(Category::Clock) || name(fault).is_some_and(by_name)
}

/// The service's wish for the next attempt: `x-amz-retry-after` or `x-acs-retry-after` in milliseconds, else
/// `Retry-After` in seconds or as a date (RFC 9110, 10.2.3). What is none of these is no wish.
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

fn by_category(category: Category) -> Option<Retry> {
    match category {
        Category::Throttling => Some(Retry::Throttling),
        Category::Transient => Some(Retry::Transient),
        Category::Auth | Category::Client | Category::Clock => Some(Retry::Never),
        Category::Server => None,
    }
}

fn by_status(status: StatusCode) -> Retry {
    match status.as_u16() {
        429 => Retry::Throttling,
        500 | 502 | 503 | 504 => Retry::Transient,
        _ => Retry::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sign::Auth;

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
        let service = ServiceInfo::new("", "", "", Auth::sigv4(""), &RULES, EXCEPTIONS, CODES)
            .with_error_families(FAMILIES);
        let verdict = |exception: &str, code: &str, status: u16| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let fault = Fault { exception: some(exception), code: some(code), ..Fault::default() };
            let status = StatusCode::from_u16(status).unwrap();
            let verdict = Verdict::of_service(category(&service, &fault), status, None);
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
        assert_eq!(verdict("BadRequest", "ThrottlingException", 400), (Retry::Never, false));
        assert_eq!(verdict("", "", 429), (Retry::Throttling, true));
        assert_eq!(verdict("", "", 502), (Retry::Transient, false));
        assert_eq!(verdict("", "", 503), (Retry::Transient, true));
        assert_eq!(verdict("Strange", "", 403), (Retry::Never, false));
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

//! What a failure means for further attempts.

use std::time::Duration;

use crate::{
    Category, ServiceInfo, WireError,
    protocol::Fault,
    transport::{Reached, TransportError, TransportErrorKind},
};

/// What a failure means for further attempts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) retry: Retry,
    /// The service cannot have executed the request.
    pub(crate) not_executed: bool,
    /// The service's own wish, from `x-amz-retry-after` (milliseconds).
    pub(crate) retry_after: Option<Duration>,
}

/// Why a further attempt may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// It does not.
    Never,
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

    /// Of a failed transport.
    pub(crate) fn of_transport(error: &TransportError) -> Self {
        let retry = match error.kind() {
            TransportErrorKind::Request
            | TransportErrorKind::Tls
            | TransportErrorKind::OperationTimeout
            | TransportErrorKind::TooLarge => Retry::Never,
            _ => Retry::Transient,
        };
        Self { retry, not_executed: error.reached() != Reached::MaybeSent, retry_after: None }
    }

    /// Of an error that the service sent: the model's category of the code, else of the exception, then the names
    /// that AWS services share, then the status.
    pub(crate) fn of_service(
        service: &ServiceInfo,
        fault: &Fault,
        status: http::StatusCode,
        retry_after: Option<Duration>,
    ) -> Self {
        let code = fault.code.as_deref().and_then(|code| WireError::find(service.error_codes, code));
        let exception = fault.exception.as_deref();
        let modelled = exception.and_then(|name| WireError::find(service.exceptions, name));
        let retry = code
            .or(modelled)
            .map_or_else(|| exception.and_then(by_name), |known| by_category(known.category))
            .unwrap_or_else(|| by_status(status));
        let not_executed = retry == Retry::Throttling || status == http::StatusCode::SERVICE_UNAVAILABLE;
        Self { retry, not_executed, retry_after }
    }
}

fn by_category(category: Category) -> Option<Retry> {
    match category {
        Category::Throttling => Some(Retry::Throttling),
        Category::Transient => Some(Retry::Transient),
        Category::Auth | Category::Client | Category::Clock => Some(Retry::Never),
        Category::Server => None,
    }
}

/// Names that services send without declaring them.
fn by_name(exception: &str) -> Option<Retry> {
    match exception {
        "BandwidthLimitExceeded"
        | "EC2ThrottledException"
        | "LimitExceededException"
        | "PriorRequestNotComplete"
        | "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "SlowDown"
        | "ThrottledException"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "TransactionInProgressException" => Some(Retry::Throttling),
        "RequestTimeout" | "RequestTimeoutException" => Some(Retry::Transient),
        _ => None,
    }
}

fn by_status(status: http::StatusCode) -> Retry {
    match status.as_u16() {
        429 => Retry::Throttling,
        500 | 502 | 503 | 504 => Retry::Transient,
        _ => Retry::Never,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let service = ServiceInfo::new("", "", "", "", &RULES, EXCEPTIONS, CODES);
        let verdict = |exception: &str, code: &str, status: u16| {
            let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
            let fault = Fault { exception: some(exception), code: some(code), ..Fault::default() };
            let status = http::StatusCode::from_u16(status).unwrap();
            let verdict = Verdict::of_service(&service, &fault, status, None);
            (verdict.retry, verdict.not_executed)
        };
        assert_eq!(verdict("BadRequest", "Busy", 400), (Retry::Transient, false));
        assert_eq!(verdict("BadRequest", "Other", 400), (Retry::Never, false));
        assert_eq!(verdict("ServerError", "NoDisk", 500), (Retry::Never, false));
        assert_eq!(verdict("ServerError", "Other", 500), (Retry::Transient, false));
        assert_eq!(verdict("Throttled", "", 400), (Retry::Throttling, true));
        assert_eq!(verdict("SlowDown", "", 400), (Retry::Throttling, true));
        assert_eq!(verdict("", "", 429), (Retry::Throttling, true));
        assert_eq!(verdict("", "", 502), (Retry::Transient, false));
        assert_eq!(verdict("", "", 503), (Retry::Transient, true));
        assert_eq!(verdict("Strange", "", 403), (Retry::Never, false));
    }
}

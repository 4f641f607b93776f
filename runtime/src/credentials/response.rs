//! Responses to requests of sources of credentials.

use std::time::SystemTime;

use http::HeaderMap;
use serde_json::Value;

use super::{CredentialsError, credentials_json};
use crate::{
    exchange::{ClockOffset, Retry, Verdict},
    known::KnownError,
    protocol::Fault,
    trace,
    transport::Response,
};

/// The JSON of a successful response. A response that is cut off or empty is a transient failure.
pub(super) fn json(source: &str, response: &Response) -> Result<Value, CredentialsError> {
    credentials_json::parse(response.body())
        .map_err(|problem| CredentialsError::new(source, problem).transient_if(true))
}

/// An error response, as an error of `source`. Of JSON only code and message are shown, since it may also have keys.
pub(super) fn refused(source: &str, response: &Response) -> CredentialsError {
    let (fault, text) = fault(response);
    let status = response.status();
    let known = KnownError::find(None, &fault, status.as_u16(), None);
    let is_transient = Verdict::of_service(known, status, None).retry != Retry::Never;
    let separator = if text.trim().is_empty() { "" } else { ": " };
    CredentialsError::new(source, format!("status {}{separator}{text}", status.as_u16()))
        .transient_if(is_transient)
}

/// The error in a response, and how much of it is shown.
pub(super) fn fault(response: &Response) -> (Fault, String) {
    let body = String::from_utf8_lossy(response.body());
    match serde_json::from_str::<Value>(&body) {
        Ok(json) => {
            let named =
                |names: &[&str]| names.iter().find_map(|name| json.get(name)?.as_str()).map(str::to_owned);
            let code = named(&["code", "Code", "__type", "error"]);
            // RFC 8628, 3.5.
            let code = code.map(|code| if code == "slow_down" { "SlowDown".to_owned() } else { code });
            let message = named(&["message", "Message", "error_description"]);
            let fault = Fault::new(None, message).with_code(code);
            let shown = [&fault.code, &fault.message].map(|text| text.as_deref());
            let text = shown.into_iter().flatten().collect::<Vec<_>>().join(": ");
            (fault, text)
        }
        Err(_) => (Fault::default(), body.chars().take(300).collect()),
    }
}

/// Takes over the time of a service that issued something, if that would be past its end by this machine's clock.
pub(super) fn follow_issuer(
    clock: &ClockOffset,
    headers: &HeaderMap,
    expires_at: Option<SystemTime>,
    local: SystemTime,
) {
    let now = clock.correct(local);
    if expires_at.is_some_and(|expires_at| expires_at <= now) && clock.follow(headers, now, local) {
        trace::clock(clock.seconds());
    }
}

//! Requests that sources of credentials send: few and rare, so that each has a transport of its own.

use std::time::Duration;

use http::StatusCode;
use serde_json::Value;

use super::{CredentialsError, error::told};
use crate::{
    context::Context,
    mask::conceal,
    transport::{HttpTransportBuilder, Request, Response, TransportError, TransportErrorKind},
};

/// Larger answers are none.
const MAX_BODY: usize = 64 * 1024;

/// How often a request is sent whose answer was lost or tells of passing trouble.
const ATTEMPTS: u32 = 3;

/// Sends a request until there is an answer that is final. The builder is the default one but for proxies, `http://`
/// and trust.
pub(super) async fn fetch(
    context: &dyn Context,
    http: HttpTransportBuilder,
    request: Request,
    timeout: Duration,
) -> Result<Response, TransportError> {
    let http = http.max_body_bytes(MAX_BODY).max_idle_per_host(0);
    let secrets: Vec<_> = request.headers().values().filter(|value| value.is_sensitive()).cloned().collect();
    let mut attempt = 1;
    loop {
        let answer = send(http.clone(), request.clone(), timeout).await;
        let passing = match &answer {
            Ok(answer) => answer.status().is_server_error() || answer.status().as_u16() == 429,
            Err(error) => matches!(error.kind(), TransportErrorKind::Closed | TransportErrorKind::Protocol),
        };
        if !passing || attempt == ATTEMPTS {
            // What refuses a request may repeat it.
            return answer.map(|answer| match answer.status() {
                StatusCode::OK => answer,
                _ => conceal(answer, secrets.iter().filter_map(|secret| secret.to_str().ok())),
            });
        }
        rest(context, Duration::from_millis(50) * attempt).await;
        attempt += 1;
    }
}

/// An answer that does not help, as an error of `source`. Of JSON only code and message are told, since there may be
/// keys beside them.
pub(super) fn refused(source: &str, answer: &Response) -> CredentialsError {
    let status = answer.status().as_u16();
    let body = String::from_utf8_lossy(answer.body());
    let text = match serde_json::from_str::<Value>(&body) {
        Ok(json) => {
            let named = |names: [&str; 2]| names.into_iter().find_map(|name| json.get(name)?.as_str());
            let told = [named(["code", "Code"]), named(["message", "Message"])];
            told.into_iter().flatten().collect::<Vec<_>>().join(": ")
        }
        Err(_) => body.chars().take(300).collect(),
    };
    let separator = if text.trim().is_empty() { "" } else { ": " };
    CredentialsError::new(source, format!("status {status}{separator}{text}"))
}

/// An exchange without an answer, as an error of `source`.
pub(super) fn unanswered(source: &str, error: &TransportError) -> CredentialsError {
    CredentialsError::new(source, told(error))
}

#[cfg_attr(not(feature = "async"), expect(clippy::unused_async, reason = "the other feature awaits"))]
async fn send(
    http: HttpTransportBuilder,
    request: Request,
    timeout: Duration,
) -> Result<Response, TransportError> {
    #[cfg(all(feature = "async", feature = "blocking"))]
    if crate::client::blocks() {
        return block(http, request, timeout);
    }
    #[cfg(feature = "async")]
    return wait(http, request, timeout).await;
    #[cfg(not(feature = "async"))]
    block(http, request, timeout)
}

#[cfg(feature = "blocking")]
fn block(
    http: HttpTransportBuilder,
    request: Request,
    timeout: Duration,
) -> Result<Response, TransportError> {
    use crate::transport::BlockingTransport as _;
    http.build_blocking().send(request, timeout)
}

#[cfg(feature = "async")]
async fn wait(
    http: HttpTransportBuilder,
    request: Request,
    timeout: Duration,
) -> Result<Response, TransportError> {
    use crate::transport::{Reached, Transport as _, within_runtime};

    let peer = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    within_runtime(&peer)?;
    let transport = http.build();
    let answer = tokio::time::timeout(timeout, transport.send_within(request, timeout)).await;
    answer.unwrap_or_else(|_| {
        Err(TransportError::new(TransportErrorKind::AttemptTimeout, peer, Reached::MaybeSent))
    })
}

#[cfg_attr(not(feature = "async"), expect(clippy::unused_async, reason = "the other feature awaits"))]
async fn rest(context: &dyn Context, delay: Duration) {
    #[cfg(feature = "async")]
    {
        #[cfg(feature = "blocking")]
        if crate::client::blocks() {
            return context.sleep(delay);
        }
        let _ = context;
        tokio::time::sleep(delay).await;
    }
    #[cfg(not(feature = "async"))]
    context.sleep(delay);
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;
    use crate::context::SystemContext;

    #[cfg(feature = "async")]
    #[test]
    fn what_is_awaited_outside_of_a_runtime_fails() {
        let mut request = Request::default();
        *request.uri_mut() = http::Uri::from_static("http://127.0.0.1:9/");
        let http = HttpTransportBuilder::new(&SystemContext).no_proxy();
        let error = crate::client::wait(wait(http, request, Duration::from_secs(9)), Duration::from_mins(1));
        assert_eq!(error.unwrap().unwrap_err().kind(), TransportErrorKind::NoRuntime);
    }

    #[test]
    fn silence_lasts_as_long_as_the_timeout() {
        // Connections are made, and nobody takes them.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let ask = || {
            let mut request = Request::default();
            *request.uri_mut() = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
            let http = HttpTransportBuilder::new(&SystemContext).no_proxy();
            fetch(&SystemContext, http, request, Duration::from_millis(50))
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let awaited = runtime.block_on(ask());
        let blocked = crate::client::wait(ask(), Duration::from_mins(1)).unwrap();
        for answer in [awaited, blocked] {
            assert_eq!(answer.unwrap_err().kind(), TransportErrorKind::AttemptTimeout);
        }
    }
}

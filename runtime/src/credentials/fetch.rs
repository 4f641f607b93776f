//! Requests that sources of credentials send: few and rare, so that each has a transport of its own.

use std::time::{Duration, Instant};

use http::StatusCode;
use serde_json::Value;

use super::{
    CredentialsError, document,
    policy::{Attempts, Policy},
};
use crate::{
    BoxFuture,
    context::Context,
    exchange::{Retry, Verdict},
    known::KnownError,
    protocol::Fault,
    secrets::Secrets,
    text::with_causes,
    transport::{HttpTransportBuilder, Request, Response, TransportError},
};

/// Larger answers are none.
const MAX_BODY: usize = 64 * 1024;

/// Asks a source, and again after transient failures, by its policy.
pub(super) async fn insist<'a, T>(
    context: &dyn Context,
    policy: Policy,
    attempt: impl Fn(Attempts) -> BoxFuture<'a, Result<T, CredentialsError>> + Send,
) -> Result<T, CredentialsError> {
    let mut attempts = Attempts::begin(policy, now(context));
    loop {
        let error = match attempt(attempts).await {
            Ok(found) => return Ok(found),
            Err(error) => error,
        };
        // A source that is not there is looked for once.
        let may_help = error.is_transient() && !error.is_absent();
        let Some(pause) = may_help.then(|| attempts.next(now(context), random(context))).flatten() else {
            return Err(error);
        };
        #[cfg(feature = "tracing")]
        crate::trace::asked_again(&error, pause);
        rest(context, pause).await;
    }
}

/// Waits as long as before a second attempt.
#[cfg(feature = "sso")]
pub(super) async fn pause(context: &dyn Context) {
    rest(context, super::policy::pause_after(1, random(context))).await;
}

/// Drawn evenly, for pauses.
fn random(context: &dyn Context) -> u8 {
    let mut random = [0];
    context.random(&mut random);
    let [random] = random;
    random
}

/// Sends a request once. The builder is the default one but for proxies, `http://` and trust.
pub(super) async fn fetch(
    context: &dyn Context,
    http: HttpTransportBuilder,
    request: Request,
    attempts: Attempts,
) -> Result<Response, TransportError> {
    let http = http.max_body_bytes(MAX_BODY).max_idle_per_host(0);
    let secrets = Secrets::of_request(&request, request.body(), &[]);
    let response = send(http, request, attempts.limit(now(context))).await?;
    // What refuses a request may repeat it.
    Ok(match response.status() {
        StatusCode::OK => response,
        _ => secrets.conceal(response),
    })
}

/// The JSON of a successful response. One that is cut off or empty may be whole the next time.
pub(super) fn json(source: &str, response: &Response) -> Result<Value, CredentialsError> {
    document::parse(source, response.body()).map_err(|error| error.transient_if(true))
}

/// An error response, as an error of `source`. Of JSON only code and message are shown, since there may be keys beside
/// them.
pub(super) fn refused(source: &str, response: &Response) -> CredentialsError {
    let (fault, text) = fault(response);
    let status = response.status();
    let known = KnownError::find(None, &fault, status.as_u16(), None);
    let is_transient = Verdict::of_service(known, status, None).retry != Retry::Never;
    let separator = if text.trim().is_empty() { "" } else { ": " };
    CredentialsError::new(source, format!("status {}{separator}{text}", status.as_u16()))
        .transient_if(is_transient)
}

/// What an error response says, and how much of it is shown.
pub(super) fn fault(response: &Response) -> (Fault, String) {
    let body = String::from_utf8_lossy(response.body());
    match serde_json::from_str::<Value>(&body) {
        Ok(json) => {
            let named =
                |names: &[&str]| names.iter().find_map(|name| json.get(name)?.as_str()).map(str::to_owned);
            let code = named(&["code", "Code", "__type", "error"]);
            // RFC 8628, 3.5.
            let code = code.map(|code| if code == "slow_down" { "SlowDown".to_owned() } else { code });
            let fault = Fault {
                code,
                message: named(&["message", "Message", "error_description"]),
                ..Fault::default()
            };
            let shown = [&fault.code, &fault.message].map(|text| text.as_deref());
            let text = shown.into_iter().flatten().collect::<Vec<_>>().join(": ");
            (fault, text)
        }
        Err(_) => (Fault::default(), body.chars().take(300).collect()),
    }
}

/// An exchange without a response, as an error of `source`.
pub(super) fn unanswered(source: &str, error: &TransportError) -> CredentialsError {
    CredentialsError::new(source, with_causes(error))
        .transient_if(Verdict::of_transport(error).retry != Retry::Never)
}

/// The time that limits are measured by: that of whoever waits.
fn now(context: &dyn Context) -> Instant {
    #[cfg(feature = "async")]
    {
        #[cfg(feature = "blocking")]
        if crate::client::blocks() {
            return context.instant();
        }
        let _ = context;
        tokio::time::Instant::now().into_std()
    }
    #[cfg(not(feature = "async"))]
    context.instant()
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
    use crate::transport::{Reached, Transport as _, TransportErrorKind, within_runtime};

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

    use super::{super::policy, *};
    use crate::{context::SystemContext, transport::TransportErrorKind};

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
            let policy = Policy { attempt: Duration::from_millis(50), ..policy::own("") };
            fetch(&SystemContext, http, request, Attempts::begin(policy, Instant::now()))
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let awaited = runtime.block_on(ask());
        let blocked = crate::client::wait(ask(), Duration::from_mins(1)).unwrap();
        for answer in [awaited, blocked] {
            assert_eq!(answer.unwrap_err().kind(), TransportErrorKind::AttemptTimeout);
        }
    }
}

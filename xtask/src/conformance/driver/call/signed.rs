//! Calls to the service's own endpoint, with time and credentials of the case; a transport keeps the sent request.

use std::{
    num::NonZeroU32,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use gatewright_fake::TestContext;
use gatewright_runtime::{
    BoxFuture, ClientBuilder, Secret, Service,
    credentials::Credentials,
    sign::sigv4::parse_time,
    transport::{Request, Response, Transport, TransportError},
};
use serde_json::{Value, json};

use super::{Caller, Make, Members, made};

/// Makes a case's call.
pub(super) fn call<S: Service>(case: &Value, make: Make<S>, errors: &[Members<S>]) -> Result<Value, String> {
    let text = |key: &str| case["signed"][key].as_str().ok_or_else(|| format!("the head has no {key}"));
    let credentials = Credentials::new(text("access_key_id")?, Secret::new(text("secret_access_key")?));
    let credentials = match case["credentials"].as_str() {
        Some("session") => credentials.with_session_token(Secret::new(text("session_token")?)),
        _ => credentials,
    };
    let now = parse_time(text("clock")?).ok_or("the head's clock is not a time")?;
    let sent = Arc::default();
    let peer = Canned { response: canned(&case["response"])?, sent: Arc::clone(&sent) };
    let client: Caller<S> = ClientBuilder::new()
        .context(TestContext::new().at(now))
        .region(text("region")?)
        .credentials(credentials)
        .transport(peer)
        .max_attempts(NonZeroU32::MIN)
        .build()
        .map_err(|error| error.to_string())?;
    let mut seen = made(client, make, errors)?;
    seen["request"] = sent.lock().map_err(|_| "the transport panicked")?.take();
    Ok(seen)
}

fn canned(response: &Value) -> Result<Response, String> {
    let status = response["status_code"].as_u64().and_then(|status| u16::try_from(status).ok());
    let mut built = http::Response::builder().status(status.unwrap_or(200));
    for (name, value) in response["headers"].as_object().into_iter().flatten() {
        built = built.header(name, value.as_str().unwrap_or_default());
    }
    let body = response["body"].as_str().unwrap_or_default().to_owned();
    built.body(Bytes::from(body)).map_err(|error| error.to_string())
}

/// Sends the same response to every request.
#[derive(Debug)]
struct Canned {
    response: Response,
    sent: Arc<Mutex<Value>>,
}

impl Transport for Canned {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let text = |value: &http::HeaderValue| value.to_str().unwrap_or_default().to_owned();
        let headers: Vec<_> =
            request.headers().iter().map(|(name, value)| json!([name.as_str(), text(value)])).collect();
        let request = json!({
            "method": request.method().as_str(),
            "url": request.uri().to_string(),
            "headers": headers,
            "body": String::from_utf8_lossy(request.body()),
        });
        if let Ok(mut sent) = self.sent.lock() {
            *sent = request;
        }
        Box::pin(std::future::ready(Ok(self.response.clone())))
    }
}

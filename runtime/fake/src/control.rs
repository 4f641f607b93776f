//! The control requests of other processes, as [`FakeBuilder::control`](super::FakeBuilder::control) describes them.

use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode};
use serde_json::{Map, Value, json};

use super::{FakeError, ReceivedRequest, dialect::raw_http, nearest::nearest, response, router::Router};
use crate::{DynamicOperation, transport::Response};

/// The response, if the request is a control request.
pub(super) fn response(router: &Router, request: &Request<Bytes>) -> Option<Response> {
    let command = request.uri().path().strip_prefix("/__gatewright/")?;
    let done = match (request.method(), command) {
        (&Method::POST, "fail") => fail(router, request.body()).map(|()| json!({})),
        (&Method::POST, "reset") => {
            router.script.reset();
            router.records.clear();
            Ok(json!({}))
        }
        (&Method::GET, "requests") => Ok(router.records.all().iter().map(received).collect()),
        _ => Err("unknown control request; available: POST fail, POST reset, GET requests".to_owned()),
    };
    Some(match done {
        Ok(body) => response::json(StatusCode::OK, body.to_string()),
        Err(message) => response::json(StatusCode::BAD_REQUEST, json!({ "message": message }).to_string()),
    })
}

fn fail(router: &Router, body: &[u8]) -> Result<(), String> {
    let order: Map<String, Value> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let text = |name: &str| order.get(name).and_then(Value::as_str);
    let number = |name: &str| order.get(name).and_then(Value::as_u64);

    let operation = operation(router, text("operation").unwrap_or_default(), text("code"))?;
    let status = number("status").map(|status| {
        let status = u16::try_from(status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        status.ok_or_else(|| "status: 100 to 999".to_owned())
    });
    let owned = |name| text(name).map(ToOwned::to_owned);
    let error = FakeError {
        exception: owned("exception"),
        code: owned("code"),
        status: status.transpose()?,
        message: owned("message"),
        details: order.get("details").and_then(Value::as_object).cloned().unwrap_or_default(),
    };
    if (&error.exception, &error.code, error.status) == (&None, &None, None) {
        return Err("missing failure: give one of code, exception or status".to_owned());
    }
    let times = number("times").and_then(|times| usize::try_from(times).ok()).unwrap_or(1);
    router.script.fail(operation, error, times);
    Ok(())
}

/// What to fail: an operation, or, for a service without operations, any request; then the code is the name of a
/// refusal.
fn operation(router: &Router, name: &str, code: Option<&str>) -> Result<&'static str, String> {
    if !router.service.refusals().is_empty() {
        return raw_http::check(router, code).map(|()| raw_http::ANY).map_err(|unknown| unknown.to_string());
    }
    let operation = router.service.operation(name).ok_or_else(|| {
        let known = router.service.operations().iter().map(DynamicOperation::name);
        let hint = nearest(name, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default();
        format!("operation: there is no {name:?}{hint}")
    });
    Ok(operation?.name())
}

fn received(request: &ReceivedRequest) -> Value {
    json!({
        "operation": request.operation,
        "method": request.method.as_str(),
        "target": request.target,
        "headers": headers(&request.headers),
        "body": String::from_utf8_lossy(&request.body),
    })
}

/// Values of headers with one name are joined, as HTTP allows.
fn headers(headers: &HeaderMap) -> Map<String, Value> {
    let joined = |name| {
        let values: Vec<_> =
            headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        Value::String(values.join(", "))
    };
    headers.keys().map(|name| (name.to_string(), joined(name))).collect()
}

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
    let order = Order::read(body)?;
    let status = |value: &Value| StatusCode::from_u16(u16::try_from(value.as_u64()?).ok()?).ok();
    let status = |value: &Value| status(value).filter(|status| !status.is_informational());
    let count = |value: &Value| usize::try_from(value.as_u64()?).ok().filter(|times| *times > 0);
    let error = FakeError {
        exception: order.text("exception")?,
        code: order.text("code")?,
        status: order.get("status", "a number from 200 to 999", status)?,
        message: order.text("message")?,
        details: order.get("details", "an object", |value| value.as_object().cloned())?.unwrap_or_default(),
    };
    let times = order.get("times", "a whole number from 1 on", count)?.unwrap_or(1);
    let operation = operation(router, order.text("operation")?.as_deref(), error.code.as_deref())?;
    if (&error.exception, &error.code, error.status) == (&None, &None, None) {
        return Err("missing failure: give one of code, exception or status".to_owned());
    }
    router.script.fail(operation, error, times);
    Ok(())
}

/// The members of an order.
struct Order(Map<String, Value>);

impl Order {
    const MEMBERS: [&str; 7] = ["operation", "code", "exception", "status", "message", "details", "times"];

    fn read(body: &[u8]) -> Result<Self, String> {
        let members: Map<String, Value> = serde_json::from_slice(body).map_err(|error| error.to_string())?;
        match members.keys().find(|name| !Self::MEMBERS.contains(&name.as_str())) {
            Some(unknown) => {
                Err(format!("{unknown}: there is no such member{}", hint(unknown, Self::MEMBERS)))
            }
            None => Ok(Self(members)),
        }
    }

    /// A member; null counts as absent. `right` describes the values that `read` accepts.
    fn get<T>(
        &self,
        name: &str,
        right: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>, String> {
        let given = self.0.get(name).filter(|value| !value.is_null());
        given.map(|value| read(value).ok_or_else(|| format!("{name}: must be {right}"))).transpose()
    }

    fn text(&self, name: &str) -> Result<Option<String>, String> {
        self.get(name, "a text", |value| value.as_str().map(ToOwned::to_owned))
    }
}

fn hint<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    nearest(name, known).map(|near| format!("; did you mean {near}?")).unwrap_or_default()
}

/// What to fail: an operation, or, for a service without operations, any request; then the code is the name of a
/// refusal.
fn operation(router: &Router, name: Option<&str>, code: Option<&str>) -> Result<&'static str, String> {
    if !router.service.refusals().is_empty() {
        if name.is_some() {
            return Err("operation: the service has none; give the code alone".to_owned());
        }
        return raw_http::check(router, code).map(|()| raw_http::ANY).map_err(|unknown| unknown.to_string());
    }
    let name = name.ok_or("operation: must be given")?;
    let operation = router.service.operation(name).ok_or_else(|| {
        let known = router.service.operations().iter().map(DynamicOperation::name);
        format!("operation: there is no {name:?}{}", hint(name, known))
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

//! What a case expects, and what came of its call.

use serde_json::{Map, Value};

use super::values::{same, within};

/// Compares a case, what came of its call, and the wire form of output values.
pub(super) type Check = fn(&Value, &Value, &dyn Fn(&Value) -> Value) -> Result<(), String>;

/// A request as the peer received it.
pub(super) fn request(case: &Value, seen: &Value, _wire: &dyn Fn(&Value) -> Value) -> Result<(), String> {
    let (expect, seen) = (&case["expect"], &seen["request"]);
    if seen.is_null() {
        return Err("no request was sent".to_owned());
    }
    let known =
        ["method", "uri", "headers", "requireHeaders", "forbidHeaders", "body", "bodyMediaType", "host"];
    if let Some(key) = object(expect).map(|(key, _)| key).find(|key| !known.contains(&key.as_str())) {
        return Err(format!("the case expects {key:?}, which is not compared"));
    }
    equal("method", expect.get("method"), &seen["method"])?;
    equal("uri", expect.get("uri"), &seen["target"])?;
    for (name, value) in object(&expect["headers"]) {
        equal(name, Some(value), header(seen, name).unwrap_or(&Value::Null))?;
    }
    for name in texts(&expect["requireHeaders"]) {
        header(seen, name).ok_or_else(|| format!("{name}: the header is missing"))?;
    }
    match texts(&expect["forbidHeaders"]).find(|name| header(seen, name).is_some()) {
        Some(name) => Err(format!("{name}: the header should not be there")),
        None => expect.get("body").map_or(Ok(()), |body| bodies(body, &seen["body"])),
    }
}

/// JSON is compared as JSON.
fn bodies(expected: &Value, seen: &Value) -> Result<(), String> {
    match (parsed(expected), parsed(seen)) {
        (Some(expected), Some(seen)) => equal("body", Some(&expected), &seen),
        _ => equal("body", Some(expected), seen),
    }
}

/// The output that a response was decoded to.
pub(super) fn response(case: &Value, seen: &Value, wire: &dyn Fn(&Value) -> Value) -> Result<(), String> {
    match seen.get("output") {
        Some(output) => equal("output", Some(&wire(&case["expect"]["output"])), output),
        None => Err(format!("the call failed: {}", seen["error"]["text"])),
    }
}

/// The error of a case whose model declares it.
pub(super) fn error(case: &Value, seen: &Value, _wire: &dyn Fn(&Value) -> Value) -> Result<(), String> {
    let expect = &case["expect"]["error"];
    let seen = service_error(case, seen)?;
    equal("code", expect.get("code"), &seen["exception"])?;
    if let Some(message) = expect["message"].as_str() {
        equal("message", Some(&message.into()), &text(&seen["message"]))?;
    }
    fields(expect, seen)
}

/// The error of a case about errors alone: `accept` and `accept_message` are right too, a null message is any.
pub(super) fn error_code(case: &Value, seen: &Value, _wire: &dyn Fn(&Value) -> Value) -> Result<(), String> {
    let expect = &case["expect"];
    let seen = service_error(case, seen)?;
    // A status as code says that the answer has none.
    let status = seen["status"].to_string();
    let code = seen["exception"].as_str().unwrap_or(&status);
    one_of("code", &expect["code"], &case["accept"], code)?;
    if !expect["message"].is_null() {
        let message = seen["message"].as_str().unwrap_or_default();
        one_of("message", &expect["message"], &case["accept_message"], message)?;
    }
    equal("request id", expect.get("request_id"), &seen["request_id"])?;
    if let Some(error) = expect["fields"].get("error") {
        equal("operation error code", error.get("errorCode"), &seen["code"])?;
        let details = parsed(&seen["details"]).unwrap_or_default();
        equal("details", error.get("errorDetails"), &details)?;
    }
    fields(expect, seen)
}

/// An error that the service sent, with the status of the answer.
fn service_error<'a>(case: &Value, seen: &'a Value) -> Result<&'a Value, String> {
    let error = &seen["error"];
    if error["is_service"] != true {
        return Err(format!("no service error came of it: {seen}"));
    }
    equal("status", case["response"].get("status_code"), &error["status"])?;
    Ok(error)
}

/// Modelled content of errors has no types in ours; it is kept with the body.
fn fields(expect: &Value, seen: &Value) -> Result<(), String> {
    let expected: Map<_, _> =
        object(&expect["fields"]).map(|(key, value)| (key.clone(), value.clone())).collect();
    let body = parsed(&seen["body"]).unwrap_or_default();
    match body.as_object() {
        Some(body) if within(&expected, body) => Ok(()),
        None if expected.is_empty() => Ok(()),
        _ => Err(differs("fields", &expected.into(), &body)),
    }
}

fn one_of(what: &str, expected: &Value, accepted: &Value, seen: &str) -> Result<(), String> {
    if texts(accepted).any(|accepted| accepted == seen) {
        return Ok(());
    }
    equal(what, Some(expected), &seen.into())
}

fn equal(what: &str, expected: Option<&Value>, seen: &Value) -> Result<(), String> {
    match expected {
        Some(expected) if !same(expected, seen) => Err(differs(what, expected, seen)),
        _ => Ok(()),
    }
}

fn differs(what: &str, expected: &Value, seen: &Value) -> String {
    format!("{what} differs\nexpected {expected}\nours     {seen}")
}

fn header<'a>(request: &'a Value, name: &str) -> Option<&'a Value> {
    let named = |header: &&Value| header[0].as_str().is_some_and(|found| found.eq_ignore_ascii_case(name));
    request["headers"].as_array()?.iter().find(named).map(|header| &header[1])
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    value.as_array().into_iter().flatten().filter_map(Value::as_str)
}

/// The JSON in a text.
fn parsed(text: &Value) -> Option<Value> {
    serde_json::from_str(text.as_str()?).ok()
}

/// No text is an empty one.
fn text(value: &Value) -> Value {
    if value.is_null() { "".into() } else { value.clone() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[track_caller]
    fn differs_in(check: Check, case: &Value, seen: &Value, expected: &str) {
        let fault = check(case, seen, &Value::clone).unwrap_err();
        assert!(fault.starts_with(expected), "{fault}");
    }

    fn seen_request(body: &str) -> Value {
        let headers = json!([["content-type", "a"], ["content-length", "2"]]);
        json!({ "request": { "method": "POST", "target": "/", "headers": headers, "body": body } })
    }

    #[test]
    fn requests_are_compared_in_every_part() {
        let case = |expect: Value| json!({ "expect": expect });
        let right = case(json!({
            "method": "POST", "uri": "/", "headers": { "Content-Type": "a" }, "body": "{ \"a\": 1.0 }",
            "requireHeaders": ["Content-Length"], "forbidHeaders": ["X"],
        }));
        let seen = seen_request("{\"a\":1}");
        assert_eq!(request(&right, &seen, &Value::clone), Ok(()));
        differs_in(request, &case(json!({ "uri": "/a/" })), &seen, "uri differs");
        differs_in(
            request,
            &case(json!({ "headers": { "Content-Type": "b" } })),
            &seen,
            "Content-Type differs",
        );
        differs_in(request, &case(json!({ "requireHeaders": ["X"] })), &seen, "X: the header is missing");
        differs_in(
            request,
            &case(json!({ "forbidHeaders": ["Content-Type"] })),
            &seen,
            "Content-Type: the header",
        );
        differs_in(request, &case(json!({ "body": "{}" })), &seen, "body differs");
        differs_in(request, &case(json!({ "body": "" })), &seen, "body differs");
        differs_in(
            request,
            &case(json!({ "resolvedHost": "a" })),
            &seen,
            "the case expects \"resolvedHost\"",
        );
    }

    #[test]
    fn errors_are_compared_in_every_part() {
        let case = |expect: Value| json!({ "response": { "status_code": 400 }, "expect": expect });
        let seen = json!({ "error": {
            "is_service": true, "status": 400, "exception": "A", "message": "m", "code": "C", "details": "{\"k\":1}",
            "body": "{\"x\":1}",
        } });
        let none = json!({ "error": { "is_service": true, "status": 400, "body": "" } });
        let mut right = case(json!({ "code": "B", "message": "n", "fields": { "x": 1 } }));
        right["accept"] = json!(["A"]);
        right["accept_message"] = json!(["m"]);
        assert_eq!(error_code(&right, &seen, &Value::clone), Ok(()));
        assert_eq!(error_code(&case(json!({ "code": "400", "message": "" })), &none, &Value::clone), Ok(()));
        differs_in(error_code, &case(json!({ "code": "B" })), &seen, "code differs");
        differs_in(error_code, &case(json!({ "code": "A", "message": "n" })), &seen, "message differs");
        differs_in(error_code, &case(json!({ "code": "A", "request_id": "r" })), &seen, "request id differs");
        let fields = json!({ "error": { "errorCode": "D" } });
        differs_in(
            error_code,
            &case(json!({ "code": "A", "fields": fields })),
            &seen,
            "operation error code",
        );
        differs_in(error_code, &case(json!({ "code": "A", "fields": { "y": 1 } })), &seen, "fields differs");
        differs_in(error_code, &case(json!({})), &json!({ "output": {} }), "no service error");
        let other = json!({ "response": { "status_code": 500 }, "expect": { "code": "A" } });
        differs_in(error_code, &other, &seen, "status differs");
    }
}

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
    differs_in(request, &case(json!({ "headers": { "Content-Type": "b" } })), &seen, "Content-Type differs");
    differs_in(request, &case(json!({ "requireHeaders": ["X"] })), &seen, "X: the header is missing");
    differs_in(
        request,
        &case(json!({ "forbidHeaders": ["Content-Type"] })),
        &seen,
        "Content-Type: the header",
    );
    let no_length = case(json!({ "forbidHeaders": ["Content-Length"] }));
    differs_in(request, &no_length, &seen, "Content-Length: the header");
    let empty = |method: &str| json!({ "request": { "method": method, "target": "/", "headers": [["content-length", "0"]], "body": "" } });
    assert_eq!(request(&no_length, &empty("POST"), &Value::clone), Ok(()));
    differs_in(request, &no_length, &empty("GET"), "Content-Length: the header");
    differs_in(request, &case(json!({ "body": "{}" })), &seen, "body differs");
    differs_in(request, &case(json!({ "body": "" })), &seen, "body differs");
    differs_in(request, &case(json!({ "host": "a/b" })), &seen, "host differs");
    differs_in(request, &case(json!({ "host": "b", "resolvedHost": "a.b" })), &seen, "host differs");
    differs_in(request, &case(json!({ "authority": "a" })), &seen, "the case expects \"authority\"");
}

#[test]
fn forms_are_sets_of_pairs_and_maps_have_no_order() {
    let case = |body: &str| json!({ "expect": { "headers": { "Content-Type": FORM }, "body": body } });
    let seen = |body: &str| {
        let headers = json!([["content-type", format!("{FORM}; charset=utf-8")]]);
        json!({ "request": { "headers": headers, "body": body } })
    };
    let agree = |expected: &str, ours: &str| request(&case(expected), &seen(ours), &Value::clone).is_ok();
    assert!(agree("A=1&B=a%20b", "B=a+b&A=1"));
    assert!(agree(
        "M.entry.1.key=a&M.entry.1.value=x&M.entry.2.key=b",
        "M.entry.1.key=b&M.entry.2.key=a&M.entry.2.value=x"
    ));
    assert!(!agree("M.entry.1.key=a&M.entry.1.value=x", "M.entry.1.key=b&M.entry.1.value=x"));
    assert!(!agree("A=1", "A=1&A=1") && !agree("L.1=a&L.2=b", "L.1=b&L.2=a") && !agree("A=", "A"));
}

const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn signed_requests_are_compared_in_every_part() {
    let expect = json!({ "method": "POST", "url": "u", "body": "b", "headers": [["X-Amz-Date", "d"]] });
    let case = json!({ "expect": expect });
    let seen = |body: &str, headers: Value| json!({ "request": { "method": "POST", "url": "u", "body": body, "headers": headers } });
    let right = json!([["x-amz-date", "d"], ["host", "u"]]);
    assert_eq!(signed(&case, &seen("b", right.clone()), &Value::clone), Ok(()));
    differs_in(signed, &case, &seen("c", right), "body differs");
    differs_in(signed, &case, &seen("b", json!([])), "X-Amz-Date differs");
    let more = json!([["x-amz-date", "d"], ["authorization", "a"]]);
    differs_in(signed, &case, &seen("b", more), "authorization: the header should not be there");
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
    differs_in(error_code, &case(json!({ "code": "A", "fields": fields })), &seen, "operation error code");
    differs_in(error_code, &case(json!({ "code": "A", "fields": { "y": 1 } })), &seen, "fields differs");
    let mut typed = seen.clone();
    typed["error"]["members"] = json!({ "X": 1 });
    let named = |fields: Value| {
        let mut case = case(json!({ "error": { "code": "A", "fields": fields } }));
        case["model"] = json!({ "shapes": { "ns#A": {} } });
        case
    };
    let upper = |value: &Value| json!({ "X": value["x"] });
    assert_eq!(error(&named(json!({ "x": 1 })), &typed, &upper), Ok(()));
    assert!(error(&named(json!({ "x": 2 })), &typed, &upper).unwrap_err().starts_with("members differs"));
    assert!(error(&named(json!({ "x": 1 })), &seen, &upper).unwrap_err().starts_with("members differs"));
    let undeclared = |x| case(json!({ "error": { "code": "A", "fields": { "x": x } } }));
    assert_eq!(error(&undeclared(1), &seen, &upper), Ok(()));
    assert!(error(&undeclared(2), &seen, &upper).unwrap_err().starts_with("fields differs"));
    differs_in(
        error_code,
        &case(json!({})),
        &json!({ "output": {} }),
        "the call did not fail with a service error",
    );
    let other = json!({ "response": { "status_code": 500 }, "expect": { "code": "A" } });
    differs_in(error_code, &other, &seen, "status differs");
}

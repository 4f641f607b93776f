//! Comparison of a case with the result of its call.

use serde_json::{Map, Value, json};

use super::{
    values::{same, within},
    xml,
};

/// A case, the result of its call, and the wire form of output values.
pub(super) type Check = fn(&Value, &Value, &dyn Fn(&Value) -> Value) -> Result<(), String>;

/// A request as the peer received it.
pub(super) fn request(case: &Value, seen: &Value, _wire: &dyn Fn(&Value) -> Value) -> Result<(), String> {
    let (expect, seen) = (&case["expect"], &seen["request"]);
    if seen.is_null() {
        return Err("no request was sent".to_owned());
    }
    let known = [
        "method",
        "uri",
        "queryParams",
        "forbidQueryParams",
        "headers",
        "requireHeaders",
        "forbidHeaders",
        "body",
        "bodyMediaType",
        "host",
        "resolvedHost",
    ];
    if let Some(key) = object(expect).map(|(key, _)| key).find(|key| !known.contains(&key.as_str())) {
        return Err(format!("the case expects {key:?}, which is not compared"));
    }
    equal("method", expect.get("method"), &seen["method"])?;
    let target = seen["target"].as_str().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    equal("uri", expect.get("uri"), &path.into())?;
    queries(expect, query)?;
    // The host that the operation makes from the client's host.
    if let Some(host) = expect["resolvedHost"].as_str().or_else(|| expect["host"].as_str()) {
        let host = host.split('/').next().unwrap_or_default();
        equal("host", Some(&host.into()), header(seen, "host").unwrap_or(&Value::Null))?;
    }
    for (name, value) in object(&expect["headers"]) {
        let seen = header(seen, name).unwrap_or(&Value::Null);
        // A character set after the type is accepted, too.
        match (seen.as_str(), value.as_str()) {
            (Some(seen), Some(value)) if is_form(seen) => equal(name, Some(&bare(value)), &bare(seen))?,
            // Items of lists are separated by a comma, with or without a space.
            (Some(seen), Some(value)) if seen.replace(", ", ",") == value.replace(", ", ",") => {}
            _ => equal(name, Some(value), seen)?,
        }
    }
    for name in texts(&expect["requireHeaders"]) {
        header(seen, name).ok_or_else(|| format!("{name}: the header is missing"))?;
    }
    // A serializer sets no length; whatever sends the request, botocore too, announces the empty body of a POST.
    let announces_empty = |name: &str, value: &Value| {
        name == "Content-Length"
            && value == "0"
            && !["GET", "HEAD"].map(Value::from).contains(&seen["method"])
    };
    let is_there = |name: &&str| header(seen, name).is_some_and(|value| !announces_empty(name, value));
    match texts(&expect["forbidHeaders"]).find(is_there) {
        Some(name) => Err(format!("{name}: the header should not be there")),
        None => expect.get("body").map_or(Ok(()), |body| {
            let kind = header(seen, "content-type").and_then(Value::as_str).unwrap_or_default();
            if is_form(kind) {
                forms(body, &seen["body"])
            } else if kind == "application/xml" {
                documents(body, &seen["body"])
            } else {
                bodies(body, &seen["body"])
            }
        }),
    }
}

/// Compares parameters of the query: in any order, but those of one name in the given order.
fn queries(expect: &Value, query: &str) -> Result<(), String> {
    let name = |pair: &&str| pair.split('=').next().unwrap_or_default().to_owned();
    let sorted = |mut pairs: Vec<&str>| {
        pairs.sort_by_key(name);
        let canonical = |pair: &str| {
            if pair.ends_with('=') { pair.trim_end_matches('=').to_owned() } else { pair.to_owned() }
        };
        pairs.into_iter().map(canonical).collect::<Vec<_>>()
    };
    let seen = sorted(query.split('&').filter(|pair| !pair.is_empty()).collect());
    if expect.get("queryParams").is_some() {
        let expected = sorted(texts(&expect["queryParams"]).collect());
        equal("query", Some(&expected.into()), &seen.clone().into())?;
    }
    match texts(&expect["forbidQueryParams"])
        .find(|known| seen.iter().any(|pair| name(&pair.as_str()) == *known))
    {
        Some(known) => Err(format!("{known}: the parameter should not be there")),
        None => Ok(()),
    }
}

fn is_form(content_type: &str) -> bool {
    content_type.starts_with("application/x-www-form-urlencoded")
}

/// A content type without its parameters.
fn bare(content_type: &str) -> Value {
    content_type.split(';').next().unwrap_or_default().into()
}

/// Compares forms as sets of decoded pairs. Entries of maps have no order.
fn forms(expected: &Value, seen: &Value) -> Result<(), String> {
    let pairs = |form: &Value| {
        let mut pairs: Vec<_> = form.as_str().unwrap_or_default().split('&').map(decode).collect();
        let keys: Vec<_> = pairs.iter().filter_map(|pair| entry(pair)).collect();
        for pair in &mut pairs {
            if let Some((numbered, named)) = keys.iter().find(|(numbered, _)| pair.starts_with(numbered)) {
                pair.replace_range(..numbered.len(), named);
            }
        }
        pairs.sort();
        Value::from(pairs)
    };
    equal("form", Some(&pairs(expected)), &pairs(seen))
}

/// The prefix of an entry's parameters, and the same prefix with the key instead of the number: `Map.entry.1.`,
/// `Map.entry.[foo].`.
fn entry(pair: &str) -> Option<(String, String)> {
    let (name, key) = pair.split_once(".key=")?;
    let (map, number) = name.rsplit_once(".entry.")?;
    Some((format!("{map}.entry.{number}."), format!("{map}.entry.[{key}].")))
}

fn decode(pair: &str) -> String {
    let pair = pair.replace('+', " ");
    let mut parts = pair.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at_checked(2).unwrap_or((part, ""));
        bytes.extend(u8::from_str_radix(digits, 16));
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Compares bodies as XML.
fn documents(expected: &Value, seen: &Value) -> Result<(), String> {
    let read = |body: &Value| xml::canonical(body.as_str().unwrap_or_default());
    match (read(expected), read(seen)) {
        (Ok(one), Ok(other)) if one == other => Ok(()),
        (Ok(_), Ok(_)) => Err(differs("body", expected, seen)),
        (Err(error), _) | (_, Err(error)) => Err(format!("the body is not XML: {error}: {seen}")),
    }
}

/// Compares bodies as JSON.
fn bodies(expected: &Value, seen: &Value) -> Result<(), String> {
    match (parsed(expected), parsed(seen)) {
        (Some(expected), Some(seen)) => equal("body", Some(&expected), &seen),
        _ => equal("body", Some(expected), seen),
    }
}

/// Compares the decoded output of a response.
pub(super) fn response(case: &Value, seen: &Value, wire: &dyn Fn(&Value) -> Value) -> Result<(), String> {
    match seen.get("output") {
        Some(output) => {
            equal("request id", case["expect"].get("request_id"), &seen["request_id"])?;
            let expected = headers_alike(&wire(&present(&case["expect"]["output"])));
            equal("output", Some(&expected), &unknown_alike(&expected, &headers_alike(output)))
        }
        None => Err(format!("the call failed: {}", seen["error"]["text"])),
    }
}

/// The output without members that are null, which are absent for us.
fn present(output: &Value) -> Value {
    match output {
        Value::Object(members) => {
            let present = members.iter().filter(|(_, value)| !value.is_null());
            present.map(|(name, value)| (name.clone(), value.clone())).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}

/// The output with maps of headers as HTTP libraries return them: names in lower case, without the headers of the peer.
fn headers_alike(output: &Value) -> Value {
    let mut output = output.clone();
    let members = output.as_object_mut().into_iter().flatten();
    for (_, member) in members.filter(|(name, _)| name.to_ascii_lowercase().ends_with("headers")) {
        if let Some(map) = member.as_object_mut() {
            let lower = map.iter().map(|(name, value)| (name.to_ascii_lowercase(), value.clone()));
            *map = lower
                .filter(|(name, _)| !["connection", "content-length"].contains(&name.as_str()))
                .collect();
        }
    }
    output
}

/// The output with members of unions that the model does not list as cases write them, which keep their names only.
fn unknown_alike(expected: &Value, output: &Value) -> Value {
    match (expected, output) {
        (Value::Object(expected), Value::Object(output)) => {
            let unknown = expected.get("SDK_UNKNOWN_MEMBER").filter(|_| output.len() == 1);
            if unknown.and_then(|unknown| output.get(unknown["name"].as_str()?)).is_some() {
                return expected.clone().into();
            }
            let member = |(name, value): (&String, &Value)| {
                let expected = expected.get(name).unwrap_or(&Value::Null);
                (name.clone(), unknown_alike(expected, value))
            };
            output.iter().map(member).collect::<Map<_, _>>().into()
        }
        _ => output.clone(),
    }
}

/// Whether a request is what botocore makes of a case's model, according to the case itself, which expects another.
pub(super) fn is_botocores(case: &Value, seen: &Value) -> bool {
    let theirs = case["botocore_differs"].as_str().and_then(|text| text.strip_prefix("botocore sends body "));
    theirs.is_some_and(|theirs| documents(&theirs.into(), &seen["request"]["body"]).is_ok())
}

/// Compares an error of a case with a model: by its type if the model declares it, else by what is kept of the body.
pub(super) fn error(case: &Value, seen: &Value, wire: &dyn Fn(&Value) -> Value) -> Result<(), String> {
    let expect = &case["expect"]["error"];
    let seen = service_error(case, seen)?;
    equal("code", expect.get("code"), name(seen))?;
    // A model whose error has no message expects an empty one, and what the service said is kept.
    if let Some(message) = expect["message"].as_str().filter(|message| !message.is_empty()) {
        equal("message", Some(&message.into()), &text(&seen["message"]))?;
    }
    if seen["members"].is_null() && !is_declared(&case["model"], &expect["code"]) {
        return fields(expect, seen);
    }
    let seen = object(&seen["members"]).map(|(name, value)| (name.clone(), value.clone()));
    equal("members", Some(&wire(&expect["fields"])), &seen.collect::<Map<_, _>>().into())
}

/// Whether a shape of a case's model has the name, as botocore and Smithy write names.
fn is_declared(model: &Value, name: &Value) -> bool {
    let mut names = object(&model["shapes"]).map(|(id, _)| id.rsplit('#').next().unwrap_or(id));
    names.any(|shape| name == shape)
}

/// Compares an error of a case about errors only. `accept` and `accept_message` are accepted too; a null message
/// accepts any.
pub(super) fn error_code(case: &Value, seen: &Value, _wire: &dyn Fn(&Value) -> Value) -> Result<(), String> {
    let expect = &case["expect"];
    let seen = service_error(case, seen)?;
    // A status as code means that the response has no code.
    let status = seen["status"].to_string();
    let code = name(seen).as_str().unwrap_or(&status);
    one_of("code", &expect["code"], &case["accept"], code)?;
    // Some clients make a message from the status if the response has no code.
    let is_bare = name(seen).is_null() && seen["message"].is_null();
    if !expect["message"].is_null() && !is_bare {
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

/// The exception, or the code if the protocol has only codes.
fn name(seen: &Value) -> &Value {
    if seen["exception"].is_null() { &seen["code"] } else { &seen["exception"] }
}

/// Compares a signed request, without headers that do not belong to it.
pub(super) fn signed(case: &Value, seen: &Value, _wire: &dyn Fn(&Value) -> Value) -> Result<(), String> {
    let (expect, seen) = (&case["expect"], &seen["request"]);
    for part in ["method", "url", "body"] {
        equal(part, Some(&expect[part]), &seen[part])?;
    }
    let expected = expect["headers"].as_array().into_iter().flatten();
    for named in expected.clone().filter(|named| named[0] != "Content-Length") {
        let name = named[0].as_str().unwrap_or_default();
        equal(name, Some(&named[1]), header(seen, name).unwrap_or(&Value::Null))?;
    }
    let is_expected = |name: &str| {
        expected.clone().any(|named| named[0].as_str().is_some_and(|known| known.eq_ignore_ascii_case(name)))
    };
    let names = seen["headers"].as_array().into_iter().flatten().filter_map(|header| header[0].as_str());
    match names.filter(|name| !["host", "user-agent"].contains(name)).find(|name| !is_expected(name)) {
        Some(name) => Err(format!("{name}: the header should not be there")),
        None => Ok(()),
    }
}

/// An error response, with its status.
fn service_error<'a>(case: &Value, seen: &'a Value) -> Result<&'a Value, String> {
    let error = &seen["error"];
    if error["is_service"] != true {
        return Err(format!("the call did not fail with a service error: {seen}"));
    }
    equal("status", case["response"].get("status_code"), &error["status"])?;
    Ok(error)
}

/// Members that the model does not have are kept with the body.
fn fields(expect: &Value, seen: &Value) -> Result<(), String> {
    let expected: Map<_, _> =
        object(&expect["fields"]).map(|(key, value)| (key.clone(), value.clone())).collect();
    // Further members of an error in XML are kept as JSON.
    let of_xml = || {
        let mut details = parsed(&seen["details"]).unwrap_or_else(|| json!({}));
        details["Message"] = seen["message"].clone();
        details
    };
    let is_xml = seen["body"].as_str().is_some_and(|body| body.starts_with('<'));
    let body = if is_xml { of_xml() } else { parsed(&seen["body"]).unwrap_or_default() };
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

/// A missing text equals an empty one.
fn text(value: &Value) -> Value {
    if value.is_null() { "".into() } else { value.clone() }
}

#[cfg(test)]
mod tests;

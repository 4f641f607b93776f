//! The echo of a request, as JSON.

use bytes::Bytes;
use http::{HeaderMap, Request, header::CONTENT_TYPE};
use serde_json::{Map, Value, json};

use super::super::texts;
use crate::{
    mask::{MASK, is_secret},
    sign::{sigv4::Scope, verify::Verified},
};
use gatewright_core::percent::read_query;

/// Method, path, query, headers, body and caller. Secrets are masked, except in the body, which returns to its sender.
pub(super) fn of(request: &Request<Bytes>, verified: &Verified, scope: Scope<'_>) -> String {
    let uri = request.uri();
    let query: Vec<_> = texts(read_query(uri.query().unwrap_or_default())).collect();
    let echo = json!({
        "method": request.method().as_str(),
        "path": uri.path(),
        "query": joined(query.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        "headers": headers(request.headers()),
        "body": body(request),
        "caller": {
            "access_key_id": verified.access_key_id,
            "region": scope.region,
            "service": scope.service,
        },
    });
    format!("{echo:#}\n")
}

fn headers(headers: &HeaderMap) -> Value {
    let texts: Vec<_> = headers
        .iter()
        .map(|(name, value)| (name.as_str(), String::from_utf8_lossy(value.as_bytes())))
        .collect();
    joined(texts.iter().map(|(name, value)| (*name, value.as_ref())))
}

/// One value per name, or a list if the name occurs more than once.
fn joined<'a>(pairs: impl Iterator<Item = (&'a str, &'a str)>) -> Value {
    let mut values: Map<String, Value> = Map::new();
    for (name, value) in pairs {
        let value = Value::from(if is_secret(name) { MASK } else { value });
        match values.get_mut(name) {
            None => drop(values.insert(name.to_owned(), value)),
            Some(Value::Array(list)) => list.push(value),
            Some(first) => *first = Value::Array(vec![first.take(), value]),
        }
    }
    Value::Object(values)
}

/// Parsed if it is JSON.
fn body(request: &Request<Bytes>) -> Value {
    let kind = request.headers().get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let parsed = kind.contains("json").then(|| serde_json::from_slice(request.body()).ok()).flatten();
    parsed.unwrap_or_else(|| String::from_utf8_lossy(request.body()).into())
}

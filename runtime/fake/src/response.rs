//! Responses in the form of the service.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde_json::Value;

use super::issued::{Caller, Issuer};
use crate::{
    DynamicOperation,
    context::Context,
    sample::{SamplePiece, SampleRule, SampleTime, SampleValue},
    time::Timestamp,
    transport::Response,
};

/// A request id in the form of a UUID, the same in every run, so that tests can expect it.
pub(super) fn request_id(number: u64) -> String {
    format!("00000000-0000-4000-8000-{number:012x}")
}

/// The header `date`.
pub(super) fn date(now: SystemTime) -> HeaderValue {
    header(Timestamp::from(now).http_date().to_string())
}

pub(super) fn header(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("digits, letters and punctuation make a header")
}

/// A response with a JSON body.
pub(super) fn json(status: StatusCode, body: impl Into<Bytes>) -> Response {
    let mut response = Response::new(body.into());
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// The values that fill a sample.
pub(super) struct Source<'a> {
    pub(super) input: &'a Value,
    pub(super) caller: &'a Caller,
    pub(super) issuer: Issuer<'a>,
    pub(super) now: SystemTime,
    pub(super) context: &'a dyn Context,
}

impl Source<'_> {
    /// An operation's sample response, with the resources of the request and the current time.
    pub(super) fn fill(&self, operation: &DynamicOperation) -> String {
        let Ok(Value::Object(mut members)) = serde_json::from_str(operation.sample()) else {
            return operation.sample().to_owned();
        };
        // Headers cannot hold all that bodies and queries can.
        let fits = |name: &str, given: &Value| {
            let bindings = operation.info().response_bindings;
            is_one_line(given) || bindings.iter().all(|binding| binding.member != name)
        };
        for (name, value) in &mut members {
            let given = self.input.get(name).filter(|given| are_alike(given, value) && fits(name, given));
            if let Some(given) = given {
                *value = given.clone();
            }
        }
        let mut output = Value::Object(members);
        // Issued credentials contain the rest of the response, so that they are made last.
        let (issuing, others): (Vec<_>, Vec<_>) =
            operation.sample_rules().iter().partition(|rule| matches!(rule.value, SampleValue::Issued(_)));
        for rule in others.into_iter().chain(issuing) {
            self.apply(rule, &mut output);
        }
        output.to_string()
    }

    fn apply(&self, rule: &SampleRule, output: &mut Value) {
        match rule.value {
            SampleValue::Now(form) => put(output, rule.at, moment(self.now, form)),
            SampleValue::Text(pieces) => {
                let texts: Option<Vec<_>> = pieces.iter().map(|piece| self.piece(piece)).collect();
                if let Some(texts) = texts {
                    put(output, rule.at, Value::String(texts.concat()));
                }
            }
            SampleValue::OnlyWith(names) => {
                if !names.iter().any(|name| self.input.get(name).is_some_and(|value| !value.is_null()))
                    && let Some((within, name)) = rule.at.rsplit_once('/')
                    && let Some(Value::Object(members)) = output.pointer_mut(within)
                {
                    members.remove(name);
                }
            }
            SampleValue::Issued(issued) => {
                let asked = issued.lifetime.and_then(|name| whole_number(self.input.get(name)?));
                let lifetime = Duration::from_secs(asked.unwrap_or(issued.default_lifetime.into()));
                // The written form has whole seconds only.
                let end = Timestamp::from_seconds(Timestamp::from(self.now + lifetime).seconds());
                let mut remembered = output.clone();
                put(&mut remembered, rule.at, Value::Null);
                let credentials = self.issuer.issue(&remembered, end.into(), self.context);
                let Some(Value::Object(members)) = output.pointer_mut(rule.at) else { return };
                let (end_name, form) = issued.expiration;
                members.insert(end_name.to_owned(), moment(end.into(), form));
                for (name, text) in [
                    (issued.access_key_id, credentials.access_key_id()),
                    (issued.secret_access_key, credentials.secret_access_key().expose()),
                    (issued.session_token, credentials.session_token().map_or("", |token| token.expose())),
                ] {
                    members.insert(name.to_owned(), text.into());
                }
            }
        }
    }

    fn piece(&self, piece: &SamplePiece) -> Option<String> {
        let (value, part) = match *piece {
            SamplePiece::Literal(text) => return Some(text.to_owned()),
            SamplePiece::Request(name, part) => (self.input.get(name), part),
            SamplePiece::Caller(pointer, part) => (self.caller.0.pointer(pointer), part),
        };
        part.of(value?.as_str()?).map(ToOwned::to_owned)
    }
}

/// Whether no text of a value has a control character.
fn is_one_line(value: &Value) -> bool {
    let is_one_line = |text: &str| !text.contains(char::is_control);
    match value {
        Value::String(text) => is_one_line(text),
        Value::Array(items) => items.iter().all(self::is_one_line),
        Value::Object(members) => {
            members.iter().all(|(name, value)| is_one_line(name) && self::is_one_line(value))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => true,
    }
}

/// Whether two values can have the same type. Members of the same name need not: a list of names in the request may
/// select what the response lists with all its properties.
fn are_alike(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.first().zip(other.first()).is_none_or(|(one, other)| are_alike(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.iter().all(|(name, value)| other.get(name).is_none_or(|other| are_alike(value, other)))
        }
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

/// Replaces an existing value.
fn put(output: &mut Value, pointer: &str, value: Value) {
    if let Some(place) = output.pointer_mut(pointer) {
        *place = value;
    }
}

fn moment(time: SystemTime, form: SampleTime) -> Value {
    let time = Timestamp::from(time);
    match form {
        SampleTime::EpochSeconds => time.seconds().into(),
        SampleTime::DateTime => Timestamp::from_seconds(time.seconds()).date_time().to_string().into(),
        SampleTime::HttpDate => time.http_date().to_string().into(),
    }
}

/// A number, or the text of a number, as in forms.
fn whole_number(value: &Value) -> Option<u64> {
    value.as_u64().or_else(|| value.as_str()?.parse().ok())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn values_of_one_type_are_alike() {
        for (one, other, expected) in [
            (json!("a"), json!("b"), true),
            (json!("1"), json!(1), false),
            (json!(["1.30"]), json!([{ "version": "1.30" }]), false),
            (json!([]), json!([{ "version": "1.30" }]), true),
            (json!([{ "version": "1.30" }]), json!([{ "version": "1", "status": "s" }]), true),
            (json!({ "a": "1" }), json!({ "b": "2" }), true),
            (json!({ "a": ["1"] }), json!({ "a": [{}] }), false),
        ] {
            assert_eq!(
                (are_alike(&one, &other), are_alike(&other, &one)),
                (expected, expected),
                "{one} {other}"
            );
        }
    }
}

//! Conversion of cases' values to their wire form, and comparison.

use gatewright_model::{Kind, MemberForm, Service, ShapeId, TimestampFormat};
use serde_json::{Map, Value};

use super::time;

/// The wire form of a value: members under their wire names, times in the form of their shape, bytes in Base64. Members
/// that the shape does not have are kept, so that a comparison finds them.
pub(super) fn wire(service: &Service, id: ShapeId, value: &Value) -> Value {
    form(service, id, MemberForm::Plain, value)
}

fn form(service: &Service, id: ShapeId, of_member: MemberForm, value: &Value) -> Value {
    match (&service.shape(id).kind, value) {
        (Kind::Structure { members } | Kind::Union { members }, Value::Object(object)) => {
            let entry = |(name, value): (&String, &Value)| match members.iter().find(|m| m.name == *name) {
                Some(member) => (member.wire.clone(), form(service, member.shape, member.form, value)),
                None => (name.clone(), value.clone()),
            };
            object.iter().map(entry).collect::<Map<_, _>>().into()
        }
        (Kind::List { member, .. }, Value::Array(items)) => {
            let of_items =
                if let MemberForm::Timestamp(_) = of_member { of_member } else { MemberForm::Plain };
            items.iter().map(|item| form(service, *member, of_items, item)).collect()
        }
        (Kind::Map { value, .. }, Value::Object(entries)) => {
            let entry = |(key, item): (&String, &Value)| {
                (key.clone(), form(service, *value, MemberForm::Plain, item))
            };
            entries.iter().map(entry).collect::<Map<_, _>>().into()
        }
        (Kind::String { .. }, Value::Object(_)) if of_member == MemberForm::JsonText => {
            value.to_string().into()
        }
        (Kind::Blob { .. }, Value::String(text)) => base64(text.as_bytes()).into(),
        (Kind::Timestamp { format }, Value::Number(seconds)) => match of_member.timestamp_format(*format) {
            TimestampFormat::EpochSeconds => value.clone(),
            TimestampFormat::DateTime => time::date_time(seconds.as_f64().unwrap_or_default()).into(),
            TimestampFormat::HttpDate => time::http_date(seconds.as_f64().unwrap_or_default()).into(),
        },
        _ => value.clone(),
    }
}

/// Whether two JSON values are equal; `1` equals `1.0`.
pub(super) fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Number(one), Value::Number(other)) => one == other || one.as_f64() == other.as_f64(),
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => one.len() == other.len() && within(one, other),
        _ => one == other,
    }
}

/// Whether an object has every entry of another.
pub(super) fn within(part: &Map<String, Value>, whole: &Map<String, Value>) -> bool {
    part.iter().all(|(key, value)| whole.get(key).is_some_and(|found| same(value, found)))
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let encode = |chunk: &[u8]| -> Vec<char> {
        let bits = chunk.iter().chain(&[0; 2]).take(3).fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        let digit = |place: usize| {
            if place <= chunk.len() { char::from(DIGITS[bits >> (18 - 6 * place) & 63]) } else { '=' }
        };
        (0..4).map(digit).collect()
    };
    bytes.chunks(3).flat_map(encode).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::conformance::model::{Model, Operation};

    #[test]
    fn values_take_the_form_of_their_shapes() {
        let shape = |name: &str, ty: &str| (name.to_owned(), json!({ "name": name, "type": ty }));
        let members = json!([
            { "name": "blob", "shape": "Blob", "wire": "Blob" },
            { "name": "date", "shape": "Time", "timestamp_format": "date-time" },
            { "name": "http", "shape": "Time", "timestamp_format": "http-date" },
            { "name": "nested", "shape": "Nested" },
            { "name": "time", "shape": "Time" },
        ]);
        let structure = json!({ "name": "In", "type": "structure", "members": members });
        let list = json!({ "name": "Nested", "type": "list", "member": "Blob", "sparse": true });
        let operation = Operation { input: Some("In".to_owned()), ..Operation::default() };
        let model = Model {
            operations: [("Put".to_owned(), operation)].into(),
            shapes: [
                shape("Blob", "blob"),
                shape("Time", "timestamp"),
                ("In".to_owned(), structure),
                ("Nested".to_owned(), list),
            ]
            .into(),
            ..Model::default()
        };
        let service = Service::parse(&model.sources("case")).unwrap();
        let value = json!({
            "blob": "foo", "date": 946_845_296.123, "http": 946_845_296, "nested": ["hi!", null], "time": 1.5,
            "unknown": 1,
        });
        let expected = json!({
            "Blob": "Zm9v", "date": "2000-01-02T20:34:56.123Z", "http": "Sun, 02 Jan 2000 20:34:56 GMT",
            "nested": ["aGkh", null], "time": 1.5, "unknown": 1,
        });
        assert_eq!(wire(&service, service.operations[0].input, &value), expected);
    }

    #[test]
    fn bytes_of_every_length_are_padded() {
        let expected = [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg==")];
        for (text, expected) in expected {
            assert_eq!(base64(text.as_bytes()), expected);
        }
    }

    #[test]
    fn numbers_are_the_same_whatever_they_are_written_like() {
        assert!(same(&json!({ "a": [1, 1.0] }), &json!({ "a": [1.0, 1] })));
        assert!(!same(&json!({ "a": 1 }), &json!({ "a": 1, "b": null })));
        assert!(!same(&json!([1]), &json!([1, 2])));
        assert!(!same(&json!(1), &json!("1")));
    }
}

//! Requests in JSON: members outside of the body may be texts, as in HTTP messages; those of the body have their own types.

use std::collections::BTreeMap;

use serde_core::de::{
    Deserialize, DeserializeOwned, Deserializer, Error as _, MapAccess, Visitor, value::MapAccessDeserializer,
};
use serde_json::{Map, Value};

use crate::{
    codec::{PlacedError, access::Members, json_value::JsonValue},
    protocol::{
        Location, OperationInfo,
        tree::{Node, Style, read::Place},
    },
};

/// Reads a request.
pub(in crate::protocol) fn input<T: DeserializeOwned>(
    operation: &OperationInfo,
    json: &Value,
) -> Result<T, PlacedError> {
    let Value::Object(members) = json else { return T::deserialize(JsonValue(json)) };
    let outside = outside(operation, members)?;
    T::deserialize(MapAccessDeserializer::new(joined(members, &outside)))
}

/// The members outside of the body. Not in `input`, which is compiled for every operation.
fn outside<'de>(
    operation: &OperationInfo,
    members: &'de Map<String, Value>,
) -> Result<BTreeMap<&'de str, Node<'de>>, PlacedError> {
    let outside = members.iter().filter(|(name, _)| is_outside(operation, name));
    let outside = outside.map(|(name, value)| Ok((name.as_str(), Node::deserialize(value)?)));
    outside.collect::<Result<_, _>>().map_err(|error: serde_json::Error| PlacedError::custom(error))
}

fn joined<'de>(
    members: &'de Map<String, Value>,
    outside: &'de BTreeMap<&'de str, Node<'de>>,
) -> impl MapAccess<'de, Error = PlacedError> {
    Members::new(members.iter().map(|(name, value)| {
        let body = || Member::Body(JsonValue(value));
        let member = outside.get(name.as_str());
        (name.as_str(), member.map_or_else(body, |node| Member::Outside(Place::new(node, Style::Bare))))
    }))
}

fn is_outside(operation: &OperationInfo, name: &str) -> bool {
    let binding = operation.request_bindings.iter().find(|binding| binding.member == name);
    binding.is_some_and(|binding| match binding.location {
        Location::Label
        | Location::Query(_)
        | Location::QueryMap
        | Location::Header(_)
        | Location::HeaderList(_)
        | Location::HeaderDates(_)
        | Location::HeaderJson(_)
        | Location::PrefixHeaders(_)
        | Location::StatusCode => true,
        Location::Payload | Location::UnionPayload | Location::RawPayload(_) | Location::TextPayload(_) => {
            false
        }
    })
}

/// A member of a request.
enum Member<'de> {
    Outside(Place<'de>),
    Body(JsonValue<'de>),
}

macro_rules! either {
    ($($method:ident($($name:ident: $type:ty),*))*) => {
        $(fn $method<V: Visitor<'de>>(self, $($name: $type,)* visitor: V) -> Result<V::Value, PlacedError> {
            match self {
                Self::Outside(place) => place.$method($($name,)* visitor),
                Self::Body(value) => value.$method($($name,)* visitor),
            }
        })*
    };
}

impl<'de> Deserializer<'de> for Member<'de> {
    type Error = PlacedError;

    either! {
        deserialize_any() deserialize_bool() deserialize_i8() deserialize_i16() deserialize_i32() deserialize_i64()
        deserialize_u8() deserialize_u16() deserialize_u32() deserialize_u64() deserialize_f32() deserialize_f64()
        deserialize_char() deserialize_str() deserialize_string() deserialize_bytes() deserialize_byte_buf()
        deserialize_option() deserialize_unit() deserialize_unit_struct(name: &'static str)
        deserialize_newtype_struct(name: &'static str) deserialize_seq() deserialize_tuple(length: usize)
        deserialize_tuple_struct(name: &'static str, length: usize) deserialize_map()
        deserialize_struct(name: &'static str, members: &'static [&'static str])
        deserialize_enum(name: &'static str, variants: &'static [&'static str]) deserialize_identifier()
        deserialize_ignored_any()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::protocol::Binding;

    const OPERATION: OperationInfo = OperationInfo::new("Find").with_bindings(
        &[Binding::new("Limit", Location::Query("limit")), Binding::new("Filter", Location::UnionPayload)],
        &[],
    );

    fn numbers(json: &Value) -> Result<BTreeMap<String, u8>, String> {
        input(&OPERATION, json).map_err(|error| error.to_string())
    }

    #[test]
    fn only_texts_outside_of_the_body_are_numbers() {
        let read = numbers(&json!({ "Limit": "5", "Count": 6 }));
        assert_eq!(read, Ok([("Count".to_owned(), 6), ("Limit".to_owned(), 5)].into()));
        for name in ["Count", "Filter"] {
            let refused = numbers(&json!({ name: "5" })).unwrap_err();
            assert!(refused.contains("invalid type: string \"5\", expected u8"), "{refused}");
        }
        assert!(numbers(&json!([1])).is_err());
    }

    #[test]
    fn an_empty_text_in_the_body_is_a_text() {
        let json = json!({ "Filter": "", "Names": ["", null] });
        assert_eq!(input::<Value>(&OPERATION, &json).unwrap(), json);
    }
}

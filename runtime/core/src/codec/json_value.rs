//! Types from JSON values, with the places of errors.

use serde_core::{
    de::{Deserializer, Visitor},
    forward_to_deserialize_any,
};
use serde_json::Value;

use super::{
    access::{Items, Members},
    placed::PlacedError as Error,
};

/// A JSON value, read as `serde_json` reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct JsonValue<'de>(pub(crate) &'de Value);

impl<'de> Deserializer<'de> for JsonValue<'de> {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Value::String(text) => visitor.visit_borrowed_str(text),
            Value::Array(items) => visitor.visit_seq(Items::new(items.iter().map(JsonValue))),
            Value::Object(members) => visitor
                .visit_map(Members::new(members.iter().map(|(name, value)| (&**name, JsonValue(value))))),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

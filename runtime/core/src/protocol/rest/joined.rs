//! A deserializer of responses that adds the members outside of the body.

use std::fmt;

use serde_core::{
    de::{DeserializeSeed, Deserializer, Error as _, MapAccess, Visitor, value::BorrowedStrDeserializer},
    forward_to_deserialize_any,
};

use crate::{
    codec::{decode::Note, placed::PlacedError},
    protocol::{
        Binding, Location, OperationInfo,
        tree::{Node, Style, read::Place},
    },
    wire::Response,
};

/// A response: members outside of the body, and members of the body from `D`.
pub(super) struct Joined<'de, D> {
    outside: &'de [(&'static str, Node<'de>)],
    /// The member that is the whole body.
    payload: Option<(&'static str, Payload<'de>)>,
    body: Option<D>,
}

#[derive(Clone, Copy)]
enum Payload<'de> {
    Raw(&'de [u8]),
    Structured,
}

impl<'de, D> Joined<'de, D> {
    pub(super) fn new(
        operation: &OperationInfo,
        response: &'de Response,
        outside: &'de [(&'static str, Node<'de>)],
        body: Option<D>,
    ) -> Self {
        let payload = operation.response_bindings.iter().find_map(|Binding { member, location, .. }| {
            let payload = match location {
                Location::Payload | Location::UnionPayload => Payload::Structured,
                Location::RawPayload(_) | Location::TextPayload(_) if !response.body().is_empty() => {
                    Payload::Raw(response.body())
                }
                _ => return None,
            };
            Some((*member, payload))
        });
        Self { outside, payload, body }
    }
}

impl<'de, D: Deserializer<'de>> Deserializer<'de> for Joined<'de, D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.deserialize_struct("", &[], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        members: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        let Self { outside, payload, body } = self;
        match (payload, body) {
            (None, Some(body)) => body.deserialize_struct(name, members, WithBody { outside, visitor }),
            (payload, body) => {
                let payload = payload.map(|(name, payload)| (name, payload, body));
                visitor.visit_map(Outside { rest: outside.iter(), payload, next: None })
            }
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Visits the members of a body after those outside.
struct WithBody<'de, V> {
    outside: &'de [(&'static str, Node<'de>)],
    visitor: V,
}

impl<'de, V: Visitor<'de>> Visitor<'de> for WithBody<'de, V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.visitor.expecting(f)
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<V::Value, A::Error> {
        let outside = self.outside.iter();
        self.visitor.visit_map(Members { outside, next: None, body: members })
    }
}

type Iter<'de> = std::slice::Iter<'de, (&'static str, Node<'de>)>;

/// The members outside of the body, and then those of the body.
struct Members<'de, A> {
    outside: Iter<'de>,
    next: Option<&'de (&'static str, Node<'de>)>,
    body: A,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for Members<'de, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        self.next = self.outside.next();
        match self.next {
            Some((name, _)) => seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some),
            None => self.body.next_key_seed(seed),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.next.take() {
            Some((name, node)) => outside(name, node, seed),
            None => self.body.next_value_seed(seed),
        }
    }
}

/// The members outside of the body, and then the member that is the body.
struct Outside<'de, D> {
    rest: Iter<'de>,
    payload: Option<(&'static str, Payload<'de>, Option<D>)>,
    next: Option<&'de (&'static str, Node<'de>)>,
}

impl<'de, D: Deserializer<'de>> MapAccess<'de> for Outside<'de, D> {
    type Error = D::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, D::Error> {
        self.next = self.rest.next();
        let payload = || match &self.payload {
            Some((name, Payload::Raw(_), _) | (name, Payload::Structured, Some(_))) => Some(*name),
            Some((_, Payload::Structured, None)) | None => None,
        };
        let name = self.next.map(|(name, _)| *name).or_else(payload);
        name.map(|name| seed.deserialize(BorrowedStrDeserializer::new(name))).transpose()
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, D::Error> {
        match (self.next.take(), self.payload.take()) {
            (Some((name, node)), payload) => {
                self.payload = payload;
                outside(name, node, seed)
            }
            (None, Some((_, Payload::Structured, Some(body)))) => seed.deserialize(body),
            (None, Some((_, Payload::Raw(bytes), _))) => {
                seed.deserialize(Raw(bytes)).map_err(D::Error::custom)
            }
            (None, Some((_, Payload::Structured, None)) | None) => {
                Err(D::Error::custom("a value was asked for before its name"))
            }
        }
    }
}

/// Reads a member. Its name becomes a part of errors, unless those who read the structure add it.
fn outside<'de, V: DeserializeSeed<'de>, E: serde_core::de::Error>(
    name: &str,
    node: &'de Node<'de>,
    seed: V,
) -> Result<V::Value, E> {
    seed.deserialize(Place::new(node, Style::Bare)).map_err(|error| {
        let unnamed = E::custom(&error);
        if Note::is_in(&unnamed) { E::custom(error.within(name)) } else { unnamed }
    })
}

/// A body that is bytes or text.
struct Raw<'de>(&'de [u8]);

impl<'de> Deserializer<'de> for Raw<'de> {
    type Error = PlacedError;

    fn is_human_readable(&self) -> bool {
        false
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, PlacedError> {
        visitor.visit_borrowed_bytes(self.0)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, PlacedError> {
        visitor.visit_some(self)
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, PlacedError> {
        match str::from_utf8(self.0) {
            Ok(text) => visitor.visit_borrowed_str(text),
            Err(error) => Err(PlacedError::custom(format_args!(
                "the body is not UTF-8 from byte {} on",
                error.valid_up_to()
            ))),
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, PlacedError> {
        self.deserialize_str(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use serde_core::Deserialize as _;

    use super::*;

    #[test]
    fn errors_name_the_member_outside_of_the_body() {
        static BINDINGS: &[Binding] = &[Binding::new("Limit", Location::Header("x-limit"))];
        let operation = OperationInfo::new("Do").with_bindings(&[], BINDINGS);
        let (response, outside) = (Response::default(), [("Limit", Node::Text("many".into()))]);
        let joined = Joined::new(&operation, &response, &outside, None::<Place<'_>>);
        let error = BTreeMap::<String, u8>::deserialize(joined).unwrap_err();
        assert_eq!(error.to_string(), "Limit: invalid type: string \"many\", expected u8");
    }
}

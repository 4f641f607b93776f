//! A serializer of requests that separates the members of the body from the others.

use serde_core::ser::{Error as _, Impossible, Serialize, SerializeMap, Serializer};

use super::{
    bound::Bound,
    scalar::{self, Scalar},
};
use crate::protocol::{Binding, Location};

/// Writes a request: the members of the body with `S`.
pub(super) struct Split<'a, S> {
    bindings: &'static [Binding],
    /// Whether the body has members, next to those of the bindings.
    has_body_members: bool,
    bound: &'a mut Bound,
    body: S,
}

impl<'a, S> Split<'a, S> {
    pub(super) fn new(
        bindings: &'static [Binding],
        has_body_members: bool,
        bound: &'a mut Bound,
        body: S,
    ) -> Self {
        Self { bindings, has_body_members, bound, body }
    }
}

#[cold]
fn no_structure<E: serde_core::ser::Error>() -> E {
    E::custom("a request is a structure")
}

impl<'a, S: Serializer> Serializer for Split<'a, S> {
    type Ok = ();
    type Error = S::Error;
    type SerializeSeq = Impossible<(), S::Error>;
    type SerializeTuple = Impossible<(), S::Error>;
    type SerializeTupleStruct = Impossible<(), S::Error>;
    type SerializeTupleVariant = Impossible<(), S::Error>;
    type SerializeMap = Members<'a, S>;
    type SerializeStruct = Impossible<(), S::Error>;
    type SerializeStructVariant = Impossible<(), S::Error>;

    fn serialize_map(self, length: Option<usize>) -> Result<Members<'a, S>, S::Error> {
        let Self { bindings, has_body_members, bound, body } = self;
        let body = if has_body_members {
            Body::Members(body.serialize_map(length)?)
        } else {
            Body::Payload(Some(body))
        };
        Ok(Members { bindings, bound, body, next: None })
    }

    refuse! {
        no_structure() => {
            serialize_bool(bool) -> ();
            serialize_char(char) -> ();
            serialize_str(&str) -> ();
            serialize_bytes(&[u8]) -> ();
            serialize_i8(i8) -> ();
            serialize_i16(i16) -> ();
            serialize_i32(i32) -> ();
            serialize_i64(i64) -> ();
            serialize_u8(u8) -> ();
            serialize_u16(u16) -> ();
            serialize_u32(u32) -> ();
            serialize_u64(u64) -> ();
            serialize_f32(f32) -> ();
            serialize_f64(f64) -> ();
            serialize_none() -> ();
            serialize_unit() -> ();
            serialize_unit_struct(&'static str) -> ();
            serialize_unit_variant(&'static str, u32, &'static str) -> ();
            serialize_seq(Option<usize>) -> Impossible<(), S::Error>;
            serialize_tuple(usize) -> Impossible<(), S::Error>;
            serialize_tuple_struct(&'static str, usize) -> Impossible<(), S::Error>;
            serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Impossible<(), S::Error>;
            serialize_struct(&'static str, usize) -> Impossible<(), S::Error>;
            serialize_struct_variant(&'static str, u32, &'static str, usize) -> Impossible<(), S::Error>;
        }
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), S::Error> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), S::Error> {
        Err(no_structure())
    }
}

/// The body while a request is written.
enum Body<S: Serializer> {
    Members(S::SerializeMap),
    /// One member is the whole body, or there is none.
    Payload(Option<S>),
}

/// The members of a request while it is written.
pub(super) struct Members<'a, S: Serializer> {
    bindings: &'static [Binding],
    bound: &'a mut Bound,
    body: Body<S>,
    /// The binding of the next value, if it is outside of the members of the body.
    next: Option<&'static Binding>,
}

impl<S: Serializer> SerializeMap for Members<'_, S> {
    type Ok = ();
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        let name = scalar::name(key).map_err(S::Error::custom)?;
        self.next = self.bindings.iter().find(|binding| binding.member == name);
        match (&mut self.body, self.next) {
            (Body::Members(members), None) => members.serialize_key(key),
            (Body::Payload(_), None) => Err(S::Error::custom(format_args!("{name} has no place"))),
            (Body::Members(_) | Body::Payload(_), Some(_)) => Ok(()),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        let scalar = |is_payload| value.serialize(Scalar { is_payload });
        match (self.next.take(), &mut self.body) {
            (None, Body::Members(members)) => members.serialize_value(value),
            (
                Some(binding @ Binding { location: Location::Payload | Location::UnionPayload, .. }),
                Body::Payload(body),
            ) => {
                self.bound.put_body(binding);
                body.take().map_or(Ok(()), |body| value.serialize(body).map(drop))
            }
            (Some(binding), _) => {
                let is_payload = matches!(binding.location, Location::RawPayload(_));
                let put = scalar(is_payload).and_then(|value| self.bound.put(binding, value));
                put.map_err(|error| S::Error::custom(format_args!("{}: {error}", binding.member)))
            }
            (None, Body::Payload(_)) => Err(no_structure()),
        }
    }

    fn end(self) -> Result<(), S::Error> {
        match self.body {
            Body::Members(members) => {
                self.bound.has_body = true;
                members.end().map(drop)
            }
            Body::Payload(Some(body)) if self.bindings.iter().any(is_structure) => {
                self.bound.has_body = true;
                body.serialize_map(None)?.end().map(drop)
            }
            Body::Payload(_) => Ok(()),
        }
    }
}

fn is_structure(binding: &Binding) -> bool {
    binding.location == Location::Payload
}

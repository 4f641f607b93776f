//! Names around the items of lists and the entries of maps. They apply if a model sets other names than the protocol's.
//!
//! Serde passes a frame to a protocol as names of nested newtypes: `FRAMED`, the wrapper, the key and the value. Formats
//! without frames look through newtypes.

pub(crate) mod to_come;

use std::{fmt, marker::PhantomData};

use serde_core::{
    de::{Deserializer, Visitor},
    ser::{Serialize, Serializer},
};

use super::form::{Form, Plain};

/// A list or map type with a frame of its own.
pub trait ListFrame {
    /// The frame.
    const FRAME: Frame;
}

/// Names around the items of a list or the entries of a map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Element around each item or entry; empty if they have the name of the list or map.
    wrapper: &'static str,
    key: &'static str,
    value: &'static str,
}

impl Frame {
    /// Items and entries under the name of the list or map.
    pub const FLAT: Self = Self::within("");

    /// Items or entries within an element of this name.
    pub const fn within(wrapper: &'static str) -> Self {
        Self { wrapper, key: "key", value: "value" }
    }

    /// Names of key and value of an entry.
    #[must_use]
    pub const fn with_entries(mut self, key: &'static str, value: &'static str) -> Self {
        self.key = key;
        self.value = value;
        self
    }
}

/// A list or map in the form `F` with a frame of its own.
#[derive(Debug)]
pub struct Framed<L, F = Plain>(PhantomData<(L, F)>);

/// Name of the newtype around the names of a frame.
const FRAMED: &str = "$gatewright::Framed";

pub(super) type Names = &'static [&'static str];

impl<L: ListFrame, F> Framed<L, F> {
    const NAMES: Names = &[L::FRAME.wrapper, L::FRAME.key, L::FRAME.value];
}

impl<L: ListFrame, T, F: Form<T>> Form<T> for Framed<L, F> {
    fn encode<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        let names = Self::NAMES;
        serializer.serialize_newtype_struct(FRAMED, &Named::<F, T>::new(names, value))
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        let names = Self::NAMES;
        deserializer.deserialize_newtype_struct(FRAMED, NamedVisitor { names, form: PhantomData::<(F, T)> })
    }
}

/// A value within newtypes of these names.
pub(super) struct Named<'a, F, T> {
    names: Names,
    value: &'a T,
    form: PhantomData<F>,
}

impl<'a, F, T> Named<'a, F, T> {
    pub(super) fn new(names: Names, value: &'a T) -> Self {
        Self { names, value, form: PhantomData }
    }
}

impl<T, F: Form<T>> Serialize for Named<'_, F, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.names {
            [name, names @ ..] => serializer.serialize_newtype_struct(name, &Self { names, ..*self }),
            [] => F::encode(self.value, serializer),
        }
    }
}

struct NamedVisitor<F, T> {
    names: Names,
    form: PhantomData<(F, T)>,
}

impl<'de, T, F: Form<T>> Visitor<'de> for NamedVisitor<F, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or map")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        match self.names {
            [name, names @ ..] => deserializer.deserialize_newtype_struct(name, Self { names, ..self }),
            [] => F::decode(deserializer),
        }
    }
}

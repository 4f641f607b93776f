use std::{fmt, marker::PhantomData};

use serde_core::{
    de::{Deserializer, Visitor},
    ser::Serializer,
};

use super::form::{As, Form, Plain};

/// What stands around the items of a list or the entries of a map, where it is not what the protocol puts there.
pub trait Layout {
    /// `$gatewright::Laid:<wrapper>:<key>:<value>`. Without a wrapper, items and entries stand under the name of the whole;
    /// key and value are those of a map's entry.
    const TAG: &'static str;
}

/// A list or map in the form `F` and in a layout of its own. To a protocol without layouts it is as any other.
#[derive(Debug)]
pub struct Laid<L, F = Plain>(PhantomData<(L, F)>);

impl<L: Layout, T, F: Form<T>> Form<T> for Laid<L, F> {
    fn encode<S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_newtype_struct(L::TAG, &As::<F, T>::new(value))
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_newtype_struct(L::TAG, LaidVisitor::<F, T>(PhantomData))
    }
}

struct LaidVisitor<F, T>(PhantomData<(F, T)>);

impl<'de, T, F: Form<T>> Visitor<'de> for LaidVisitor<F, T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list or map")
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        F::decode(deserializer)
    }
}

/// A layout, as serializers and deserializers of protocols take it.
#[cfg(feature = "xml")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Frame {
    /// What stands around each item or entry.
    pub(crate) wrapper: Option<&'static str>,
    pub(crate) key: &'static str,
    pub(crate) value: &'static str,
}

#[cfg(feature = "xml")]
impl Frame {
    /// Nothing around items and entries.
    pub(crate) const BARE: Self = Self { wrapper: None, key: "key", value: "value" };

    /// The layout of this tag, if it is one.
    pub(crate) fn of(tag: &'static str) -> Option<Self> {
        let mut names = tag.strip_prefix("$gatewright::Laid:")?.split(':');
        let (wrapper, key, value) = (names.next()?, names.next()?, names.next()?);
        Some(Self { wrapper: Some(wrapper).filter(|name| !name.is_empty()), key, value })
    }
}

use std::{fmt, marker::PhantomData};

use serde_core::{
    de::{Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor, value::SeqAccessDeserializer},
    ser::{SerializeStruct, Serializer},
};

use super::form::{As, AsSeed, Form, List, Plain};

/// The name by which serializers and deserializers of protocols recognize a list with a wrapper.
pub(crate) const WRAPPED: &str = "$gatewright::Wrapped";

/// Name of the wrapper around the items of a list.
pub trait ItemName {
    /// Name on the wire.
    const NAME: &'static str;
}

/// A list within a wrapper, `{"Gateway": […]}`, whose items have the form `F`. A list without wrapper is read too.
#[derive(Debug)]
pub struct Wrapped<N, F = Plain>(PhantomData<(N, F)>);

impl<N: ItemName, T, F: Form<T>> Form<Vec<T>> for Wrapped<N, F> {
    fn encode<S: Serializer>(value: &Vec<T>, serializer: S) -> Result<S::Ok, S::Error> {
        let mut wrapper = serializer.serialize_struct(WRAPPED, 1)?;
        wrapper.serialize_field(N::NAME, &As::<List<F>, _>::new(value))?;
        wrapper.end()
    }

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
        deserializer.deserialize_struct(WRAPPED, &[N::NAME], WrappedVisitor::<N, F, T>(PhantomData))
    }
}

struct WrappedVisitor<N, F, T>(PhantomData<(N, F, T)>);

impl<'de, N: ItemName, T, F: Form<T>> Visitor<'de> for WrappedVisitor<N, F, T> {
    type Value = Vec<T>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list within {}", N::NAME)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, items: A) -> Result<Vec<T>, A::Error> {
        List::<F>::decode(SeqAccessDeserializer::new(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut wrapper: A) -> Result<Vec<T>, A::Error> {
        let mut list = Vec::new();
        while let Some(name) = wrapper.next_key::<String>()? {
            if name == N::NAME {
                list = wrapper.next_value_seed(AsSeed::<List<F>, _>::new())?;
            } else {
                wrapper.next_value::<IgnoredAny>()?;
            }
        }
        Ok(list)
    }
}

//! Items and members while they are read: they add their places to errors.

use serde_core::de::{
    DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, value::BorrowedStrDeserializer,
};

use super::placed::PlacedError;

/// The items of a list.
pub(crate) struct Items<I> {
    rest: I,
    index: usize,
}

impl<I> Items<I> {
    pub(crate) fn new(rest: I) -> Self {
        Self { rest, index: 0 }
    }
}

impl<'de, D, I> SeqAccess<'de> for Items<I>
where
    D: Deserializer<'de, Error = PlacedError>,
    I: ExactSizeIterator<Item = D>,
{
    type Error = PlacedError;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, PlacedError> {
        let Some(item) = self.rest.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        seed.deserialize(item).map(Some).map_err(|error| error.within_item(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// The members of a structure or map.
pub(crate) struct Members<'de, D, I> {
    rest: I,
    value: Option<(&'de str, D)>,
}

impl<D, I> Members<'_, D, I> {
    pub(crate) fn new(rest: I) -> Self {
        Self { rest, value: None }
    }
}

impl<'de, D, I> MapAccess<'de> for Members<'de, D, I>
where
    D: Deserializer<'de, Error = PlacedError>,
    I: Iterator<Item = (&'de str, D)>,
{
    type Error = PlacedError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, PlacedError> {
        self.value = self.rest.next();
        let Some((name, _)) = &self.value else { return Ok(None) };
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, PlacedError> {
        let (name, value) =
            self.value.take().ok_or_else(|| PlacedError::custom("a value was asked for before its name"))?;
        seed.deserialize(value).map_err(|error| error.within(name))
    }
}

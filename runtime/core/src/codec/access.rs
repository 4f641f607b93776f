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

impl<I: Iterator> Items<I> {
    /// Not in `next_element_seed`, which is compiled for every type of items.
    fn next(&mut self) -> Option<I::Item> {
        self.index += 1;
        self.rest.next()
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
        let Some(item) = self.next() else { return Ok(None) };
        match seed.deserialize(item) {
            Ok(read) => Ok(Some(read)),
            Err(error) => Err(error.within_item(self.index - 1)),
        }
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

impl<'de, D, I: Iterator<Item = (&'de str, D)>> Members<'de, D, I> {
    /// Not in `next_key_seed`, which is compiled for every type of keys.
    fn next(&mut self) -> Option<BorrowedStrDeserializer<'de, PlacedError>> {
        self.value = self.rest.next();
        self.value.as_ref().map(|(name, _)| BorrowedStrDeserializer::new(name))
    }

    /// Not in `next_value_seed`, which is compiled for every type of values.
    fn take(&mut self) -> Result<(&'de str, D), PlacedError> {
        self.value.take().ok_or_else(|| PlacedError::custom("a value was asked for before its name"))
    }
}

impl<'de, D, I> MapAccess<'de> for Members<'de, D, I>
where
    D: Deserializer<'de, Error = PlacedError>,
    I: Iterator<Item = (&'de str, D)>,
{
    type Error = PlacedError;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, PlacedError> {
        match self.next() {
            Some(name) => seed.deserialize(name).map(Some),
            None => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, PlacedError> {
        let (name, value) = self.take()?;
        match seed.deserialize(value) {
            Ok(read) => Ok(read),
            Err(error) => Err(error.within(name)),
        }
    }
}

//! Names and values of a small file.

use std::borrow::Borrow;

/// Names and values, in the order of their first mention. With a few dozen of them a list is searched as quickly as
/// a map is, and compiles in a fraction of the time.
#[derive(Clone, Debug)]
pub(super) struct Table<K, V>(Vec<(K, V)>);

impl<K, V> Default for Table<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: PartialEq, V> Table<K, V> {
    pub(super) fn get<Q: PartialEq + ?Sized>(&self, name: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.iter().find(|(key, _)| key.borrow() == name).map(|(_, value)| value)
    }

    pub(super) fn get_mut<Q: PartialEq + ?Sized>(&mut self, name: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.0.iter_mut().find(|(key, _)| (*key).borrow() == name).map(|(_, value)| value)
    }

    /// Puts a value in the place of the one that has its name.
    pub(super) fn insert(&mut self, name: K, value: V) {
        match self.get_mut(&name) {
            Some(place) => *place = value,
            None => self.0.push((name, value)),
        }
    }

    pub(super) fn remove(&mut self, name: &K) -> Option<V> {
        let index = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.remove(index).1)
    }

    pub(super) fn retain(&mut self, keep: impl Fn(&K) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &K> {
        self.0.iter().map(|(name, _)| name)
    }
}

#[cfg(feature = "rpc-v1")]
impl<K, V> FromIterator<(K, V)> for Table<K, V> {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(pairs.into_iter().collect())
    }
}

impl<K, V> IntoIterator for Table<K, V> {
    type Item = (K, V);
    type IntoIter = std::vec::IntoIter<(K, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

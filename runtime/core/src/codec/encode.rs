//! Structures to serde maps.

use serde_core::ser::{Serialize, SerializeMap, Serializer};

use super::form::{As, Form};

/// Begins a structure.
///
/// # Errors
/// Errors of the serializer.
pub fn structure<S: Serializer>(serializer: S) -> Result<Members<S::SerializeMap>, S::Error> {
    Ok(Members { map: serializer.serialize_map(None)? })
}

/// A structure that is written member by member.
#[derive(Debug)]
pub struct Members<M> {
    map: M,
}

impl<M: SerializeMap> Members<M> {
    /// Writes a required member.
    ///
    /// # Errors
    /// Errors of the serializer.
    #[inline]
    pub fn required<T: Serialize + ?Sized>(
        mut self,
        wire: &'static str,
        value: &T,
    ) -> Result<Self, M::Error> {
        self.map.serialize_entry(wire, value)?;
        Ok(self)
    }

    /// Writes a member if it is present; absent members are omitted, never null.
    ///
    /// # Errors
    /// Errors of the serializer.
    #[inline]
    pub fn optional<T: Serialize>(self, wire: &'static str, value: &Option<T>) -> Result<Self, M::Error> {
        match value {
            Some(value) => self.required(wire, value),
            None => Ok(self),
        }
    }

    /// Like [`required`](Self::required), in a form other than serde's own.
    ///
    /// # Errors
    /// Errors of the serializer.
    pub fn required_as<F: Form<T>, T>(self, wire: &'static str, value: &T) -> Result<Self, M::Error> {
        self.required(wire, &As::<F, T>::new(value))
    }

    /// Like [`optional`](Self::optional), in a form other than serde's own.
    ///
    /// # Errors
    /// Errors of the serializer.
    pub fn optional_as<F: Form<T>, T>(self, wire: &'static str, value: &Option<T>) -> Result<Self, M::Error> {
        match value {
            Some(value) => self.required_as::<F, T>(wire, value),
            None => Ok(self),
        }
    }

    /// Ends the structure.
    ///
    /// # Errors
    /// Errors of the serializer.
    pub fn end(self) -> Result<M::Ok, M::Error> {
        self.map.end()
    }
}

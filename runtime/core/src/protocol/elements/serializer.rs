//! A serializer that writes serde's data model as elements.

use serde_core::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{super::texts::texts, Elements, EncodeError, Parts, Structure};

impl<'e> Serializer for &'e mut Elements {
    texts!(());

    type SerializeSeq = Parts<'e>;
    type SerializeMap = Members<'e>;
    type SerializeStruct = Impossible<(), EncodeError>;

    fn serialize_bytes(self, _: &[u8]) -> Result<(), EncodeError> {
        self.refused("a value of bytes")
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        if !self.to_come.takes(name) {
            self.frame = self.frame.named(name);
        }
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'e>, EncodeError> {
        Ok(self.parts("member"))
    }

    /// [`encode::structure`](crate::codec::encode::structure) does not count its members, unlike maps.
    fn serialize_map(self, length: Option<usize>) -> Result<Members<'e>, EncodeError> {
        Ok(match length {
            None => Members::Structure(self.structure()),
            Some(_) => Members::Map(self.parts("entry")),
        })
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Impossible<(), EncodeError>, EncodeError> {
        self.refused("a list within an object")
    }
}

impl SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = EncodeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.item(value)
    }

    fn end(self) -> Result<(), EncodeError> {
        self.finish();
        Ok(())
    }
}

/// A structure or map while it is written.
pub(in crate::protocol) enum Members<'e> {
    Structure(Structure<'e>),
    Map(Parts<'e>),
}

impl SerializeMap for Members<'_> {
    type Ok = ();
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        match self {
            Self::Structure(structure) => {
                structure.elements.names_member = true;
                key.serialize(&mut *structure.elements)
            }
            Self::Map(parts) => parts.key(key),
        }
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        match self {
            Self::Structure(structure) => value.serialize(&mut *structure.elements),
            Self::Map(parts) => parts.value(value),
        }
    }

    fn end(self) -> Result<(), EncodeError> {
        match self {
            Self::Structure(structure) => structure.finish(),
            Self::Map(parts) => parts.finish(),
        }
        Ok(())
    }
}

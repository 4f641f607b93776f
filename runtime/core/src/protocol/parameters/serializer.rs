//! A serializer that writes serde's data model as names and texts.

use serde_core::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use super::{super::texts::texts, EncodeError, Parameters, Parts, Style};
use crate::codec::wrapped::WRAPPED;

impl<'p> Serializer for &'p mut Parameters {
    texts!(());

    type SerializeSeq = Parts<'p>;
    type SerializeMap = Parts<'p>;
    type SerializeStruct = Parts<'p>;

    fn serialize_bytes(self, _: &[u8]) -> Result<(), EncodeError> {
        self.refused("a value of bytes")
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        if self.style == Style::Wrapped {
            self.frame = self.frame.named(name);
        }
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'p>, EncodeError> {
        if self.name.is_empty() { self.refused("a list without a name") } else { Ok(self.framed("member")) }
    }

    /// [`encode::structure`](crate::codec::encode::structure) does not count its members, unlike maps.
    fn serialize_map(self, length: Option<usize>) -> Result<Parts<'p>, EncodeError> {
        match (length, self.style) {
            (None, _) => Ok(self.members()),
            (Some(_), Style::Wrapped) if !self.name.is_empty() => {
                Ok(Parts { is_map: true, ..self.framed("entry") })
            }
            (Some(_), _) => self.refused("a map"),
        }
    }

    /// Wrappers around items exist in responses only; parameters omit them.
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'p>, EncodeError> {
        Ok(Parts { is_transparent: name == WRAPPED, ..self.members() })
    }
}

impl SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = EncodeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.item(value)
    }

    fn end(self) -> Result<(), EncodeError> {
        self.finish_list();
        Ok(())
    }
}

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), EncodeError> {
        if self.is_map {
            self.number();
            return self.part(self.frame.key(), name);
        }
        self.parameters.names_member = true;
        name.serialize(&mut *self.parameters)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        if self.is_map {
            self.part(self.frame.value(), value)?;
            self.parameters.name.truncate(self.outer);
            return Ok(());
        }
        self.parameters.within(self.outer, value)
    }

    fn end(self) -> Result<(), EncodeError> {
        Ok(())
    }
}

impl SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = EncodeError;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), EncodeError> {
        if !self.is_transparent {
            self.parameters.names_member = true;
            self.parameters.text(name)?;
        }
        self.parameters.within(self.outer, value)
    }

    fn end(self) -> Result<(), EncodeError> {
        Ok(())
    }
}

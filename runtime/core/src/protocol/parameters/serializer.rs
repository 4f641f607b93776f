//! A serializer that writes serde's data model as names and texts.

use serde_core::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use super::{EncodeError, Parameters, Parts, Style};
use crate::codec::wrapped::WRAPPED;

macro_rules! displayed {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), EncodeError> {
            self.display(value)
        })*
    };
}

impl<'p> Serializer for &'p mut Parameters {
    type Ok = ();
    type Error = EncodeError;
    type SerializeSeq = Parts<'p>;
    type SerializeTuple = Impossible<(), EncodeError>;
    type SerializeTupleStruct = Impossible<(), EncodeError>;
    type SerializeTupleVariant = Impossible<(), EncodeError>;
    type SerializeMap = Parts<'p>;
    type SerializeStruct = Parts<'p>;
    type SerializeStructVariant = Impossible<(), EncodeError>;

    displayed!(
        serialize_bool: bool, serialize_char: char, serialize_f32: f32, serialize_f64: f64,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_str(self, value: &str) -> Result<(), EncodeError> {
        self.text(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), EncodeError> {
        self.refused("a value of bytes")
    }

    fn serialize_none(self) -> Result<(), EncodeError> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), EncodeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), EncodeError> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), EncodeError> {
        Ok(())
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<(), EncodeError> {
        self.text(variant)
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

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), EncodeError> {
        self.refused("a union")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'p>, EncodeError> {
        if self.name.is_empty() { self.refused("a list without a name") } else { Ok(self.framed("member")) }
    }

    fn serialize_tuple(self, _: usize) -> Result<Impossible<(), EncodeError>, EncodeError> {
        self.refused("a tuple")
    }

    fn serialize_tuple_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), EncodeError>, EncodeError> {
        self.refused("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), EncodeError>, EncodeError> {
        self.refused("a union")
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

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), EncodeError>, EncodeError> {
        self.refused("a union")
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

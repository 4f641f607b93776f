//! A serializer that writes serde's data model as elements.

use serde_core::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{Elements, EncodeError, Parts, Structure};

macro_rules! displayed {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), EncodeError> {
            self.display(value)
        })*
    };
}

impl<'e> Serializer for &'e mut Elements {
    type Ok = ();
    type Error = EncodeError;
    type SerializeSeq = Parts<'e>;
    type SerializeTuple = Impossible<(), EncodeError>;
    type SerializeTupleStruct = Impossible<(), EncodeError>;
    type SerializeTupleVariant = Impossible<(), EncodeError>;
    type SerializeMap = Members<'e>;
    type SerializeStruct = Impossible<(), EncodeError>;
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
        self.nothing();
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), EncodeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), EncodeError> {
        self.nothing();
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), EncodeError> {
        self.nothing();
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
        if !self.to_come.takes(name) {
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
        self.refused("an alternative without a name")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'e>, EncodeError> {
        Ok(self.parts("member"))
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
        self.refused("a tuple")
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

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), EncodeError>, EncodeError> {
        self.refused("an alternative without a name")
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

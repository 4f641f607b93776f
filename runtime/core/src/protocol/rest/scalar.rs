//! Members outside of the body as texts.

use serde_core::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::protocol::EncodeError;

/// The value of a member outside of the body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value {
    Absent,
    Text(String),
    Bytes(Vec<u8>),
    List(Vec<String>),
    Map(Vec<(String, Vec<String>)>),
}

impl Value {
    /// The texts of a text or list.
    pub(super) fn into_texts(self) -> Result<Vec<String>, EncodeError> {
        match self {
            Self::Absent => Ok(Vec::new()),
            Self::Text(text) => Ok(vec![text]),
            Self::List(texts) => Ok(texts),
            Self::Bytes(_) | Self::Map(_) => Err(refused("this value")),
        }
    }
}

/// Writes a value as texts, and blobs as bytes if they are the whole body.
#[derive(Clone, Copy)]
pub(super) struct Scalar {
    pub(super) is_payload: bool,
}

const TEXT: Scalar = Scalar { is_payload: false };

macro_rules! displayed {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<Value, EncodeError> {
            Ok(Value::Text(value.to_string()))
        })*
    };
}

impl Serializer for Scalar {
    type Ok = Value;
    type Error = EncodeError;
    type SerializeSeq = List;
    type SerializeTuple = Impossible<Value, EncodeError>;
    type SerializeTupleStruct = Impossible<Value, EncodeError>;
    type SerializeTupleVariant = Impossible<Value, EncodeError>;
    type SerializeMap = Map;
    type SerializeStruct = Impossible<Value, EncodeError>;
    type SerializeStructVariant = Impossible<Value, EncodeError>;

    displayed!(
        serialize_bool: bool, serialize_char: char, serialize_f32: f32, serialize_f64: f64,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn is_human_readable(&self) -> bool {
        !self.is_payload
    }

    fn serialize_str(self, text: &str) -> Result<Value, EncodeError> {
        Ok(Value::Text(text.to_owned()))
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, EncodeError> {
        Ok(Value::Bytes(bytes.to_vec()))
    }

    fn serialize_none(self) -> Result<Value, EncodeError> {
        Ok(Value::Absent)
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<Value, EncodeError> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<Value, EncodeError> {
        Ok(Value::Absent)
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<Value, EncodeError> {
        Ok(Value::Absent)
    }

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
    ) -> Result<Value, EncodeError> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, EncodeError> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<Value, EncodeError> {
        Err(refused("a union"))
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, EncodeError> {
        Ok(List(Vec::new()))
    }

    refuse! {
        refused("a tuple") => {
            serialize_tuple(usize) -> Impossible<Value, EncodeError>;
            serialize_tuple_struct(&'static str, usize) -> Impossible<Value, EncodeError>;
        }
        refused("a structure") => {
            serialize_struct(&'static str, usize) -> Impossible<Value, EncodeError>;
        }
        refused("a union") => {
            serialize_tuple_variant(&'static str, u32, &'static str, usize) -> Impossible<Value, EncodeError>;
            serialize_struct_variant(&'static str, u32, &'static str, usize) -> Impossible<Value, EncodeError>;
        }
    }

    /// [`encode::structure`](crate::codec::encode::structure) does not count its members, unlike maps.
    fn serialize_map(self, length: Option<usize>) -> Result<Map, EncodeError> {
        match length {
            Some(_) => Ok(Map { entries: Vec::new(), key: None }),
            None => Err(refused("a structure")),
        }
    }
}

/// A text, from a value that is one.
fn text<T: Serialize + ?Sized>(value: &T) -> Result<Option<String>, EncodeError> {
    match value.serialize(TEXT)? {
        Value::Absent => Ok(None),
        Value::Text(text) => Ok(Some(text)),
        Value::Bytes(_) | Value::List(_) | Value::Map(_) => Err(refused("a nested value")),
    }
}

/// A list while it is written. Nulls are skipped.
pub(super) struct List(Vec<String>);

impl SerializeSeq for List {
    type Ok = Value;
    type Error = EncodeError;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        self.0.extend(text(value)?);
        Ok(())
    }

    fn end(self) -> Result<Value, EncodeError> {
        Ok(Value::List(self.0))
    }
}

/// A map while it is written.
pub(super) struct Map {
    entries: Vec<(String, Vec<String>)>,
    key: Option<String>,
}

impl SerializeMap for Map {
    type Ok = Value;
    type Error = EncodeError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), EncodeError> {
        self.key = text(key)?;
        Ok(())
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), EncodeError> {
        let key = self.key.take().unwrap_or_default();
        self.entries.push((key, value.serialize(TEXT)?.into_texts()?));
        Ok(())
    }

    fn end(self) -> Result<Value, EncodeError> {
        Ok(Value::Map(self.entries))
    }
}

/// The name of a member.
pub(super) fn name<T: Serialize + ?Sized>(key: &T) -> Result<String, EncodeError> {
    Ok(text(key)?.unwrap_or_default())
}

/// The error of a value that cannot be outside of the body.
fn refused(what: &str) -> EncodeError {
    EncodeError(format!("{what} can only be in the body"))
}

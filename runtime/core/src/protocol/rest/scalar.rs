//! Members outside of the body as texts.

use std::fmt::Display;

use serde_core::ser::{Impossible, Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::protocol::{EncodeError, texts::texts};

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

impl Scalar {
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as other serializers of texts")]
    fn text(self, text: &str) -> Result<Value, EncodeError> {
        Ok(Value::Text(text.to_owned()))
    }

    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "as other serializers of texts")]
    fn display(self, value: impl Display) -> Result<Value, EncodeError> {
        Ok(Value::Text(value.to_string()))
    }

    #[expect(clippy::unused_self, reason = "as other serializers of texts")]
    fn nothing(self) -> Value {
        Value::Absent
    }

    #[expect(clippy::unused_self, reason = "as other serializers of texts")]
    fn refused<T>(self, what: &str) -> Result<T, EncodeError> {
        Err(refused(what))
    }
}

impl Serializer for Scalar {
    texts!(Value);

    type SerializeSeq = List;
    type SerializeMap = Map;
    type SerializeStruct = Impossible<Value, EncodeError>;

    fn is_human_readable(&self) -> bool {
        !self.is_payload
    }

    fn serialize_bytes(self, bytes: &[u8]) -> Result<Value, EncodeError> {
        Ok(Value::Bytes(bytes.to_vec()))
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<Value, EncodeError> {
        value.serialize(self)
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<List, EncodeError> {
        Ok(List(Vec::new()))
    }

    fn serialize_struct(
        self,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<Value, EncodeError>, EncodeError> {
        self.refused("a structure")
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

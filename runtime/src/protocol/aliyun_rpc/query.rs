//! Structures as parameters of a query.

use std::fmt::{self, Display, Write as _};

use serde_core::ser::{self, Impossible, Serialize, SerializeMap, SerializeSeq, SerializeStruct, Serializer};

use crate::{
    codec::wrapped::WRAPPED,
    sign::{encode, is_unreserved},
};

/// Writes a structure as `Name=value`, `Name.Member=value`, `Name.1=value`, percent-encoded.
pub(super) struct Query {
    target: Vec<u8>,
    /// Of the parameter about to be written.
    name: String,
    /// The next text is a member's name.
    names_member: bool,
}

impl Query {
    /// A query behind a path that ends in `?`.
    pub(super) fn new(path: String) -> Self {
        Self { target: path.into_bytes(), name: String::new(), names_member: false }
    }

    pub(super) fn pair(&mut self, name: &str, value: &str) {
        if !self.target.ends_with(b"?") {
            self.target.push(b'&');
        }
        encode(&mut self.target, name.as_bytes(), is_unreserved);
        self.target.push(b'=');
        encode(&mut self.target, value.as_bytes(), is_unreserved);
    }

    pub(super) fn into_target(self) -> Vec<u8> {
        self.target
    }

    fn text(&mut self, text: &str) -> Result<(), Refused> {
        if std::mem::take(&mut self.names_member) {
            self.name.push_str(if self.name.is_empty() { "" } else { "." });
            self.name.push_str(text);
            return Ok(());
        }
        if self.name.is_empty() {
            return Err(Refused("a request is a structure: a value has no name of a parameter".to_owned()));
        }
        let name = std::mem::take(&mut self.name);
        self.pair(&name, text);
        self.name = name;
        Ok(())
    }

    fn display(&mut self, value: impl Display) -> Result<(), Refused> {
        self.text(&value.to_string())
    }

    /// Writes what is a part of the current parameter.
    fn within<T: Serialize + ?Sized>(&mut self, outer: usize, value: &T) -> Result<(), Refused> {
        value.serialize(&mut *self)?;
        self.name.truncate(outer);
        Ok(())
    }

    fn members(&mut self) -> Parts<'_> {
        Parts { outer: self.name.len(), count: 0, is_transparent: false, query: self }
    }

    fn refused<T>(&self, what: &str) -> Result<T, Refused> {
        let name = if self.name.is_empty() { "request" } else { &self.name };
        Err(Refused(format!("{name}: {what} has no form among parameters; it can be sent as JSON text only")))
    }
}

/// A structure or list that is being written.
pub(super) struct Parts<'q> {
    query: &'q mut Query,
    /// Length of the name of the whole.
    outer: usize,
    count: usize,
    /// The names of members are not written.
    is_transparent: bool,
}

impl Parts<'_> {
    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        self.count += 1;
        write!(self.query.name, ".{}", self.count).expect("texts take whatever is written");
        self.query.within(self.outer, value)
    }
}

/// Why a value has no form among parameters.
#[derive(Debug)]
pub(super) struct Refused(String);

impl Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

impl ser::Error for Refused {
    fn custom<T: Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

macro_rules! displayed {
    ($($method:ident: $type:ty),*) => {
        $(fn $method(self, value: $type) -> Result<(), Refused> {
            self.display(value)
        })*
    };
}

impl<'q> Serializer for &'q mut Query {
    type Ok = ();
    type Error = Refused;
    type SerializeSeq = Parts<'q>;
    type SerializeTuple = Impossible<(), Refused>;
    type SerializeTupleStruct = Impossible<(), Refused>;
    type SerializeTupleVariant = Impossible<(), Refused>;
    type SerializeMap = Parts<'q>;
    type SerializeStruct = Parts<'q>;
    type SerializeStructVariant = Impossible<(), Refused>;

    displayed!(
        serialize_bool: bool, serialize_char: char, serialize_f32: f32, serialize_f64: f64,
        serialize_i8: i8, serialize_i16: i16, serialize_i32: i32, serialize_i64: i64,
        serialize_u8: u8, serialize_u16: u16, serialize_u32: u32, serialize_u64: u64
    );

    fn serialize_str(self, value: &str) -> Result<(), Refused> {
        self.text(value)
    }

    fn serialize_bytes(self, _: &[u8]) -> Result<(), Refused> {
        self.refused("a value of bytes")
    }

    fn serialize_none(self) -> Result<(), Refused> {
        Ok(())
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Refused> {
        Ok(())
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Refused> {
        Ok(())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, variant: &'static str) -> Result<(), Refused> {
        self.text(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<(), Refused> {
        self.refused("a union")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Parts<'q>, Refused> {
        if self.name.is_empty() { self.refused("a list without a name") } else { Ok(self.members()) }
    }

    fn serialize_tuple(self, _: usize) -> Result<Impossible<(), Refused>, Refused> {
        self.refused("a tuple")
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Impossible<(), Refused>, Refused> {
        self.refused("a tuple")
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Refused>, Refused> {
        self.refused("a union")
    }

    /// [`encode::structure`](crate::codec::encode::structure) does not count its members, unlike maps.
    fn serialize_map(self, length: Option<usize>) -> Result<Parts<'q>, Refused> {
        if length.is_some() { self.refused("a map") } else { Ok(self.members()) }
    }

    /// A wrapper around items is one of responses; here it leaves no trace.
    fn serialize_struct(self, name: &'static str, _: usize) -> Result<Parts<'q>, Refused> {
        Ok(Parts { is_transparent: name == WRAPPED, ..self.members() })
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Impossible<(), Refused>, Refused> {
        self.refused("a union")
    }
}

impl SerializeSeq for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        self.item(value)
    }

    fn end(self) -> Result<(), Refused> {
        Ok(())
    }
}

impl SerializeMap for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, name: &T) -> Result<(), Refused> {
        self.query.names_member = true;
        name.serialize(&mut *self.query)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Refused> {
        self.query.within(self.outer, value)
    }

    fn end(self) -> Result<(), Refused> {
        Ok(())
    }
}

impl SerializeStruct for Parts<'_> {
    type Ok = ();
    type Error = Refused;

    fn serialize_field<T: Serialize + ?Sized>(
        &mut self,
        name: &'static str,
        value: &T,
    ) -> Result<(), Refused> {
        if !self.is_transparent {
            self.query.names_member = true;
            self.query.text(name)?;
        }
        self.query.within(self.outer, value)
    }

    fn end(self) -> Result<(), Refused> {
        Ok(())
    }
}

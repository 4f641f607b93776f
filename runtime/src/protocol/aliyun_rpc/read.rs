//! Types from trees, leniently.

use std::{borrow::Cow, error::Error as StdError, fmt, slice};

use serde_core::{
    de::{
        self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor,
        value::BorrowedStrDeserializer,
    },
    forward_to_deserialize_any,
};

use super::node::{Members, Node};
use crate::codec::{decode::Note, wrapped::WRAPPED};

/// Reads a response. An empty answer is one without members.
pub(super) fn value<'de, T: de::Deserialize<'de>>(node: &'de Node<'de>) -> Result<T, Error> {
    static NO_MEMBERS: Node<'static> = Node::Members(Members::EMPTY);
    T::deserialize(Place(if node.is_nothing() { &NO_MEMBERS } else { node }))
}

/// Where a value is read from.
#[derive(Clone, Copy)]
struct Place<'de>(&'de Node<'de>);

impl<'de> Place<'de> {
    /// What stands here is of another kind.
    fn unfit<T>(self, expected: &dyn de::Expected) -> Result<T, Error> {
        let found = match self.0 {
            node if node.is_nothing() => return Err(Error::absent()),
            Node::Null => Unexpected::Unit,
            Node::Bool(value) => Unexpected::Bool(*value),
            Node::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(number), _) => Unexpected::Unsigned(number),
                (None, Some(number)) => Unexpected::Signed(number),
                (None, None) => Unexpected::Float(number.as_f64().unwrap_or_default()),
            },
            Node::Text(text) => Unexpected::Str(text),
            Node::List(_) => Unexpected::Seq,
            Node::Members(_) => Unexpected::Map,
        };
        Err(de::Error::invalid_type(found, expected))
    }

    /// A list, or a lone item as a list of one.
    fn list<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let items = match self.0 {
            Node::List(items) => items.as_slice(),
            Node::Null => &[],
            lone => slice::from_ref(lone),
        };
        visitor.visit_seq(Items { rest: items.iter(), index: 0 })
    }

    /// The list within a wrapper, or without.
    fn wrapped<V: Visitor<'de>>(self, item: &'static str, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            node if node.is_nothing() => Err(Error::absent()),
            Node::Members(members) if members.is_empty() => Place(&Node::Null).list(visitor),
            node => match node.member(item) {
                Some(items) => Place(items).list(visitor).map_err(|error| error.within(item)),
                None => self.list(visitor),
            },
        }
    }
}

macro_rules! number {
    ($($method:ident)*) => {
        $(fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            self.number(visitor)
        })*
    };
}

impl<'de> Place<'de> {
    fn number<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Node::Number(number) => match (number.as_u64(), number.as_i64(), number.as_f64()) {
                (Some(number), ..) => visitor.visit_u64(number),
                (_, Some(number), _) => visitor.visit_i64(number),
                (.., number) => visitor.visit_f64(number.unwrap_or(f64::NAN)),
            },
            Node::Text(text) => {
                let text = text.trim();
                if let Ok(number) = text.parse::<u64>() {
                    visitor.visit_u64(number)
                } else if let Ok(number) = text.parse::<i64>() {
                    visitor.visit_i64(number)
                } else {
                    match text.parse::<f64>() {
                        Ok(number) if number.is_finite() => visitor.visit_f64(number),
                        _ => self.unfit(&visitor),
                    }
                }
            }
            _ => self.unfit(&visitor),
        }
    }
}

impl<'de> Deserializer<'de> for Place<'de> {
    type Error = Error;

    number! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Number(_) => self.number(visitor),
            node @ Node::Text(_) if node.is_nothing() => Err(Error::absent()),
            Node::Text(text) => visitor.visit_borrowed_str(text),
            Node::List(_) => self.list(visitor),
            Node::Members(members) => visitor.visit_map(Entries::new(members, &[])),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Text(text) if text.trim().eq_ignore_ascii_case("true") => visitor.visit_bool(true),
            node if node.is_false() => visitor.visit_bool(false),
            _ => self.unfit(&visitor),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Node::Text(text) => visitor.visit_borrowed_str(text),
            node => match node.to_text() {
                Some(text) => visitor.visit_string(text.into_owned()),
                None => self.unfit(&visitor),
            },
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if matches!(self.0, Node::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.0.is_nothing() { self.unfit(&visitor) } else { self.list(visitor) }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.0 {
            Node::Members(members) => visitor.visit_map(Entries::new(members, &[])),
            _ => self.unfit(&visitor),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match (self.0, known) {
            (_, [item]) if name == WRAPPED => self.wrapped(item, visitor),
            (Node::Members(members), _) => visitor.visit_map(Entries::new(members, known)),
            _ => self.unfit(&visitor),
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier }
}

struct Items<'de> {
    rest: slice::Iter<'de, Node<'de>>,
    index: usize,
}

impl<'de> SeqAccess<'de> for Items<'de> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(node) = self.rest.next() else { return Ok(None) };
        let index = self.index;
        self.index += 1;
        seed.deserialize(Place(node)).map(Some).map_err(|error| error.within_item(index))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

/// Members, under the names by which the type knows them.
struct Entries<'de> {
    rest: slice::Iter<'de, (Cow<'de, str>, Node<'de>)>,
    members: &'de Members<'de>,
    known: &'static [&'static str],
    value: Option<(&'de str, Place<'de>)>,
}

impl<'de> Entries<'de> {
    fn new(members: &'de Members<'de>, known: &'static [&'static str]) -> Self {
        Self { rest: members.iter(), members, known, value: None }
    }

    /// A name that differs in case alone is taken for a known one that is not there itself.
    fn known(&self, name: &'de str) -> &'de str {
        if self.known.contains(&name) {
            return name;
        }
        let alike = self.known.iter().find(|known| known.eq_ignore_ascii_case(name));
        alike.copied().filter(|known| self.members.exact(known).is_none()).unwrap_or(name)
    }
}

impl<'de> MapAccess<'de> for Entries<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, node)) = self.rest.next() else { return Ok(None) };
        let name = self.known(name);
        self.value = Some((name, Place(node)));
        seed.deserialize(BorrowedStrDeserializer::new(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (name, place) =
            self.value.take().ok_or_else(|| de::Error::custom("a value was asked for before its name"))?;
        seed.deserialize(place).map_err(|error| error.within(name))
    }
}

/// What is wrong, and where: `Gateways.Gateway[3].Size`.
#[derive(Debug)]
pub(super) struct Error {
    place: String,
    message: String,
    note: Note,
}

impl Error {
    #[cold]
    fn absent() -> Self {
        let message = "nothing stands where a value is needed".to_owned();
        Self { place: String::new(), message, note: Note::Absent }
    }

    fn within(self, member: &str) -> Self {
        self.behind(member.to_owned(), Note::Absent)
    }

    fn within_item(self, index: usize) -> Self {
        self.behind(format!("[{index}]"), Note::AbsentItem)
    }

    /// Absence concerns the innermost member or item alone.
    fn behind(self, mut place: String, absent: Note) -> Self {
        let is_innermost = self.place.is_empty();
        let note = if is_innermost && matches!(self.note, Note::Absent) { absent } else { Note::Located };
        place.push_str(if is_innermost || self.place.starts_with('[') { "" } else { "." });
        place.push_str(&self.place);
        Self { place, note, ..self }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place.as_str() {
            "" => f.write_str(&self.message),
            place => write!(f, "{place}: {}", self.message),
        }
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(&self.note)
    }
}

impl de::Error for Error {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self { place: String::new(), message: message.to_string(), note: Note::Located }
    }
}

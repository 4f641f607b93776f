//! Lenient conversion of trees to types.

use std::{borrow::Cow, slice};

use serde_core::{
    de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Unexpected, Visitor},
    forward_to_deserialize_any,
};

use super::node::{Members, Node};
use crate::{
    codec::{
        access,
        framing::{Frame, to_come::FrameToCome},
        placed::PlacedError as Error,
        wrapped::WRAPPED,
    },
    protocol::request_names::RequestNames,
};

/// How lists, maps and empty elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::protocol) enum Style {
    /// Lists are bare, or within a wrapper that the type knows; maps have their keys as names. An element without
    /// content is an absent list or structure.
    Bare,
    /// Items are within `member`, and entries with `key` and `value` within `entry`, unless a frame says otherwise;
    /// bare ones are read, too. An element without content is an empty list, map or structure.
    Wrapped,
    /// The same in a form: an element without content is an empty list even if no element is around its items. Members may
    /// have the names that requests use.
    Request(Option<RequestNames>),
}

static NO_MEMBERS: Members<'static> = Members::EMPTY;

/// Reads a response. An empty body counts as a response without members.
pub(in crate::protocol) fn value<'de, T: de::Deserialize<'de>>(
    node: &'de Node<'de>,
    style: Style,
) -> Result<T, Error> {
    static EMPTY: Node<'static> = Node::Members(Members::EMPTY);
    T::deserialize(Place::new(if node.is_nothing() { &EMPTY } else { node }, style))
}

/// A reader of one value.
#[derive(Clone, Copy)]
pub(in crate::protocol) struct Place<'de> {
    node: &'de Node<'de>,
    style: Style,
    /// Frame of the current list or map.
    frame: FrameToCome,
}

impl<'de> Place<'de> {
    pub(in crate::protocol) fn new(node: &'de Node<'de>, style: Style) -> Self {
        Self { node, style, frame: FrameToCome::default() }
    }

    fn at(self, node: &'de Node<'de>) -> Self {
        Self { node, ..self }
    }

    /// An error for a value of an unexpected kind.
    fn unfit(self, expected: &dyn de::Expected) -> Error {
        let found = match self.node {
            node if node.is_nothing() => return Error::absent(),
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
        de::Error::invalid_type(found, expected)
    }

    /// The items of a list; a single item counts as a list of one.
    fn items(self) -> impl SeqAccess<'de, Error = Error> {
        let items = match self.node {
            Node::List(items) => items.as_slice(),
            Node::Null => &[],
            lone => slice::from_ref(lone),
        };
        access::Items::new(items.iter().map(move |item| Place::new(item, self.style)))
    }

    /// The node within the wrapper of a frame; the node itself if the frame has no wrapper.
    fn unwrapped(self, frame: Frame) -> Self {
        // In a document, it is an item without content if nothing is around the items.
        let is_item = self.style == Style::Wrapped && frame.wrapper().is_none();
        match self.node {
            Node::Text(_) if self.node.is_nothing() && !is_item => self.at(&Node::Null),
            node => self.at(frame.wrapper().and_then(|name| node.member(name)).unwrap_or(node)),
        }
    }

    /// Entries of a map: elements with key and value, or members whose names are the keys.
    fn map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        let frame = self.frame.or(Frame::within("entry"));
        let place = self.unwrapped(frame);
        match place.node {
            node if node.is_nothing() => visitor.visit_map(entries(&NO_MEMBERS, &[], self.style)),
            Node::List(entries) => visitor.visit_map(Pairs::new(entries, frame, self.style)),
            node if node.member(frame.key()).is_some() && node.member(frame.value()).is_some() => {
                visitor.visit_map(Pairs::new(slice::from_ref(node), frame, self.style))
            }
            Node::Members(members) => visitor.visit_map(entries(members, &[], self.style)),
            _ => Err(place.unfit(&visitor)),
        }
    }

    /// The list, within its wrapper or without, and whether it is within.
    fn wrapped(self, item: &str) -> Result<(Self, bool), Error> {
        match self.node {
            node if node.is_nothing() => Err(Error::absent()),
            Node::Members(members) if members.is_empty() => Ok((self.at(&Node::Null), false)),
            node => Ok(node.member(item).map_or((self, false), |items| (self.at(items), true))),
        }
    }

    /// The members of a structure that knows these.
    fn structure(
        self,
        known: &'static [&'static str],
        expected: &dyn de::Expected,
    ) -> Result<impl MapAccess<'de, Error = Error> + use<'de>, Error> {
        match self.node {
            Node::Members(members) => Ok(entries(members, known, self.style)),
            node if node.is_nothing() && self.style != Style::Bare => {
                Ok(entries(&NO_MEMBERS, known, self.style))
            }
            _ => Err(self.unfit(expected)),
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
        match self.node {
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
                        _ => Err(self.unfit(&visitor)),
                    }
                }
            }
            _ => Err(self.unfit(&visitor)),
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
        match self.node {
            Node::Null => visitor.visit_unit(),
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Number(_) => self.number(visitor),
            node @ Node::Text(_) if node.is_nothing() && self.style == Style::Bare => Err(Error::absent()),
            Node::Text(text) => visitor.visit_borrowed_str(text),
            Node::List(_) => visitor.visit_seq(self.items()),
            Node::Members(members) => visitor.visit_map(entries(members, &[], self.style)),
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::Bool(value) => visitor.visit_bool(*value),
            Node::Text(text) if text.trim().eq_ignore_ascii_case("true") => visitor.visit_bool(true),
            node if node.is_false() => visitor.visit_bool(false),
            _ => Err(self.unfit(&visitor)),
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.node {
            Node::Text(text) => visitor.visit_borrowed_str(text),
            node => match node.to_text() {
                Some(text) => visitor.visit_string(text.into_owned()),
                None => Err(self.unfit(&visitor)),
            },
        }
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        if matches!(self.node, Node::Null) { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(Self { frame: self.frame.named(name), ..self })
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.style {
            Style::Bare if self.node.is_nothing() => Err(self.unfit(&visitor)),
            Style::Bare => visitor.visit_seq(self.items()),
            Style::Wrapped | Style::Request(_) => {
                visitor.visit_seq(self.unwrapped(self.frame.or(Frame::within("member"))).items())
            }
        }
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match (self.style, self.node) {
            (Style::Wrapped | Style::Request(_), _) => self.map(visitor),
            (Style::Bare, Node::Members(members)) => visitor.visit_map(entries(members, &[], self.style)),
            (Style::Bare, _) => Err(self.unfit(&visitor)),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        // Compiled for every structure: what does not depend on the visitor is in other functions.
        match known {
            [item] if name == WRAPPED => {
                let (list, is_within) = self.wrapped(item)?;
                let read = visitor.visit_seq(list.items());
                if is_within { read.map_err(|error| error.within(item)) } else { read }
            }
            _ => {
                let members = self.structure(known, &visitor)?;
                visitor.visit_map(members)
            }
        }
    }

    fn deserialize_ignored_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { char bytes byte_buf unit unit_struct tuple tuple_struct enum identifier }
}

/// Members, by the names that the type knows: a name of requests, or one that differs only in case, counts as a known name
/// that is otherwise absent.
fn entries<'de>(
    members: &'de Members<'de>,
    known: &'static [&'static str],
    style: Style,
) -> impl MapAccess<'de, Error = Error> {
    let name = move |name: &'de str| {
        if known.contains(&name) {
            return name;
        }
        let requested = known.iter().find(|known| match style {
            Style::Request(Some(names)) => names.of(known) == name,
            Style::Request(None) | Style::Bare | Style::Wrapped => false,
        });
        let alike = requested.or_else(|| known.iter().find(|known| known.eq_ignore_ascii_case(name)));
        alike.copied().filter(|known| members.exact(known).is_none()).unwrap_or(name)
    };
    access::Members::new(members.iter().map(move |(own, node)| (name(own), Place::new(node, style))))
}

/// Entries that contain their key and value.
struct Pairs<'de> {
    rest: slice::Iter<'de, Node<'de>>,
    frame: Frame,
    style: Style,
    value: Option<(Cow<'de, str>, Place<'de>)>,
}

impl<'de> Pairs<'de> {
    fn new(entries: &'de [Node<'de>], frame: Frame, style: Style) -> Self {
        Self { rest: entries.iter(), frame, style, value: None }
    }
}

impl<'de> MapAccess<'de> for Pairs<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some(entry) = self.rest.next() else { return Ok(None) };
        let part = |name| entry.member(name).ok_or_else(|| de::Error::missing_field(name));
        let (key, value) = (part(self.frame.key())?, part(self.frame.value())?);
        self.value = Some((key.to_text().unwrap_or_default(), Place::new(value, self.style)));
        seed.deserialize(Place::new(key, self.style)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let (key, place) =
            self.value.take().ok_or_else(|| de::Error::custom("a value was asked for before its name"))?;
        seed.deserialize(place).map_err(|error| error.within(&key))
    }
}

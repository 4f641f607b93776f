//! The nodes of trees.

use std::{borrow::Cow, fmt};

use serde_core::{
    Deserialize, Deserializer, Serialize, Serializer,
    de::{DeserializeSeed, MapAccess, SeqAccess, Visitor},
};
use serde_json::Number;

/// A value of a response. Texts are borrowed from the body if possible; there are never more values than bytes.
#[derive(Debug, PartialEq)]
pub(in crate::protocol) enum Node<'a> {
    Null,
    Bool(bool),
    Number(Number),
    Text(Cow<'a, str>),
    List(Vec<Node<'a>>),
    Members(Members<'a>),
}

impl<'a> Node<'a> {
    pub(in crate::protocol) fn member(&self, name: &str) -> Option<&Self> {
        let Self::Members(members) = self else { return None };
        members.find(name)
    }

    /// A text, number or boolean as text.
    pub(in crate::protocol) fn to_text(&self) -> Option<Cow<'a, str>> {
        match self {
            Self::Text(text) => Some(text.clone()),
            Self::Number(number) => Some(number.to_string().into()),
            Self::Bool(value) => Some(if *value { "true" } else { "false" }.into()),
            Self::Null | Self::List(_) | Self::Members(_) => None,
        }
    }

    pub(in crate::protocol) fn is_false(&self) -> bool {
        match self {
            Self::Bool(value) => !value,
            Self::Text(text) => text.trim().eq_ignore_ascii_case("false"),
            Self::Null | Self::Number(_) | Self::List(_) | Self::Members(_) => false,
        }
    }

    /// Whether an element without content may have been read as this value.
    pub(in crate::protocol) fn is_nothing(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::Bool(_) | Self::Number(_) | Self::List(_) | Self::Members(_) => false,
        }
    }
}

/// The body as text, which must be UTF-8.
pub(in crate::protocol) fn decode(body: &[u8]) -> Result<&str, String> {
    match body {
        [0xfe, 0xff, ..] | [0xff, 0xfe, ..] | [0, ..] | [_, 0, ..] => {
            Err("the body is in UTF-16 or UTF-32; only UTF-8 is supported".to_owned())
        }
        [0xef, 0xbb, 0xbf, body @ ..] | body => str::from_utf8(body)
            .map_err(|error| format!("the body is not UTF-8 from byte {} on", error.valid_up_to())),
    }
}

/// Members of a structure by name, without duplicates.
#[derive(Debug, PartialEq)]
pub(in crate::protocol) struct Members<'a>(Vec<(Cow<'a, str>, Node<'a>)>);

impl<'a> Members<'a> {
    /// No members.
    pub(in crate::protocol) const EMPTY: Self = Self(Vec::new());

    /// Collects members; `merge` combines members of the same name.
    pub(in crate::protocol) fn new(
        mut members: Vec<(Cow<'a, str>, Node<'a>)>,
        merge: impl Fn(&mut Node<'a>, Node<'a>),
    ) -> Self {
        members.sort_by(|(left, _), (right, _)| left.cmp(right));
        let mut unique: Vec<(Cow<'a, str>, Node<'a>)> = Vec::with_capacity(members.len());
        for (name, node) in members {
            match unique.last_mut() {
                Some((last, first)) if *last == name => merge(first, node),
                _ => unique.push((name, node)),
            }
        }
        unique.shrink_to_fit();
        Self(unique)
    }

    pub(in crate::protocol) fn iter(&self) -> std::slice::Iter<'_, (Cow<'a, str>, Node<'a>)> {
        self.0.iter()
    }

    pub(in crate::protocol) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in crate::protocol) fn exact(&self, name: &str) -> Option<&Node<'a>> {
        let index = self.0.binary_search_by(|(known, _)| (**known).cmp(name)).ok()?;
        self.0.get(index).map(|(_, node)| node)
    }

    /// The member with this name, else a member whose name differs only in case.
    pub(in crate::protocol) fn find(&self, name: &str) -> Option<&Node<'a>> {
        let alike =
            || self.0.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, node)| node);
        self.exact(name).or_else(alike)
    }
}

/// Reads JSON; `serde_json` limits the depth.
impl<'de> Deserialize<'de> for Node<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Self::Value, E> {
        Ok(Node::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Self::Value, E> {
        Ok(Node::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Self::Value, E> {
        Ok(Node::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Self::Value, E> {
        Ok(Number::from_f64(value).map_or(Node::Null, Node::Number))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Node::Text(text.into()))
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Node::Text(text.to_owned().into()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(item) = items.next_element()? {
            list.push(item);
        }
        Ok(Node::List(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut members = Vec::new();
        while let Some(name) = entries.next_key_seed(Name)? {
            members.push((name, entries.next_value()?));
        }
        Ok(Node::Members(Members::new(members, |earlier, later| *earlier = later)))
    }
}

/// Writes JSON.
impl Serialize for Node<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Number(number) => number.serialize(serializer),
            Self::Text(text) => serializer.serialize_str(text),
            Self::List(items) => serializer.collect_seq(items),
            Self::Members(members) => serializer.collect_map(members.iter().map(|(name, node)| (name, node))),
        }
    }
}

/// A member's name, borrowed from the input if it contains no escapes.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<'de> Visitor<'de> for Name {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a member's name")
    }

    fn visit_borrowed_str<E>(self, name: &'de str) -> Result<Self::Value, E> {
        Ok(name.into())
    }

    fn visit_str<E>(self, name: &str) -> Result<Self::Value, E> {
        Ok(name.to_owned().into())
    }
}

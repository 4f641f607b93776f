//! Positions of places in the text of a file, which parsing does not keep.

use std::collections::BTreeMap;
use std::fmt::{self, Formatter};

use serde_core::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::value::RawValue;

use crate::error::{Place, Step};

/// A place in a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Position {
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

/// A list of a file, and the key by which its entries are named.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Named {
    pub(crate) list: &'static str,
    pub(crate) label: &'static str,
}

/// Positions of places in one file, each the position of its key if it has one. A place that does not exist has the
/// position of its parent. Each level of the text is read once, and only if it contains a place.
pub(crate) fn find(text: &str, named: Option<Named>, places: &[&Place]) -> Vec<Option<Position>> {
    let mut finder = Finder { text, named, offsets: vec![0; places.len()] };
    let ways = places.iter().map(|place| place.steps.as_slice()).enumerate().collect();
    let Ok(root) = serde_json::from_str::<&RawValue>(text) else { return vec![None; places.len()] };
    let start = finder.offset(root.get());
    finder.walk(root, start, true, ways);
    positions(text, &finder.offsets)
}

/// The remaining steps to a place, and the place's number.
type Way<'a> = (usize, &'a [Step]);

struct Finder<'a> {
    text: &'a str,
    named: Option<Named>,
    /// Where each place was found, in bytes.
    offsets: Vec<usize>,
}

impl<'a> Finder<'a> {
    /// Where a part of the text begins.
    fn offset(&self, part: &str) -> usize {
        part.as_ptr().addr().saturating_sub(self.text.as_ptr().addr())
    }

    fn walk(&mut self, value: &'a RawValue, start: usize, is_file: bool, ways: Vec<Way<'_>>) {
        let mut ahead: BTreeMap<&Step, Vec<Way<'_>>> = BTreeMap::new();
        for (place, way) in ways {
            self.offsets[place] = start;
            if let Some((step, rest)) = way.split_first() {
                ahead.entry(step).or_default().push((place, rest));
            }
        }
        if ahead.is_empty() {
            return;
        }
        match serde_json::from_str(value.get()) {
            Ok(Parts::Object(members)) => {
                let by_name: BTreeMap<_, _> =
                    members.iter().map(|(key, value)| (name(key), (*key, *value))).collect();
                let mut entries = BTreeMap::new();
                for (step, ways) in ahead {
                    let Step::Key(key) = step else { continue };
                    if let Some((key, value)) = by_name.get(key.as_str()) {
                        let start = self.offset(key.get());
                        self.walk(value, start, false, ways);
                    } else if is_file {
                        entries.insert(key.as_str(), ways);
                    }
                }
                let named = self.named.filter(|_| !entries.is_empty());
                if let Some((_, list)) = named.and_then(|named| by_name.get(named.list)) {
                    self.walk_entries(list, entries);
                }
            }
            Ok(Parts::Array(items)) => {
                for (step, ways) in ahead {
                    let Step::Index(index) = step else { continue };
                    if let Some(item) = items.get(*index) {
                        let start = self.offset(item.get());
                        self.walk(item, start, false, ways);
                    }
                }
            }
            Ok(Parts::Scalar) | Err(_) => {}
        }
    }

    /// Entries of the file's list by their names.
    fn walk_entries(&mut self, list: &'a RawValue, mut entries: BTreeMap<&str, Vec<Way<'_>>>) {
        let (Some(Named { label, .. }), Ok(Parts::Array(items))) =
            (self.named, serde_json::from_str(list.get()))
        else {
            return;
        };
        for item in items {
            let Ok(Parts::Object(members)) = serde_json::from_str(item.get()) else { continue };
            let labelled = members.iter().find(|(key, _)| name(key) == label);
            if let Some(ways) = labelled.and_then(|(_, value)| entries.remove(name(value).as_str())) {
                let start = self.offset(item.get());
                self.walk(item, start, false, ways);
            }
        }
    }
}

/// The text of a key; empty if it is not a string.
fn name(key: &RawValue) -> String {
    serde_json::from_str(key.get()).unwrap_or_default()
}

/// One level of JSON, with its parts as in the text.
enum Parts<'a> {
    Object(Vec<(&'a RawValue, &'a RawValue)>),
    Array(Vec<&'a RawValue>),
    Scalar,
}

impl<'de: 'a, 'a> Deserialize<'de> for Parts<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PartsVisitor)
    }
}

struct PartsVisitor;

impl<'de> Visitor<'de> for PartsVisitor {
    type Value = Parts<'de>;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Parts<'de>, E> {
        Ok(Parts::Scalar)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Parts<'de>, E> {
        Ok(Parts::Scalar)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Parts<'de>, E> {
        Ok(Parts::Scalar)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Parts<'de>, E> {
        Ok(Parts::Scalar)
    }

    fn visit_str<E>(self, _: &str) -> Result<Parts<'de>, E> {
        Ok(Parts::Scalar)
    }

    fn visit_unit<E>(self) -> Result<Parts<'de>, E> {
        Ok(Parts::Scalar)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Parts<'de>, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Parts::Array(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Parts<'de>, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Parts::Object(members))
    }
}

/// The positions of bytes, in one pass over the text.
fn positions(text: &str, offsets: &[usize]) -> Vec<Option<Position>> {
    let mut order: Vec<_> = (0..offsets.len()).collect();
    order.sort_by_key(|index| offsets[*index]);
    let mut found = vec![None; offsets.len()];
    let mut characters = text.char_indices().peekable();
    let mut position = Position { line: 1, column: 1 };
    for index in order {
        while let Some((_, character)) = characters.next_if(|(offset, _)| *offset < offsets[index]) {
            position = match character {
                '\n' => Position { line: position.line + 1, column: 1 },
                _ => Position { column: position.column + 1, ..position },
            };
        }
        found[index] = Some(position);
    }
    found
}

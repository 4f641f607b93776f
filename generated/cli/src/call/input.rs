//! The input of a call.

use std::{
    collections::BTreeSet,
    fmt::{self, Formatter},
    path::Path,
};

use gatewright_core::text::without_mark;
use serde_core::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::{failure::Failure, source};

/// Reads the input: given directly, in a file, or on standard input.
pub(super) fn read(given: &str) -> Result<Vec<u8>, Failure> {
    let read = match (given, given.strip_prefix('@')) {
        ("-", _) => source::read(given, source::MOST),
        (_, Some("")) => return Err(Failure::Usage("the input is @ without the name of a file".to_owned())),
        (_, Some(path)) => source::read_file(path, source::MOST),
        // The AWS CLI reads files by such URLs.
        (json, None) => match json.strip_prefix("file://").unwrap_or(json) {
            path if Path::new(path).is_file() => {
                return Err(Failure::Usage(format!(
                    "the input is the name of a file; did you mean @{path}?"
                )));
            }
            _ => Ok(json.into()),
        },
    };
    let name = source::name(given);
    let input =
        read.map_err(|error| Failure::Usage(format!("cannot read the input from {name}: {error}")))?;
    let is_named = given == "-" || given.starts_with('@');
    let from = if is_named { format!(" from {name}") } else { String::new() };
    let input = without_mark(&input).into_owned();
    if input.trim_ascii().is_empty() {
        return Err(Failure::Usage(format!("the input{from} is empty; an input without members is {{}}")));
    }
    match serde_json::from_slice::<UniqueKeys>(&input) {
        Err(error) if error.is_data() => {
            Err(Failure::Usage(format!("the input{from} has {error}; remove one of the two")))
        }
        Err(error) => Err(Failure::Usage(format!("the input{from} cannot be read as JSON: {error}"))),
        Ok(_) if !input.trim_ascii_start().starts_with(b"{") => {
            Err(Failure::Usage(format!("the input{from} is not a JSON object: {{\"Member\": value, …}}")))
        }
        // The operation reports the faults of its members.
        Ok(_) => Ok(input),
    }
}

/// JSON in which no object has a key twice: only the last of its values would be sent.
struct UniqueKeys;

impl<'de> Deserialize<'de> for UniqueKeys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Self)
    }
}

impl<'de> Visitor<'de> for UniqueKeys {
    type Value = Self;

    fn expecting(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, _: bool) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_i64<E>(self, _: i64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_u64<E>(self, _: u64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_f64<E>(self, _: f64) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_str<E>(self, _: &str) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_unit<E>(self) -> Result<Self, E> {
        Ok(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Self, A::Error> {
        while seq.next_element::<Self>()?.is_some() {}
        Ok(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self, A::Error> {
        let mut keys = BTreeSet::new();
        while let Some(key) = map.next_key::<String>()? {
            if keys.contains(&key) {
                return Err(A::Error::custom(format!("the key {key:?} a second time")));
            }
            map.next_value::<Self>()?;
            keys.insert(key);
        }
        Ok(self)
    }
}

//! Requests from JSON, and everything that is wrong with one.

use std::fmt;

use serde_core::{
    Serialize,
    de::{Deserialize, DeserializeOwned, Deserializer, MapAccess},
};
use serde_json::{Map, Value};

use crate::{
    Operation,
    codec::decode::{self, Structure},
    operation::Service,
    protocol::Protocol as _,
    validate::{Check, Violation},
};

/// Items of a list that are tried one by one, so that each gets its own report.
const ITEMS: usize = 100;

/// Why a request in JSON is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// The text is not a JSON object.
    Malformed(String),
    /// The members are wrong.
    Invalid(InputFaults),
}

/// Everything that is wrong with the members of a request in JSON.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct InputFaults {
    /// Required members that are absent or null.
    pub missing: Vec<Violation>,
    /// Members whose value has another type.
    pub mistyped: Vec<Violation>,
    /// Members that the request does not have, and that would not be sent.
    pub unknown: Vec<Violation>,
    /// Members that break a constraint of the model.
    pub broken: Vec<Violation>,
}

impl InputFaults {
    /// All of them, in the order of the fields.
    pub fn iter(&self) -> impl Iterator<Item = &Violation> {
        [&self.missing, &self.mistyped, &self.unknown, &self.broken].into_iter().flatten()
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(reason) => f.write_str(reason),
            Self::Invalid(faults) => {
                for (index, violation) in faults.iter().enumerate() {
                    write!(f, "{}{violation}", if index == 0 { "" } else { "; " })?;
                }
                Ok(())
            }
        }
    }
}

impl std::error::Error for Refused {}

/// The request of a client that checks constraints itself, or not at all.
pub(super) fn of_client<R>(input: &[u8], has_constraints: bool) -> Result<R, Refused>
where
    R: Operation + Structure + DeserializeOwned,
{
    let members = object(input)?;
    let mut read = Read::<R>::new(&members)?;
    read.faults.unknown = unknown(&read.request, &members, &read.blank);
    // The client reports broken constraints itself, if there is nothing else to report.
    if read.faults.iter().next().is_some() && has_constraints {
        read.check();
    }
    read.finish()
}

/// The parsed input, if a service would accept it.
pub(super) fn of_service<R>(input: &[u8]) -> Result<Value, Refused>
where
    R: Operation + Structure + DeserializeOwned,
{
    let members = object(input)?;
    let mut read = Read::<R>::new(&members)?;
    // A client fills the token in, so that neither the type nor its constraints ask for it; a service does.
    let token = R::CLIENT_TOKEN.filter(|name| members.get(*name).is_none_or(Value::is_null));
    read.faults.missing.extend(token.map(|name| Violation::missing([name])));
    read.check();
    read.finish().map(|_| Value::Object(members))
}

fn object(input: &[u8]) -> Result<Map<String, Value>, Refused> {
    match serde_json::from_slice(input) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Refused::Malformed("a request is a JSON object: {\"Member\": value, …}".to_owned())),
        Err(error) => Err(Refused::Malformed(error.to_string())),
    }
}

/// A request with blank values for its wrong members, and what is wrong with them.
struct Read<R> {
    request: R,
    faults: InputFaults,
    /// Wire names of the members with a blank value.
    blank: Vec<String>,
}

impl<R: Operation + Structure + DeserializeOwned> Read<R> {
    fn new(members: &Map<String, Value>) -> Result<Self, Refused> {
        let absent = |name: &&&str| members.get(**name).is_none_or(Value::is_null);
        let mut blank: Vec<_> = R::REQUIRED.iter().filter(absent).map(|name| (*name).to_owned()).collect();
        let missing = blank.iter().map(|name| Violation::missing([name.as_str()])).collect();
        let mut faults = InputFaults { missing, ..InputFaults::default() };
        if let Ok(Partial(request)) = partial(members) {
            return Ok(Self { request, faults, blank });
        }
        let mut sound = members.clone();
        for (name, value) in members {
            if faults.add_wrong::<R>(name, value) {
                sound.remove(name);
                blank.push(name.clone());
            }
        }
        match partial(&sound) {
            Ok(Partial(request)) => Ok(Self { request, faults, blank }),
            Err(error) => Err(Refused::Malformed(error.to_string())),
        }
    }

    /// Checks the constraints of the members that are as they were given.
    fn check(&mut self) {
        self.faults.broken = Check::without(&self.request, &self.blank);
    }

    fn finish(self) -> Result<R, Refused> {
        if self.faults.iter().next().is_some() {
            Err(Refused::Invalid(self.faults))
        } else {
            Ok(self.request)
        }
    }
}

/// A structure whose required members may be missing; they are blank then.
struct Partial<R>(R);

impl<R: Structure> Structure for Partial<R> {
    const NAME: &'static str = R::NAME;
    const MEMBERS: &'static [&'static str] = R::MEMBERS;

    fn blank() -> Self {
        Self(R::blank())
    }

    fn member<'de, M: MapAccess<'de>>(
        &mut self,
        name: &str,
        member: decode::Member<'_, M>,
    ) -> Result<(), M::Error> {
        self.0.member(name, member)
    }
}

impl<'de, R: Structure> Deserialize<'de> for Partial<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::structure(deserializer)
    }
}

fn partial<R: Operation + Structure>(members: &Map<String, Value>) -> Result<Partial<R>, serde_json::Error> {
    // Null is as good as absent.
    let given = members.iter().filter(|(_, value)| !value.is_null());
    let given = Value::Object(given.map(|(name, value)| (name.clone(), value.clone())).collect());
    <R::Service as Service>::PROTOCOL.input(&given)
}

impl InputFaults {
    /// Adds what is wrong with a member's value, if anything is. The member is read alone so that it does not hide what is
    /// wrong with the next one; so are the items of a list, with nulls, which lists pass over, in the place of the others.
    fn add_wrong<R: Operation + Structure>(&mut self, name: &str, value: &Value) -> bool {
        let alone = |value: Value| partial::<R>(&Map::from_iter([(name.to_owned(), value)])).err();
        let Some(error) = alone(value.clone()) else { return false };
        let mut of_items = Vec::new();
        if let Value::Array(items) = value
            && items.len() <= ITEMS
        {
            of_items.extend((0..items.len()).filter_map(|index| {
                let only = |(at, item): (usize, &Value)| if at == index { item.clone() } else { Value::Null };
                alone(items.iter().enumerate().map(only).collect())
            }));
        }
        if of_items.is_empty() {
            of_items.push(error);
        }
        for error in of_items {
            self.add(name, &error);
        }
        true
    }

    /// Adds an error of the deserializer. Serde reports a member that is missing further inside as text.
    fn add(&mut self, name: &str, error: &serde_json::Error) {
        let text = error.to_string();
        if let Some((path, missing)) = text.rsplit_once("missing field `") {
            let path = path.split_terminator(": ").chain([missing.trim_end_matches('`')]);
            self.missing.push(Violation::missing(path));
        } else {
            let message = text.strip_prefix(name).and_then(|text| text.strip_prefix(": "));
            self.mistyped.push(Violation::new(name, message.unwrap_or(&text)));
        }
    }
}

/// Members that the request does not have: what would not be sent, although the caller wrote it.
fn unknown(request: &impl Serialize, input: &Map<String, Value>, blank: &[String]) -> Vec<Violation> {
    let mut unknown = Vec::new();
    if let Ok(known) = serde_json::to_value(request) {
        let read = input.iter().filter(|(name, _)| !blank.contains(name));
        let read = Value::Object(read.map(|(name, value)| (name.clone(), value.clone())).collect());
        compare(&read, &known, "", &mut unknown);
    }
    unknown
}

fn compare(input: &Value, known: &Value, path: &str, unknown: &mut Vec<Violation>) {
    match (input, known) {
        (Value::Object(input), Value::Object(known)) => {
            for (name, value) in input.iter().filter(|(_, value)| !value.is_null()) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                match known.get(name) {
                    Some(known) => compare(value, known, &path, unknown),
                    None => unknown.push(Violation::new(path, "there is no such member")),
                }
            }
        }
        (Value::Array(input), Value::Array(known)) if input.len() == known.len() => {
            for (index, (value, known)) in input.iter().zip(known).enumerate() {
                compare(value, known, &format!("{path}[{index}]"), unknown);
            }
        }
        _ => {}
    }
}

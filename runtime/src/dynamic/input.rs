//! Requests from JSON, with a report of all their faults.

use std::{borrow::Cow, fmt, mem, slice};

use serde_core::de::{Deserialize, DeserializeOwned, Deserializer, MapAccess};
use serde_json::{Map, Value};

use super::{
    names::{Names, member},
    repair::Repairs,
};
use crate::{
    Operation,
    codec::{
        PlacedError,
        decode::{self, Structure},
        placed::Reason,
    },
    operation::Service,
    protocol::Protocol as _,
    validate::{Check, Segment, Violation},
};

/// Faults that are shown, and wrong types that are looked for one by one; members after them are read once.
const FAULTS: usize = 100;

/// Reason why a request in JSON is invalid.
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
                for (index, violation) in faults.iter().take(FAULTS).enumerate() {
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
    let (request, mut found) = read::<R>(input, None)?;
    let mut written = serde_json::to_value(&request).ok();
    found.add_unknown(written.as_ref(), !R::MEMBERS.is_empty());
    if has_constraints {
        found.add_broken(Check::all(&request), &mut || written.take());
    }
    found.refused()?;
    Ok(request)
}

/// The members that a service reads, in wire names, if it would accept them.
pub(super) fn of_service<R>(input: &[u8]) -> Result<Value, Refused>
where
    R: Operation + Structure + DeserializeOwned,
{
    // A client fills in the token, so neither the type nor its constraints require it; a service does.
    let (request, mut found) = read::<R>(input, R::INFO.client_token)?;
    found.add_broken(Check::as_service(&request), &mut || serde_json::to_value(&request).ok());
    found.refused()?;
    let read = super::json_of(&request).and_then(|json| serde_json::from_slice(&json));
    read.map_err(|error| Refused::Malformed(error.to_string()))
}

/// A request with other values for its wrong ones, and what was found in its JSON. `token` is required, too.
///
/// The functions that know the type of the request are compiled for every operation: all others are [`Found`]'s.
fn read<R: Operation + Structure>(input: &[u8], token: Option<&str>) -> Result<(R, Found), Refused> {
    let mut request = R::blank();
    let mut reader = |members: &Value| {
        let read = partial::<R>(members)?;
        request = read.request;
        Ok(read.seen)
    };
    let found = Found::read(input, Names::of::<R::Service>(), R::REQUIRED, token, &mut reader)?;
    Ok((request, found))
}

fn object(input: &[u8]) -> Result<Map<String, Value>, Refused> {
    match serde_json::from_slice(input) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Refused::Malformed("a request is a JSON object: {\"Member\": value, …}".to_owned())),
        Err(error) => Err(Refused::Malformed(error.to_string())),
    }
}

fn top(name: &str) -> Vec<Segment> {
    vec![Segment::Member(Cow::Owned(name.to_owned()))]
}

/// What was found in the JSON of a request.
struct Found {
    faults: InputFaults,
    /// The members that the request is read from.
    sound: Value,
    /// Places of the values that were replaced.
    replaced: Vec<Vec<Segment>>,
    names: Names,
}

/// Reads a request; returns the wire names of the members that were read, or the first fault.
type Reader<'a> = &'a mut dyn FnMut(&Value) -> Result<Vec<String>, PlacedError>;

impl Found {
    fn read(
        input: &[u8],
        names: Names,
        required: &[&str],
        token: Option<&str>,
        reader: Reader<'_>,
    ) -> Result<Self, Refused> {
        let mut found = Self::of(object(input)?, names);
        let seen = reader(&found.sound).or_else(|_| {
            found.mend(reader);
            reader(&found.sound).map_err(|error| Refused::Malformed(error.to_string()))
        })?;
        found.require(required, token, &seen);
        Ok(found)
    }

    /// The members that are given: null counts as absent.
    fn of(mut members: Map<String, Value>, names: Names) -> Self {
        members.retain(|_, value| !value.is_null());
        Self { faults: InputFaults::default(), sound: members.into(), replaced: Vec::new(), names }
    }

    /// Replaces what cannot be read: each member alone, so that a long one is not read again for the faults of the others.
    fn mend(&mut self, reader: Reader<'_>) {
        let Value::Object(given) = mem::take(&mut self.sound) else { return };
        let alone = given.into_iter().map(|member| Map::from_iter([member]));
        self.sound = alone.flat_map(|member| self.mend_member(member, reader)).collect();
    }

    /// Adds what is wrong with a member, and replaces it, one value after the other, so that a fault does not hide the
    /// next one. Returns the valid value, or nothing if no valid value can be found.
    fn mend_member(&mut self, member: Map<String, Value>, reader: Reader<'_>) -> Map<String, Value> {
        let mut repairs = Repairs::new(member, self.names);
        while let Err(error) = reader(repairs.members()) {
            let (place, reason) = error.into_parts();
            if !repairs.is_ours(&place) {
                self.faults.add(place.clone(), reason, repairs.get(&place).is_some_and(Value::is_null));
            }
            let outermost: Vec<_> = place.first().cloned().into_iter().collect();
            let found = self.faults.missing.len() + self.faults.mistyped.len();
            if found >= FAULTS || !repairs.replace(place) {
                // A member may have come before, by another of its names.
                if !self.replaced.contains(&outermost) {
                    self.replaced.push(outermost);
                }
                return Map::new();
            }
        }
        let (member, places) = repairs.into_parts();
        self.replaced.extend(places);
        member
    }

    /// Adds the required members that were not seen.
    fn require(&mut self, required: &[&str], token: Option<&str>, seen: &[String]) {
        let is_absent = |name: &&str| {
            let is_replaced =
                |place: &Vec<_>| matches!(place.first(), Some(Segment::Member(member)) if member == name);
            !seen.iter().any(|seen| seen == name) && !self.replaced.iter().any(is_replaced)
        };
        let absent: Vec<_> = required.iter().copied().chain(token).filter(is_absent).map(top).collect();
        self.faults.missing.splice(0..0, absent.iter().cloned().map(Violation::missing));
        self.replaced.extend(absent);
    }

    /// Adds members that the request, which `read` is, does not have: they would not be sent, although the caller wrote them.
    fn add_unknown(&mut self, read: Option<&Value>, ignores_case: bool) {
        if let Some(read) = read {
            compare(&self.sound, read, ignores_case.then_some(self.names), "", &mut self.faults.unknown);
        }
    }

    /// Adds broken constraints of the values that are as they were given; `read` writes the request.
    fn add_broken(&mut self, mut broken: Vec<Violation>, read: &mut dyn FnMut() -> Option<Value>) {
        if broken.is_empty() {
            return;
        }
        if let Some(read) = read() {
            count_nulls(&mut broken, 0, &self.sound, &read, self.names);
        }
        // A list with another item in it may have another length, too.
        broken.retain(|violation| {
            !self.replaced.iter().any(|place| place.iter().zip(violation.place()).all(|(a, b)| a.is_like(b)))
        });
        self.faults.broken = broken;
    }

    fn refused(self) -> Result<(), Refused> {
        if self.faults.iter().next().is_some() { Err(Refused::Invalid(self.faults)) } else { Ok(()) }
    }
}

/// A structure whose required members may be missing; they are blank then.
struct Partial<R> {
    request: R,
    /// Wire names of the members that were read. Only the reader knows which names it takes for them.
    seen: Vec<String>,
}

impl<R: Structure> Structure for Partial<R> {
    const NAME: &'static str = R::NAME;
    const MEMBERS: &'static [&'static str] = R::MEMBERS;

    fn blank() -> Self {
        Self { request: R::blank(), seen: Vec::new() }
    }

    fn member<'de, M: MapAccess<'de>>(
        &mut self,
        name: &str,
        member: decode::Member<'_, M>,
    ) -> Result<(), M::Error> {
        self.request.member(name, member)?;
        self.seen.push(name.to_owned());
        Ok(())
    }
}

impl<'de, R: Structure> Deserialize<'de> for Partial<R> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        decode::structure(deserializer)
    }
}

fn partial<R: Operation + Structure>(members: &Value) -> Result<Partial<R>, PlacedError> {
    <R::Service as Service>::PROTOCOL.input(R::INFO, members)
}

impl InputFaults {
    fn add(&mut self, place: Vec<Segment>, reason: Reason, is_null: bool) {
        if is_null || reason == Reason::Missing {
            self.missing.push(Violation::missing(place));
        } else {
            self.mistyped.push(Violation::at(place, reason.brief()));
        }
    }
}

/// Compares what was written with what was read. With `names`, members may have other names than on the wire.
fn compare(input: &Value, known: &Value, names: Option<Names>, path: &str, unknown: &mut Vec<Violation>) {
    match (input, known) {
        (Value::Object(input), Value::Object(members)) => {
            for (name, value) in input.iter().filter(|(_, value)| !value.is_null()) {
                let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
                let found = names.map_or_else(|| members.get(name), |names| names.named(members, name));
                match found {
                    Some(known) => compare(value, known, names, &path, unknown),
                    None => unknown.push(Violation::new(path, "there is no such member")),
                }
            }
        }
        (input, Value::Array(known)) => {
            for ((index, value), known) in read_items(written(input, known), known.len()).zip(known) {
                compare(value, known, names, &format!("{path}[{index}]"), unknown);
            }
        }
        _ => {}
    }
}

/// The items of a JSON list that a request has, each with its index. Most lists skip nulls.
fn read_items(input: &[Value], read: usize) -> impl Iterator<Item = (usize, &Value)> {
    let keeps_nulls = input.len() == read;
    input.iter().enumerate().filter(move |(_, value)| keeps_nulls || !value.is_null())
}

/// Converts places in a request to places in its JSON, where indices count the nulls that were skipped. `input` and `read`
/// are the values at the first `depth` steps, which all places have in common.
fn count_nulls(violations: &mut [Violation], depth: usize, input: &Value, read: &Value, names: Names) {
    // Each list is counted once, not once for each of its items.
    let given: Option<Vec<_>> =
        items(input).zip(items(read)).map(|(input, read)| read_items(input, read.len()).collect());
    for alike in violations.chunk_by_mut(|one, next| one.place().get(depth) == next.place().get(depth)) {
        let mut counted = None;
        let next = match alike.first().and_then(|violation| violation.place().get(depth)) {
            Some(Segment::Member(name)) => member(input, name, names).zip(read.get(name.as_ref())),
            Some(Segment::Key(key)) => input.get(key).zip(read.get(key)),
            Some(Segment::SecretKey(key)) => input.get(key.expose()).zip(read.get(key.expose())),
            Some(Segment::Index(index)) => given.as_ref().and_then(|given| {
                let (in_input, item) = given.get(*index)?;
                counted = Some(*in_input);
                Some((*item, read.get(*index)?))
            }),
            None => None,
        };
        let Some((input, read)) = next else { continue };
        count_nulls(alike, depth + 1, input, read, names);
        for violation in alike {
            if let (Some(Segment::Index(index)), Some(counted)) =
                (violation.place_mut().get_mut(depth), counted)
            {
                *index = counted;
            }
        }
    }
}

/// The items of a JSON list. In forms, an element may wrap them, the only one of its object.
pub fn items(list: &Value) -> Option<&Vec<Value>> {
    match list {
        Value::Object(wrapper) if wrapper.len() == 1 => wrapper.values().next()?.as_array(),
        list => list.as_array(),
    }
}

/// The items of a JSON list that was read as `known`: within a wrapper, which no item has as a member, or a lone one.
fn written<'a>(list: &'a Value, known: &[Value]) -> &'a [Value] {
    let only =
        list.as_object().filter(|members| members.len() == 1).and_then(|members| members.iter().next());
    let wrapped = only.filter(|(name, _)| known.iter().all(|item| item.get(name).is_none()));
    match wrapped.map_or(list, |(_, wrapped)| wrapped) {
        Value::Array(items) => items,
        lone => slice::from_ref(lone),
    }
}

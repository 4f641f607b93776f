//! Replacement of values that cannot be read.

use serde_json::{Map, Value, json};

use super::{
    input::items,
    names::{self, Names},
};
use crate::validate::Segment;

/// JSON in which values are replaced until it can be read.
pub(super) struct Repairs {
    members: Value,
    names: Names,
    /// Each with the number of values that were tried.
    replaced: Vec<(Vec<Segment>, usize)>,
}

impl Repairs {
    pub(super) fn new(members: Map<String, Value>, names: Names) -> Self {
        Self { members: Value::Object(members), names, replaced: Vec::new() }
    }

    pub(super) fn members(&self) -> &Value {
        &self.members
    }

    /// Whether the value there is not the caller's, but one that was put there.
    pub(super) fn is_ours(&self, place: &[Segment]) -> bool {
        self.replaced.iter().any(|(replaced, _)| is_within(replaced, place))
    }

    pub(super) fn get(&self, place: &[Segment]) -> Option<&Value> {
        place.iter().try_fold(&self.members, |value, step| match step {
            Segment::Index(index) => items(value)?.get(*index),
            Segment::Member(name) => names::member(value, name, self.names),
            Segment::Key(key) => value.get(key),
            Segment::SecretKey(key) => value.get(key.expose()),
        })
    }

    /// Puts another value where one cannot be read or is missing. Fails if every type was tried.
    pub(super) fn replace(&mut self, place: Vec<Segment>) -> bool {
        let (place, tried) = match self.replaced.iter().position(|(replaced, _)| *replaced == place) {
            Some(at) => self.replaced.remove(at),
            None => (place, 0),
        };
        // Null would move the items behind it.
        let values = match place.last() {
            Some(Segment::Index(_)) => [json!({}), json!(""), json!(0), json!(false), json!([]), Value::Null],
            _ => [Value::Null, json!(""), json!(0), json!(false), json!([]), json!({})],
        };
        let put = values
            .into_iter()
            .nth(tried)
            .is_some_and(|value| put(&mut self.members, &place, value, self.names));
        if put {
            // What was put within the last value is gone.
            self.replaced.retain(|(replaced, _)| !is_within(&place, replaced));
            self.replaced.push((place, tried + 1));
            return true;
        }
        // The value around it, if it is ours, is of the wrong type.
        let around = self
            .replaced
            .iter()
            .rfind(|(replaced, _)| is_within(replaced, &place))
            .map(|(outer, _)| outer.clone());
        around.is_some_and(|outer| self.replace(outer))
    }

    pub(super) fn into_parts(self) -> (Map<String, Value>, impl Iterator<Item = Vec<Segment>>) {
        let members = if let Value::Object(members) = self.members { members } else { Map::new() };
        (members, self.replaced.into_iter().map(|(place, _)| place))
    }
}

fn is_within(outer: &[Segment], place: &[Segment]) -> bool {
    place.starts_with(outer)
}

/// Puts a value at a place.
fn put(root: &mut Value, place: &[Segment], new: Value, names: Names) -> bool {
    let ahead = |at| place.get(at + 1);
    let value = place.iter().enumerate().try_fold(root, |value, (at, step)| match step {
        Segment::Index(index) => item(value, *index, ahead(at)),
        Segment::Member(name) => value.as_object_mut().map(|members| member(members, name, names)),
        Segment::Key(_) | Segment::SecretKey(_) => None,
    });
    value.map(|value| *value = new).is_some()
}

/// An item of a list; `next` is the step into it. Some protocols read a lone item as a list of one.
fn item<'a>(list: &'a mut Value, index: usize, next: Option<&Segment>) -> Option<&'a mut Value> {
    let is_lone = match (items(list), next) {
        (None, _) => true,
        (Some(_), Some(Segment::Member(name))) => list.get(name.as_ref()).is_some(),
        (Some(_), _) => false,
    };
    match list {
        lone if is_lone => (index == 0).then_some(lone),
        Value::Object(wrapper) => wrapper.values_mut().next()?.get_mut(index),
        list => list.get_mut(index),
    }
}

/// A member, by any of its names.
fn member<'a>(members: &'a mut Map<String, Value>, wire: &str, names: Names) -> &'a mut Value {
    let key = names.key(members, wire).cloned().unwrap_or_else(|| wire.to_owned());
    members.entry(key).or_insert(Value::Null)
}

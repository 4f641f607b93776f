//! Names of members in JSON, which need not be those on the wire.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::{operation::Service, protocol::Protocol as _};

/// The names that a service's protocol accepts for a member. They are its wire name, its name in requests, and both in
/// any case.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    in_requests: for<'a> fn(&'a str) -> Cow<'a, str>,
}

impl Names {
    /// The names by the protocol of a service.
    pub(super) const fn of<S: Service>() -> Self {
        Self { in_requests: |wire| S::PROTOCOL.request_name(wire) }
    }

    /// The key of an object for the member with this wire name.
    pub(super) fn key<'a>(self, object: &'a Map<String, Value>, wire: &str) -> Option<&'a String> {
        let exactly = object.get_key_value(wire).map(|(key, _)| key);
        exactly.or_else(|| self.others(|accepts| object.keys().find(|key| accepts(wire, key))))
    }

    /// The member, in an object with wire names, that a key of another object is for.
    pub(super) fn named<'a>(self, members: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
        let alike = || members.get(self.others(|accepts| members.keys().find(|wire| accepts(wire, key)))?);
        members.get(key).or_else(alike)
    }

    /// Tries the names other than those on the wire, in the order in which readers of requests do.
    fn others<T>(self, by: impl Fn(&dyn Fn(&str, &str) -> bool) -> Option<T>) -> Option<T> {
        by(&|wire, key| (self.in_requests)(wire) == key)
            .or_else(|| by(&|wire, key| wire.eq_ignore_ascii_case(key)))
    }
}

/// A member of a JSON object by its wire name.
pub fn member<'a>(object: &'a Value, wire: &str, names: Names) -> Option<&'a Value> {
    let members = object.as_object()?;
    members.get(names.key(members, wire)?)
}

//! Entries of errors.

use std::collections::{BTreeMap, BTreeSet};

use super::Maker;
use crate::import::{
    json::{Json, Object},
    vendor::{Member, Retry, Shape},
};

impl Maker<'_> {
    /// Exceptions, or in queries error codes: the code is all that they have there.
    pub(super) fn errors(&mut self, raised: &BTreeMap<&str, BTreeSet<&str>>) -> (Vec<Object>, Vec<Object>) {
        let vendor = self.vendor;
        let is_query = vendor.protocol.is_query();
        let errors = raised.iter().filter_map(|(name, operations)| {
            let shape = vendor.shapes.get(*name)?;
            Some((*name, shape, operations))
        });
        let mut exceptions: BTreeMap<&str, Object> = BTreeMap::new();
        let mut codes: BTreeMap<&str, (Object, BTreeSet<&str>)> = BTreeMap::new();
        let mut aliases = BTreeSet::new();
        for (name, shape, operations) in errors {
            let facts = shape.error.as_ref();
            let code = facts.and_then(|facts| facts.code.as_deref());
            let status = facts.and_then(|facts| facts.status);
            let mut entry = Object::default();
            let has_members = shape.members().iter().any(|member| !self.is_of_every_error(member));
            entry.set_some("shape", has_members.then_some(name));
            let is_error = |status: &u16| (400..=599).contains(status);
            if status.is_some_and(|status| !is_error(&status)) {
                self.losses.shape("statuses of errors that are not from 400 to 599", name);
            }
            entry.set_some("status", status.filter(is_error));
            entry.set_some(
                "category",
                facts.and_then(|facts| facts.retry).map(|retry| match retry {
                    Retry::Transient => "transient",
                    Retry::Throttling => "throttling",
                }),
            );
            if is_query {
                let value = code.unwrap_or(name);
                entry.set("value", value);
                let (known, users) = codes.entry(value).or_insert_with(|| (entry.clone(), BTreeSet::new()));
                if *known != entry {
                    self.losses.shape("other facts of an error that has the code of another", name);
                }
                users.extend(operations);
            } else {
                entry.set("name", name);
                if let Some(alias) = code.filter(|code| *code != name) {
                    if raised.contains_key(alias) || !aliases.insert(alias) {
                        self.losses.shape("second names that several exceptions have", name);
                    } else {
                        entry.set("aliases", [alias].into_iter().collect::<Json>());
                    }
                }
                exceptions.insert(name, entry);
            }
        }
        let codes = codes.into_values().map(|(mut entry, operations)| {
            entry.set("operations", operations.into_iter().collect::<Json>());
            entry
        });
        (exceptions.into_values().collect(), codes.collect())
    }

    /// Whether the client reads the member from all errors: message, code, and code and details within `error`.
    fn is_of_every_error(&self, member: &Member) -> bool {
        let within = || self.vendor.shapes.get(&member.shape).map(Shape::members).unwrap_or_default();
        match &*member.name.to_ascii_lowercase() {
            "message" | "code" | "errormessage" => true,
            "error" => {
                let members: Vec<_> = within().iter().map(|member| member.name.as_str()).collect();
                members.contains(&"errorCode")
                    && members.iter().all(|name| ["errorCode", "errorDetails"].contains(name))
            }
            _ => false,
        }
    }
}

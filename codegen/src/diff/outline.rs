//! Outlines of operations, which reviewers compare side by side.

use std::collections::BTreeMap;

use gatewright_model::{Member, Operation, Service};

use super::side::{Side, text};
use crate::{
    constraint_docs::Rules,
    fields::{Field, Role, Structure},
    naming,
    ordered::Ordered as _,
};

/// An operation: its request, its response, and how it fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outline {
    /// Method of the client.
    pub method: String,
    /// What the operation does.
    pub doc: String,
    /// Members of the request.
    pub request: Vec<Entry>,
    /// Members of the response.
    pub response: Vec<Entry>,
    /// Operation error codes that it is known to return.
    pub codes: Vec<Entry>,
    /// Exceptions that it declares.
    pub exceptions: Vec<Entry>,
    /// How it is called.
    pub facts: Vec<Entry>,
}

/// A name with its type and facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Name; on the wire if it has one there.
    pub name: String,
    /// Type in Rust; empty for what has none.
    pub ty: String,
    /// Constraints and the like, each a sentence.
    pub notes: Vec<String>,
}

/// The operations of a service by name.
pub fn outlines(service: &Service) -> BTreeMap<String, Outline> {
    let side = Side::new(service);
    service.operations.iter().map(|operation| (operation.name.clone(), outline(&side, operation))).ordered()
}

fn outline<'a>(side: &Side<'a>, operation: &'a Operation) -> Outline {
    let codes = side.service.codes_of(operation).map(|code| Entry::named(&code.value));
    Outline {
        method: naming::field(&operation.rust_name).to_string(),
        doc: operation.doc.clone(),
        request: members(side, &side.request(operation)),
        response: members(side, &side.response(operation)),
        codes: codes.collect(),
        exceptions: side.service.exceptions_of(operation).map(|known| Entry::named(&known.name)).collect(),
        facts: facts(operation),
    }
}

impl Entry {
    fn named(name: &str) -> Self {
        Self { name: name.to_owned(), ty: String::new(), notes: Vec::new() }
    }
}

fn members(side: &Side<'_>, structure: &Structure<'_>) -> Vec<Entry> {
    let entry = |field: &Field<'_>| {
        let Member { wire, deprecated, .. } = field.member;
        let mut notes = Vec::new();
        let is_needed = field.member.is_required() && structure.role == Role::Request;
        notes.extend(is_needed.then(|| "Required.".to_owned()));
        let Rules { words, patterns } = Rules::of(&side.context, field.member);
        notes.extend(words.into_iter().chain(patterns));
        notes.extend(deprecated.as_ref().map(|why| format!("Deprecated: {why}")));
        Entry { name: wire.clone(), ty: text(&field.full_ty()), notes }
    };
    structure.fields.iter().map(entry).collect()
}

fn facts(operation: &Operation) -> Vec<Entry> {
    let facts = [
        (operation.read_only, "read-only"),
        (operation.idempotent, "idempotent"),
        (operation.unsigned, "unsigned"),
        (operation.accepts_get, "accepts GET"),
        (operation.request_compression.is_some(), "compressed"),
        (operation.request_checksum.is_some(), "checksum"),
        (operation.pagination.is_some(), "in pages"),
        (operation.deprecated.is_some(), "deprecated"),
    ];
    facts.into_iter().filter(|(holds, _)| *holds).map(|(_, name)| Entry::named(name)).collect()
}

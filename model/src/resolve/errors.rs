//! Exceptions and operation error codes.

use std::collections::BTreeMap;

use super::shapes::Shapes;
use super::{distinct, known, placed, present, rust_names, sorted_texts};
use crate::error::{Place, Report};
use crate::load::{Entry, List};
use crate::{Category, ErrorCode, Exception, Kind, ShapeId, raw};

pub(super) fn exceptions(
    list: &List<raw::Exception>,
    shapes: &Shapes,
    report: &mut Report,
) -> Vec<Exception> {
    distinct(aliases(&list.entries, |raw| &raw.aliases), report);
    let mut resolve = |entry: &Entry<raw::Exception>| {
        let place = &entry.place;
        let raw = entry.raw.as_ref()?;
        present(&place.key("doc"), &raw.doc, report);
        check_status(place, raw.status, report);
        Some(Exception {
            name: raw.name.clone(),
            rust_name: rust_names::own(raw.rust_name.clone(), &raw.name, place, report),
            aliases: raw.aliases.clone(),
            status: raw.status,
            message: raw.message.clone(),
            doc: raw.doc.clone(),
            shape: shape(place, raw.shape.as_deref(), shapes, report),
            category: category(place, raw.category, &[&raw.causes, &raw.remedies], report),
            carries_code: raw.carries_code,
            causes: sentences(&place.key("causes"), &raw.causes, report),
            remedies: sentences(&place.key("remedies"), &raw.remedies, report),
        })
    };
    list.entries.iter().filter_map(&mut resolve).collect()
}

/// The codes, and the families of codes that are not listed: those whose value ends in `*`. At last, the indexes of the codes
/// that each operation is known to return.
pub(super) fn codes(
    list: &List<raw::ErrorCode>,
    operations: &List<raw::Operation>,
    shapes: &Shapes,
    report: &mut Report,
) -> (Vec<ErrorCode>, Vec<ErrorCode>, BTreeMap<String, Vec<usize>>) {
    distinct(aliases(&list.entries, |raw| &raw.aliases), report);
    let (mut codes, mut families, mut of_operations) = (Vec::new(), Vec::new(), BTreeMap::new());
    for Entry { place, raw, .. } in &list.entries {
        let Some(raw) = raw else { continue };
        present(&place.key("doc"), &raw.doc, report);
        let returned_by = raw.operations.as_deref().unwrap_or_default();
        let place_of = place.key("operations");
        if raw.operations.as_ref().is_some_and(Vec::is_empty) {
            report.fault(&place_of, "is empty, remove it if no operation is known");
        }
        sorted_texts(placed(&place_of, returned_by), report);
        known("operation", placed(&place_of, returned_by), operations, report);
        let prefix = raw.value.strip_suffix('*');
        if prefix.is_some() && !(raw.aliases.is_empty() && raw.operations.is_none()) {
            report.fault(place, "is a family of codes, remove its aliases and operations");
        }
        if prefix == Some("") {
            report.fault(place, "matches every code, put a prefix before the *");
        }
        if let Some(status) = raw.status {
            check_status(place, status, report);
        }
        if prefix.is_some() && raw.shape.is_some() {
            report
                .fault(&place.key("shape"), "belongs to a family of codes, give it to codes that are listed");
        }
        let code = ErrorCode {
            value: prefix.unwrap_or(&raw.value).to_owned(),
            rust_name: rust_names::own(raw.rust_name.clone(), &raw.value, place, report),
            aliases: raw.aliases.clone(),
            status: raw.status,
            message: raw.message.clone(),
            doc: raw.doc.clone(),
            shape: shape(place, raw.shape.as_deref(), shapes, report),
            category: category(place, raw.category, &[&raw.causes, &raw.remedies], report),
            causes: sentences(&place.key("causes"), &raw.causes, report),
            remedies: sentences(&place.key("remedies"), &raw.remedies, report),
        };
        for operation in returned_by {
            of_operations.entry(operation.clone()).or_insert_with(Vec::new).push(codes.len());
        }
        if prefix.is_some() { families.push(code) } else { codes.push(code) }
    }
    (codes, families, of_operations)
}

/// The category, which may be missing only if nothing else is known of an error either.
fn category(
    place: &Place,
    category: Option<Category>,
    known: &[&Vec<String>],
    report: &mut Report,
) -> Option<Category> {
    if category.is_none() && known.iter().any(|sentences| !sentences.is_empty()) {
        report.fault(&place.key("category"), "is missing, say what the error means for the caller");
    }
    category
}

/// The structure of an error's members.
fn shape(place: &Place, name: Option<&str>, shapes: &Shapes, report: &mut Report) -> Option<ShapeId> {
    let place = place.key("shape");
    let id = shapes.find(&place, name?, report);
    let shape = shapes.get(id);
    if shape.is_known() && !matches!(shape.kind, Kind::Structure { .. }) {
        report.fault(&place, format!("\"{}\" is not a structure, which errors have members of", shape.name));
    }
    Some(id)
}

fn check_status(place: &Place, status: u16, report: &mut Report) {
    if !(400..=599).contains(&status) {
        report.fault(
            &place.key("status"),
            format!("{status} is not the status of an error, expected 400 to 599"),
        );
    }
}

/// Names, then aliases, so that a clash is a fault of the alias. Duplicate names are reported elsewhere.
fn aliases<'a, T>(entries: &'a [Entry<T>], of: impl Fn(&'a T) -> &'a [String] + 'a) -> Vec<(Place, &'a str)> {
    let mut names: Vec<_> = entries.iter().map(|entry| (entry.place.clone(), entry.name.as_str())).collect();
    names.sort_by_key(|(_, name)| *name);
    names.dedup_by_key(|(_, name)| *name);
    for entry in entries {
        let aliases = entry.raw.as_ref().map_or(&[][..], &of);
        names.extend(placed(&entry.place.key("aliases"), aliases));
    }
    names
}

fn sentences(place: &Place, sentences: &[String], report: &mut Report) -> Vec<String> {
    placed(place, sentences).for_each(|(place, sentence)| present(&place, sentence, report));
    sentences.to_vec()
}

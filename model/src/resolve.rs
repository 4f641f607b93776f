//! Resolves references to indexes, and checks every rule.
//!
//! An unknown reference is reported once and then resolved to a stand-in for any value (see [`shapes::Shapes`]), so that all
//! other checks continue; no service is returned then, so that the stand-in is never seen.

use std::collections::BTreeSet;

use crate::error::{Place, Report};
use crate::load::{Files, List, SERVICE};
use crate::used::UsedShapes;
use crate::{PartitionTable, Service, raw};

mod braces;
mod constraints;
mod endpoints;
mod errors;
mod host_prefix;
mod http;
mod in_runtime;
mod known_responses;
mod operations;
mod pagination;
pub(crate) mod partitions;
mod protocol;
mod reach;
mod response_examples;
mod rust_names;
mod sample;
mod shapes;
mod sizes;
mod values;
mod waiters;

pub use constraints::pattern_fault;

/// The service that the files describe, or `None` and faults in the report.
pub(crate) fn resolve(files: Files, tables: &[PartitionTable], report: &mut Report) -> Option<Service> {
    sorted(&files.operations, report);
    sorted(&files.shapes, report);
    sorted(&files.exceptions, report);
    sorted(&files.error_codes, report);
    sorted(&files.waiters, report);

    let sure = files.operations.is_whole() && files.shapes.is_whole();
    let shapes = shapes::resolve(files.shapes, report);
    let exceptions = errors::exceptions(&files.exceptions, &shapes, report);
    let (error_codes, code_families, codes) =
        errors::codes(&files.error_codes, &files.operations, &shapes, report);
    let wraps = |raw: &raw::Service| matches!(raw.protocol, raw::Protocol::AliyunRpc(_));
    let lookup = waiters::Lookup {
        shapes: &shapes,
        wraps: files.service.as_ref().is_some_and(wraps),
        exceptions: &exceptions,
        codes: &error_codes,
    };
    let waiters = waiters::resolve(files.waiters, &files.operations, &lookup, report);
    let operations =
        operations::resolve(files.operations, &shapes, &files.exceptions, codes, waiters, report);
    let mut shapes = shapes.list;
    let of_errors =
        exceptions.iter().map(|error| error.shape).chain(error_codes.iter().map(|error| error.shape));
    let of_errors: Vec<_> = of_errors.flatten().collect();
    reach::mark(&mut shapes, &operations, &of_errors, sure, report);
    rust_names::check(&shapes, &operations, &exceptions, &error_codes, report);
    let raw = files.service?;
    let in_runtime = raw.in_runtime.map(|raw| in_runtime::resolve(raw, &operations, &shapes, sure, report));
    let endpoints = endpoints::resolve(raw.endpoints, tables, report);

    let place = Place::file(SERVICE);
    for (key, text) in [("title", &raw.title), ("doc", &raw.doc), ("settings_id", &raw.settings_id)] {
        present(&place.key(key), text, report);
    }
    rust_names::check_service(&raw.name, &place.key("name"), report);
    header(&place.key("version"), &raw.version, report);
    let (protocol, auth) = protocol::resolve(raw.protocol, raw.auth, &operations, &shapes, report);
    if !of_errors.is_empty() && protocol.as_raw_http().is_some() {
        let fault = "has errors with members, which its protocol does not support, remove their \"shape\"";
        report.fault(&place.key("protocol"), fault);
    }
    let hosts = protocol.as_raw_http().map_or(&[][..], |protocol| &protocol.hosts);
    let known_responses = files.known_responses.map(|raw| known_responses::resolve(raw, hosts, report));
    let mut service = Service {
        name: raw.name,
        title: raw.title,
        doc: raw.doc,
        version: raw.version,
        settings_id: raw.settings_id,
        protocol,
        auth,
        endpoints,
        error_body: raw.error_body,
        in_runtime,
        operations,
        shapes,
        exceptions,
        error_codes,
        code_families,
        known_responses,
        used: UsedShapes::default(),
    };
    service.find_used();
    service.shapes.pop(); // the stand-in
    Some(service)
}

/// Checks that entries are sorted by name, each once.
fn sorted<T>(list: &List<T>, report: &mut Report) {
    let named: Vec<_> = list.entries.iter().filter(|entry| !entry.name.is_empty()).collect();
    sorted_texts(named.iter().map(|entry| (entry.place.clone(), entry.name.as_str())), report);
}

/// Checks that texts are sorted, each once.
fn sorted_texts<'a>(texts: impl IntoIterator<Item = (Place, &'a str)>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    let mut before = "";
    for (place, text) in texts {
        if !seen.insert(text) {
            report.fault(&place, format!("\"{text}\" is listed twice, remove or rename one"));
        } else if text < before {
            report.fault(&place, format!("\"{text}\" comes after \"{before}\", sort the list"));
        }
        before = text;
    }
}

/// The items of a list with their places.
fn placed<'a>(place: &Place, texts: &'a [String]) -> impl Iterator<Item = (Place, &'a str)> {
    texts.iter().enumerate().map(|(index, text)| (place.index(index), text.as_str()))
}

/// Checks that every reference names an entry.
fn known<'a, T>(
    what: &str,
    references: impl IntoIterator<Item = (Place, &'a str)>,
    list: &List<T>,
    report: &mut Report,
) {
    for (place, name) in references {
        if list.complete && !list.names.contains(name) {
            report.unknown(&place, what, name, list.names.iter().map(String::as_str));
        }
    }
}

/// Checks that names and aliases all differ: one text on the wire has one meaning.
fn distinct<'a>(texts: impl IntoIterator<Item = (Place, &'a str)>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for (place, text) in texts {
        if !seen.insert(text) {
            report.fault(&place, format!("\"{text}\" already has a meaning, remove or correct one"));
        }
    }
}

/// Checks that a required sentence is present.
fn present(place: &Place, text: &str, report: &mut Report) {
    if text.trim().is_empty() {
        report.fault(place, "is missing or empty, fill it in");
    }
}

/// Checks a word that is sent in a header.
fn header(place: &Place, text: &str, report: &mut Report) {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        report.fault(place, format!("\"{text}\" cannot be in a header, use printable ASCII without blanks"));
    }
}

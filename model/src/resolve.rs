//! References become indexes, and every rule is checked.
//!
//! A reference that leads nowhere is reported once and then stands for any value (see [`shapes::Shapes`]), so that all
//! other checks go on; no service comes out then, so no one sees the stand-in.

use std::collections::BTreeSet;

use crate::error::{Place, Report};
use crate::load::{Entry, Files, SERVICE};
use crate::{Auth, Protocol, Service, raw};

mod endpoints;
mod errors;
mod operations;
mod reach;
mod rust_names;
mod shapes;
mod values;

/// The service that the files describe, or `None` and faults in the report.
pub(crate) fn resolve(files: Files, report: &mut Report) -> Option<Service> {
    sorted(&files.operations, report);
    sorted(&files.shapes, report);
    sorted(&files.exceptions, report);
    sorted(&files.error_codes, report);

    let exceptions = errors::exceptions(&files.exceptions, report);
    let error_codes = errors::codes(&files.error_codes, &files.operations, report);
    let shapes = shapes::resolve(files.shapes, report);
    let operations = operations::resolve(files.operations, &shapes, &files.exceptions, report);
    let mut shapes = shapes.list;
    reach::mark(&mut shapes, &operations, report);
    rust_names::check(&shapes, &operations, &exceptions, &error_codes, report);
    let raw = files.service?;
    let endpoints = endpoints::resolve(raw.endpoints, report);

    let place = Place::file(SERVICE);
    for (key, text) in
        [("name", &raw.name), ("title", &raw.title), ("doc", &raw.doc), ("version", &raw.version)]
    {
        present(&place.key(key), text, report);
    }
    shapes.pop(); // the stand-in
    Some(Service {
        name: raw.name,
        title: raw.title,
        doc: raw.doc,
        version: raw.version,
        settings_id: raw.settings_id,
        protocol: match raw.protocol {
            raw::Protocol::AwsJson(raw::AwsJson { version, target_prefix }) => {
                Protocol::AwsJson { version, target_prefix }
            }
        },
        auth: match raw.auth {
            raw::Auth::SigV4(raw::SigV4 { signing_name }) => Auth::SigV4 { signing_name },
        },
        endpoints,
        error_body: raw.error_body,
        operations,
        shapes,
        exceptions,
        error_codes,
    })
}

/// Entries stand in the order of their names, each once.
fn sorted<T>(entries: &[Entry<T>], report: &mut Report) {
    let mut seen = BTreeSet::new();
    for entry in entries.iter().filter(|entry| !entry.name.is_empty()) {
        if !seen.insert(entry.name.as_str()) {
            report.fault(&entry.place, "is there twice, remove or rename one");
        } else if seen.last() != Some(&entry.name.as_str()) {
            let before = seen.range(entry.name.as_str()..).nth(1).copied().unwrap_or_default();
            report.fault(&entry.place, format!("is out of order, move it before \"{before}\""));
        }
    }
}

/// Texts stand in order, each once.
fn sorted_texts(place: &Place, texts: &[String], report: &mut Report) {
    for (index, pair) in texts.windows(2).enumerate() {
        let [before, text] = pair else { continue };
        let place = place.index(index + 1);
        if before == text {
            report.fault(&place, format!("\"{text}\" is there twice, remove one"));
        } else if before > text {
            report.fault(&place, format!("\"{text}\" is out of order, move it before \"{before}\""));
        }
    }
}

/// Names and aliases, which must all differ: one text on the wire has one meaning.
fn distinct<'a>(texts: impl IntoIterator<Item = (Place, &'a str)>, report: &mut Report) {
    let mut seen = BTreeSet::new();
    for (place, text) in texts {
        if !seen.insert(text) {
            report
                .fault(&place, format!("\"{text}\" already has a meaning, remove or correct one of the two"));
        }
    }
}

/// A sentence where one is due.
fn present(place: &Place, text: &str, report: &mut Report) {
    if text.trim().is_empty() {
        report.fault(place, "is missing or empty, say it in a sentence or word");
    }
}

/// What to say of a name that nothing has.
fn unknown<'a>(what: &str, name: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let near = known.into_iter().map(|known| (distance(name, known), known)).min();
    match near {
        Some((distance, near)) if distance <= 1 + name.len() / 4 => {
            format!("unknown {what} \"{name}\", did you mean \"{near}\"?")
        }
        Some(_) | None => format!("unknown {what} \"{name}\", add it or correct the name"),
    }
}

/// Number of letters to add, remove or replace to get from one text to the other; case does not count.
fn distance(a: &str, b: &str) -> usize {
    let (a, b) = (a.to_ascii_lowercase(), b.to_ascii_lowercase());
    let mut row: Vec<_> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        let mut left = i + 1;
        for (slot, y) in row.iter_mut().skip(1).zip(b.chars()) {
            let replaced = diagonal + usize::from(x != y);
            diagonal = *slot;
            left = replaced.min(diagonal + 1).min(left + 1);
            *slot = left;
        }
        row[0] = i + 1;
    }
    row.last().copied().unwrap_or_default()
}

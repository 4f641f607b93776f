//! The report of an import: changes, and remaining tasks.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use super::{
    Imported,
    json::Json,
    merge::{Change, What},
    vendor::{Losses, Subject, Vendor},
};

/// Names that a line shows.
const SHOWN: usize = 8;

/// The report of an import, section by section; empty sections are left out.
pub(super) fn text(imported: &Imported) -> String {
    let mut text = String::new();
    let mut section = |title: &str, lines: Vec<String>| {
        if !lines.is_empty() {
            let _ = writeln!(text, "{title}");
            for line in lines {
                let _ = writeln!(text, "  {line}");
            }
        }
    };
    section(
        "what the vendor's model says and ours cannot express:",
        losses(&imported.losses, &imported.raisers),
    );
    section(
        "what the vendor's model says and no client needs; it is left out:",
        losses(&imported.unneeded, &imported.raisers),
    );
    section(
        "what the vendor's own clients do by hand, and callers do themselves:",
        imported.by_callers.iter().map(|line| (*line).to_owned()).collect(),
    );
    section(
        "what is ours and differs from the vendor's model; it stays:",
        lines(&imported.differences, difference),
    );
    let is_kept = |change: &&Change| matches!(change.what, What::Kept { .. });
    let is_outdated = |change: &&Change| matches!(change.what, What::Outdated { .. });
    let is_other = |change: &&Change| !is_kept(change) && !is_outdated(change);
    section("changed:", lines(imported.changes.iter().filter(is_other), line));
    section(
        "the vendor changed what we had changed; ours stays, edit it if the vendor is right:",
        lines(imported.changes.iter().filter(is_kept), line),
    );
    section(
        "to write: what was ours and said the same as the vendor's old pattern; it is removed:",
        lines(imported.changes.iter().filter(is_outdated), line),
    );
    let written = imported.generated.iter().filter(|(_, names)| !names.is_empty());
    section(
        "to write: sentences that are generated, \"doc\" of",
        written.map(|(file, names)| format!("{file}: {}", list(names.iter().map(String::as_str)))).collect(),
    );
    text
}

/// One line per kind of loss, with the operations that it concerns.
fn losses(losses: &Losses, raisers: &BTreeMap<String, BTreeSet<String>>) -> Vec<String> {
    let line = |(kind, subjects): (&String, &BTreeSet<Subject>)| {
        let mut operations = BTreeSet::new();
        let mut shapes = BTreeSet::new();
        for subject in subjects {
            match subject {
                Subject::Service => {}
                Subject::Operation(name) => {
                    operations.insert(name.as_str());
                }
                Subject::Shape(name) => {
                    shapes.insert(name.as_str());
                    operations.extend(raisers.get(name).into_iter().flatten().map(String::as_str));
                }
            }
        }
        let mut line = kind.clone();
        if !shapes.is_empty() {
            let _ = write!(line, "; {} {}", count(shapes.len(), "shape"), list(shapes.into_iter()));
        }
        if !operations.is_empty() {
            let _ =
                write!(line, "; {} {}", count(operations.len(), "operation"), list(operations.into_iter()));
        }
        line
    };
    losses.0.iter().map(line).collect()
}

/// The operations that concern each shape, by what they refer to.
pub(super) fn raisers(vendor: &Vendor) -> BTreeMap<String, BTreeSet<String>> {
    let mut raisers: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (name, operation) in &vendor.operations {
        let ends = [&operation.input, &operation.output].into_iter().flatten().chain(&operation.errors);
        for shape in vendor.reached(ends.map(String::as_str)) {
            raisers.entry(shape.to_owned()).or_default().insert(name.clone());
        }
    }
    raisers
}

fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Some of the names, and how many more there are.
fn list<'a>(names: impl ExactSizeIterator<Item = &'a str>) -> String {
    let count = names.len();
    let mut names: Vec<_> = names.take(if count > SHOWN + 1 { SHOWN } else { count }).collect();
    let rest = format!("and {} more", count - names.len());
    if names.len() < count {
        names.push(&rest);
    }
    names.join(", ")
}

/// One line per change; whole entries that were added share one by file.
fn lines<'a>(changes: impl IntoIterator<Item = &'a Change>, line: impl Fn(&Change) -> String) -> Vec<String> {
    let mut lines = Vec::new();
    let mut added: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut word = "added";
    for change in changes {
        match (&change.what, change.path.as_slice()) {
            (What::Added, [entry]) => {
                if line(change).ends_with(LEFT_OUT) {
                    word = LEFT_OUT;
                }
                added.entry(change.file).or_default().push(entry);
            }
            _ => lines.push(line(change)),
        }
    }
    let added = added.into_iter().map(|(file, names)| {
        let number = names.len();
        format!("{file}: {number} {word}: {}", list(names.into_iter()))
    });
    added.chain(lines).collect()
}

fn place(change: &Change) -> String {
    [change.file].into_iter().chain(change.path.iter().map(String::as_str)).collect::<Vec<_>>().join(" ")
}

fn value(value: Option<&Json>) -> String {
    value.map_or_else(|| "nothing".to_owned(), |value| short(&value.line()))
}

fn line(change: &Change) -> String {
    let place = place(change);
    match &change.what {
        What::Added => format!("{place}: added"),
        What::Removed { ours } if ours.is_empty() => format!("{place}: removed"),
        What::Removed { ours } => {
            format!("{place}: removed, and with it our {}", list(ours.iter().map(String::as_str)))
        }
        What::Set { before, after } => {
            format!("{place}: {} instead of {}", value(after.as_ref()), value(before.as_ref()))
        }
        What::Kept { vendor, ours } => {
            format!("{place}: {}; the vendor has {}", value(ours.as_ref()), value(vendor.as_ref()))
        }
        What::Outdated { ours } => format!("{place}: {}", value(Some(ours))),
    }
}

const LEFT_OUT: &str = "left out";

/// How ours differs from a model that it was not made of.
fn difference(change: &Change) -> String {
    let place = place(change);
    match &change.what {
        What::Added => format!("{place}: {LEFT_OUT}"),
        What::Removed { .. } | What::Outdated { .. } => format!("{place}: only ours"),
        What::Set { before: ours, after: vendor } | What::Kept { vendor, ours } => {
            format!("{place}: {}; the vendor has {}", value(ours.as_ref()), value(vendor.as_ref()))
        }
    }
}

/// A text that fits on a line.
fn short(text: &str) -> String {
    const LONGEST: usize = 60;
    if text.chars().count() <= LONGEST {
        return text.to_owned();
    }
    text.chars().take(LONGEST - 1).chain(['…']).collect()
}

//! An entry for `CHANGELOG.md`.

use gatewright_codegen::diff::{Change, Verdict};

use super::Report;

/// A changelog: the text before its unreleased changes, these, and the releases after them; `None` if it has no section for them.
pub(crate) fn unreleased(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once("\n## Unreleased\n")?;
    let (changes, older) = rest.split_at(rest.find("\n## ").map_or(rest.len(), |end| end + 1));
    Some((before, changes.trim(), older))
}

/// The sections as text; empty if nothing is worth an entry.
pub(super) fn entry(report: &Report) -> String {
    let sections = sections(report).into_iter();
    sections.map(|(title, items)| format!("### {title}\n\n{}", items.concat())).collect::<Vec<_>>().join("\n")
}

/// The sections that have something: title, and lines.
pub(super) fn sections(report: &Report) -> Vec<(&'static str, Vec<String>)> {
    let sections = [("Added", Verdict::Addition), ("Changed", Verdict::Breaking), ("Fixed", Verdict::Fix)];
    let sections = sections.into_iter().filter_map(|(title, verdict)| {
        let items = items(report, &report.with(verdict).collect::<Vec<_>>());
        (!items.is_empty()).then_some((title, items))
    });
    sections.collect()
}

/// One per change; changes of one kind share one.
fn items(report: &Report, changes: &[&Change]) -> Vec<String> {
    let mut groups: Vec<Vec<&Change>> = Vec::new();
    for change in changes {
        let is_same = |group: &&mut Vec<&Change>| {
            group[0].service == change.service && group[0].rule.id == change.rule.id
        };
        match groups.iter_mut().find(is_same) {
            Some(group) => group.push(change),
            None => groups.push(vec![change]),
        }
    }
    let item = |group: Vec<&Change>| {
        let (service, rule) = (report.title(&group[0].service), group[0].rule);
        let breaking = if rule.verdict() == Verdict::Breaking { "**breaking:** " } else { "" };
        match group.as_slice() {
            [change] => format!("- {service}: {breaking}{change}.\n"),
            group => {
                let places: Vec<_> = group.iter().map(|change| change.place.markdown()).collect();
                format!("- {service}: {breaking}{}: {}.\n", rule.title, places.join(", "))
            }
        }
    };
    groups.into_iter().map(item).collect()
}

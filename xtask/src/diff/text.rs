//! The report as plain text.

use std::fmt::Write as _;

use super::{Report, changelog, levels};

pub(super) fn render(report: &Report) -> String {
    let mut text = lines(report);
    let _ = writeln!(text, "since {}: {}", report.from, report.counts());
    let _ = writeln!(text, "version: {}", report.version_line());
    let entry = changelog::entry(report);
    if !entry.is_empty() {
        let _ = write!(text, "\nentry for CHANGELOG.md:\n\n{entry}");
    }
    text
}

/// One line per change, below its service.
pub(super) fn lines(report: &Report) -> String {
    let (mut text, mut service) = (String::new(), None);
    for change in &report.changes {
        if service != Some(&change.service) {
            service = Some(&change.service);
            let _ = writeln!(text, "{}", change.service);
        }
        let (verdict, rule) = (change.verdict().name(), change.rule);
        let _ = writeln!(text, "  {verdict}: {change} [{}, {}: {}]", rule.id, levels(change), rule.reason);
    }
    text
}

//! The report as Markdown, short enough for a comment on a pull request.

use gatewright_codegen::diff::{Change, Verdict};

use super::{Report, changelog, levels};

/// A comment holds 65,536 characters on GitHub; what bytes count is less.
const MOST_BYTES: usize = 60_000;

pub(super) fn render(report: &Report) -> String {
    let step = format!(
        "### Changes of the models since `{}`\n\n{}. Version: {}.\n",
        report.from,
        first_upper(&report.counts()),
        report.version_line()
    );
    let mut page = Page { text: step, left_out: 0 };
    for verdict in Verdict::ALL {
        let changes: Vec<_> = report.with(verdict).collect();
        if !changes.is_empty() {
            section(&mut page, report, verdict, &changes);
        }
    }
    let entry = changelog::entry(report);
    if !entry.is_empty() {
        page.fold("Entry for CHANGELOG.md", &["````markdown".to_owned(), entry, "````".to_owned()]);
    }
    page.finish()
}

fn section(page: &mut Page, report: &Report, verdict: Verdict, changes: &[&Change]) {
    let line = |change: &&Change| {
        let title = report.title(&change.service);
        format!(
            "- {title}: {change} <sub>{}; {} ({})</sub>",
            change.rule.reason,
            levels(change),
            change.rule.id
        )
    };
    let lines: Vec<_> = changes.iter().map(line).collect();
    let title = format!("{} ({})", first_upper(verdict.name()), changes.len());
    if verdict == Verdict::Breaking {
        page.add(&format!("\n#### {title}\n\n"), &lines, "");
    } else {
        page.fold(&title, &lines);
    }
}

fn first_upper(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map(|first| first.to_uppercase().chain(characters).collect()).unwrap_or_default()
}

/// Text that stays within its bound.
struct Page {
    text: String,
    left_out: usize,
}

impl Page {
    fn fold(&mut self, title: &str, lines: &[String]) {
        self.add(&format!("\n<details><summary>{title}</summary>\n\n"), lines, "\n</details>\n");
    }

    /// Lines between a start and an end, as far as they fit.
    fn add(&mut self, start: &str, lines: &[String], end: &str) {
        let mut part = start.to_owned();
        let mut fitting = 0;
        for line in lines {
            if self.text.len() + part.len() + line.len() + end.len() + 1 > MOST_BYTES {
                break;
            }
            part += line;
            part.push('\n');
            fitting += 1;
        }
        self.left_out += lines.len() - fitting;
        // A fence without its end would swallow the rest.
        let is_whole = fitting == lines.len();
        if fitting > 0 && (is_whole || !lines[0].starts_with("```")) {
            self.text += &part;
            self.text += end;
        }
    }

    fn finish(mut self) -> String {
        if self.left_out > 0 {
            let rest =
                format!("\n{} more lines do not fit here: `cargo xtask diff` has them all.\n", self.left_out);
            self.text += &rest;
        }
        self.text
    }
}

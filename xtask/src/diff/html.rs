//! The report as one page that needs nothing else.

use std::{collections::BTreeSet, fmt::Write as _};

use gatewright_codegen::diff::{Change, Entry, Fact, Outline, Verdict, outlines};
use gatewright_model::Service;

use super::{Report, changelog, levels};

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

pub(super) fn render(report: &Report) -> String {
    let changes: String = Verdict::ALL.into_iter().map(|verdict| section(report, verdict)).collect();
    let entry = changelog::entry(report);
    let entry = if entry.is_empty() {
        String::new()
    } else {
        format!(
            "<details><summary>Entry for CHANGELOG.md</summary><pre>{}</pre></details>\n",
            Escaped(&entry)
        )
    };
    format!(
        r#"<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>Changes since {from}</title>
<style>
{STYLE}</style>
</head>
<body>
<header>
<h1>Changes since <code>{from}</code></h1>
<p class="version"><strong>{version}</strong></p>
<p id="counts">{counts}</p>
</header>
{filters}
<main class="whole">
{changes}{entry}{operations}</main>
<script>
{SCRIPT}</script>
</body>
</html>
"#,
        from = Escaped(&report.from),
        version = Escaped(&report.version_line()),
        counts = Escaped(&report.counts()),
        filters = filters(report),
        operations = operations(report),
    )
}

/// Text between tags or in an attribute.
struct Escaped<'a>(&'a str);

impl std::fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.chars().try_for_each(|character| match character {
            '&' => f.write_str("&amp;"),
            '<' => f.write_str("&lt;"),
            '>' => f.write_str("&gt;"),
            '"' => f.write_str("&quot;"),
            '\'' => f.write_str("&#39;"),
            other => f.write_char(other),
        })
    }
}

/// Text with code between backticks.
fn inline(text: &str) -> String {
    let parts: Vec<_> = text.split('`').collect();
    // Without its partner, a backtick is one.
    if parts.len() % 2 == 0 {
        return Escaped(text).to_string();
    }
    let part = |(index, part): (usize, &&str)| {
        if index % 2 == 1 { format!("<code>{}</code>", Escaped(part)) } else { Escaped(part).to_string() }
    };
    parts.iter().enumerate().map(part).collect::<Vec<_>>().concat()
}

fn filters(report: &Report) -> String {
    let mut boxes = String::new();
    for verdict in Verdict::ALL.into_iter().filter(|verdict| report.with(*verdict).next().is_some()) {
        let name = verdict.name();
        let _ = writeln!(
            boxes,
            "<label><input type=\"checkbox\" name=\"verdict\" value=\"{name}\" checked> {name}</label>"
        );
    }
    let mut options = String::new();
    for name in report.changes.iter().map(|change| change.service.as_str()).collect::<BTreeSet<_>>() {
        let title = report.title(name);
        let _ = writeln!(options, "<option value=\"{}\">{}</option>", Escaped(name), Escaped(title));
    }
    format!(
        r#"<form id="filters" aria-label="Filters">
{boxes}<label>Level <select name="level"><option value="">all</option><option value="rust">Rust API</option><option value="wire">wire</option></select></label>
<label>Service <select name="service"><option value="">all</option>
{options}</select></label>
<label>Search <input type="search" name="text"></label>
<label><input type="checkbox" name="same" value="shown"> unchanged members</label>
<output id="shown"></output>
</form>"#
    )
}

fn section(report: &Report, verdict: Verdict) -> String {
    let rows: String = report.with(verdict).map(|change| row(report, change)).collect();
    if rows.is_empty() {
        return rows;
    }
    let name = verdict.name();
    format!("<section class=\"{name}\">\n<h2>{name}</h2>\n<ul>\n{rows}</ul>\n</section>\n")
}

fn row(report: &Report, change: &Change) -> String {
    let rule = change.rule;
    let place = change.place.to_string();
    let place = if change.place.is_code() {
        format!("<code>{}</code>", Escaped(&place))
    } else {
        Escaped(&place.replace('`', "")).to_string()
    };
    let facts = match (&change.before, &change.after) {
        (None, None) => String::new(),
        (None, Some(after)) => format!(": <ins>{}</ins>", fact(after)),
        (Some(before), None) => format!(": <del>{}</del>", fact(before)),
        (Some(before), Some(after)) => format!(": <del>{}</del> → <ins>{}</ins>", fact(before), fact(after)),
    };
    let links: Vec<_> = change
        .operations
        .iter()
        .map(|operation| {
            format!("<a href=\"#{}\">{}</a>", anchor(&change.service, operation), Escaped(operation))
        })
        .collect();
    let links = if links.is_empty() { String::new() } else { format!(" In {}.", links.join(", ")) };
    format!(
        r#"<li data-verdict="{verdict}" data-rust="{rust}" data-wire="{wire}" data-service="{service}">
<p><span class="service">{title}</span> {place}: {what}{facts}</p>
<p class="rule">{level}, {id}: {reason}.{links}</p></li>
"#,
        verdict = change.verdict().name(),
        rust = rule.rust.is_some(),
        wire = rule.wire.is_some(),
        service = Escaped(&change.service),
        title = Escaped(report.title(&change.service)),
        what = inline(rule.title),
        level = levels(change),
        id = rule.id,
        reason = inline(rule.reason),
    )
}

fn fact(fact: &Fact) -> String {
    match fact {
        Fact::Code(text) => format!("<code>{}</code>", Escaped(text)),
        Fact::Text(text) => Escaped(text).to_string(),
        Fact::Names(names) => {
            let names: Vec<_> = names.iter().map(|name| format!("<code>{}</code>", Escaped(name))).collect();
            names.join(", ")
        }
        Fact::Bounds { .. } => Escaped(&fact.to_string()).to_string(),
        Fact::Value(value) => format!("<code>{}</code>", Escaped(&value.to_string())),
    }
}

/// Name of an operation's place in the page. Both names are plain ASCII words.
fn anchor(service: &str, operation: &str) -> String {
    format!("{}-{}", Escaped(service), Escaped(operation))
}

/// Each operation that a change concerns, before and after.
fn operations(report: &Report) -> String {
    let mut concerned: BTreeSet<(&str, &str)> = BTreeSet::new();
    for change in &report.changes {
        concerned.extend(change.operations.iter().map(|name| (change.service.as_str(), name.as_str())));
    }
    if concerned.is_empty() {
        return String::new();
    }
    let services: BTreeSet<_> = concerned.iter().map(|(service, _)| *service).collect();
    let mut page = "<h2>Operations</h2>\n".to_owned();
    for name in services {
        let of = |services: &[Service]| {
            services.iter().find(|service| service.name == name).map(outlines).unwrap_or_default()
        };
        let (old, new) = (of(&report.old), of(&report.new));
        for (_, operation) in concerned.iter().filter(|(service, _)| *service == name) {
            let sides = [old.get(*operation), new.get(*operation)];
            let lines = table(sides);
            let doc = sides.into_iter().flatten().last().map_or("", |outline| &outline.doc);
            let _ = write!(
                page,
                "<details id=\"{}\" data-service=\"{}\"><summary><span class=\"service\">{}</span> {}</summary>\n<p>{}</p>\n\
                 <table><thead><tr><th scope=\"col\">Before</th><th scope=\"col\">After</th></tr></thead>\n{lines}</table></details>\n",
                anchor(name, operation),
                Escaped(name),
                Escaped(report.title(name)),
                Escaped(operation),
                Escaped(doc),
            );
        }
    }
    page
}

/// What both outlines say, side by side.
fn table(sides: [Option<&Outline>; 2]) -> String {
    type Part = fn(&Outline) -> &[Entry];
    let parts: [(&str, Part); 5] = [
        ("Request", |outline| &outline.request),
        ("Response", |outline| &outline.response),
        ("Error codes", |outline| &outline.codes),
        ("Exceptions", |outline| &outline.exceptions),
        ("Calls", |outline| &outline.facts),
    ];
    let mut text = String::new();
    for (title, part) in parts {
        let [old, new] = sides.map(|side| side.map(part).unwrap_or_default());
        if old.is_empty() && new.is_empty() {
            continue;
        }
        let _ = writeln!(text, "<tbody><tr><th colspan=\"2\" scope=\"rowgroup\">{title}</th></tr>");
        let named = |entries: &[Entry], name: &str| entries.iter().find(|entry| entry.name == name).cloned();
        let gone = old.iter().filter(|entry| named(new, &entry.name).is_none());
        for entry in new.iter().chain(gone) {
            let [before, after] = [old, new].map(|entries| named(entries, &entry.name));
            let class = match (&before, &after) {
                (None, Some(_)) => "added",
                (Some(_), None) => "removed",
                (before, after) if before != after => "changed",
                _ => "same",
            };
            let cell = |entry: Option<Entry>| entry.as_ref().map(cell).unwrap_or_default();
            let _ = writeln!(
                text,
                "<tr class=\"{class}\"><td>{}</td><td>{}</td></tr>",
                cell(before),
                cell(after)
            );
        }
        text += "</tbody>\n";
    }
    text
}

fn cell(entry: &Entry) -> String {
    let ty =
        if entry.ty.is_empty() { String::new() } else { format!(": <code>{}</code>", Escaped(&entry.ty)) };
    let notes: Vec<_> = entry.notes.iter().map(|note| inline(note)).collect();
    let notes = if notes.is_empty() { String::new() } else { format!(" <small>{}</small>", notes.join(" ")) };
    format!("<b>{}</b>{ty}{notes}", Escaped(&entry.name))
}

//! `cargo xtask diff`: what a change of the models means for users.

use clap::{Args, ValueEnum};
use gatewright_codegen::diff::{Change, Verdict, changes};

use crate::{failure::Failure, model::Models, output};

mod changelog;
mod check;
mod html;
mod json;
mod markdown;
mod next;
mod source;
mod text;
mod version;

use source::Old;
use version::Step;

pub(crate) use self::{
    changelog::unreleased,
    next::Next,
    version::{Version, in_manifest},
};

/// List what a change of the models means for users, and the version step that follows
///
/// Compares with a git revision, or with the models in a folder, and prints an entry for CHANGELOG.md.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} diff
  {program} diff HEAD --format html > review.html
  {program} diff --from ../old/model --model ../new/model --json
  {program} diff --check")]
pub(crate) struct Arguments {
    /// Git revision to compare with; default: the last release tag of the models' repository, or else where its branch left
    /// origin/main
    #[arg(conflicts_with = "from")]
    revision: Option<String>,
    /// Service to compare; may be given several times; default: all
    #[arg(long)]
    service: Vec<String>,
    /// Format of the report
    #[arg(long, default_value = "text")]
    format: Format,
    /// Print the report as JSON: the same as --format json
    #[arg(long, conflicts_with = "format")]
    json: bool,
    /// Compare with the models in this folder
    #[arg(long, value_name = "FOLDER")]
    from: Option<String>,
    /// Folder of the models to look at, instead of model/services
    #[arg(long, value_name = "FOLDER")]
    model: Option<String>,
    /// Fail if the version in Cargo.toml lacks the step that the changes require
    #[arg(long, conflicts_with_all = ["service", "format", "json", "from", "model"])]
    check: bool,
}

/// A format of the report.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Format {
    Text,
    Markdown,
    Html,
    Json,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { revision, service, format, json, from, model, check } = arguments;
    let (revision, model) = (revision.as_deref(), model.as_deref());
    if *check {
        return check::run(revision);
    }
    let render = match format {
        _ if *json => json::render,
        Format::Text => text::render,
        Format::Markdown => markdown::render,
        Format::Html => html::render,
        Format::Json => json::render,
    };
    let new = Models::of(model)?;
    let old = match (revision, from) {
        (_, Some(folder)) => Old::folder(folder)?,
        (Some(revision), None) => Old::revision(revision, model)?,
        (None, None) => Old::default_revision(model)?,
    };
    // Other models have versions of their own.
    let version = new.is_committed().then(|| version::before(old.revision.as_deref())).transpose()?;
    output::print(render(&Report::new(&old, &new, service, version)?))
}

/// What changed between two sets of models.
pub(crate) struct Report {
    /// The origin of the old models.
    from: String,
    old: Vec<gatewright_model::Service>,
    new: Vec<gatewright_model::Service>,
    changes: Vec<Change>,
    /// The version before the changes; `None` for models of another repository.
    version: Option<Version>,
}

impl Report {
    /// Compares the services of these names, or all.
    fn new(old: &Old, new: &Models, wanted: &[String], version: Option<Version>) -> Result<Self, Failure> {
        let mut known = old.models.names();
        known.extend(new.names());
        known.sort();
        known.dedup();
        if let Some(unknown) = wanted.iter().find(|name| !known.contains(name)) {
            return Err(Failure::unknown("service", unknown, known.iter().map(String::as_str)));
        }
        let is_wanted = |name: &str| wanted.is_empty() || wanted.iter().any(|wanted| wanted == name);
        let olds = old.services(is_wanted)?;
        let news = new.all()?.into_iter().filter(|service| is_wanted(&service.name)).collect::<Vec<_>>();
        let changes = changes(&olds, &news);
        Ok(Self { from: old.name.clone(), old: olds, new: news, changes, version })
    }

    fn step(&self) -> Step {
        Step::of(&self.changes)
    }

    fn with(&self, verdict: Verdict) -> impl Iterator<Item = &Change> {
        self.changes.iter().filter(move |change| change.verdict() == verdict)
    }

    /// The title of a service.
    fn title<'a>(&'a self, name: &'a str) -> &'a str {
        let mut all = self.new.iter().chain(&self.old);
        all.find(|service| service.name == name).map_or(name, |service| &service.title)
    }

    /// `2 breaking changes, 1 addition`.
    fn counts(&self) -> String {
        let words = |verdict| match verdict {
            Verdict::Breaking => ["breaking change", "breaking changes"],
            Verdict::Addition => ["addition", "additions"],
            Verdict::Fix => ["fix", "fixes"],
            Verdict::Documentation => ["change of documentation", "changes of documentation"],
        };
        let count = |verdict| {
            let [one, many] = words(verdict);
            match self.with(verdict).count() {
                0 => None,
                1 => Some(format!("1 {one}")),
                count => Some(format!("{count} {many}")),
            }
        };
        let counts: Vec<_> = Verdict::ALL.into_iter().filter_map(count).collect();
        if counts.is_empty() { "nothing changed".to_owned() } else { counts.join(", ") }
    }

    /// What the version becomes, and why.
    fn version_line(&self) -> String {
        let step = self.step();
        let reason = step.reason(self.version);
        match (self.version, step) {
            (None, _) => reason.to_owned(),
            (Some(version), Step::None) => format!("{version} stays: {reason}"),
            (Some(version), _) => format!("{} after {version}: {reason}", version.after(step)),
        }
    }
}

/// On which levels a change counts.
fn levels(change: &Change) -> &'static str {
    match (change.rule.rust.is_some(), change.rule.wire.is_some()) {
        (true, true) => "Rust API and wire",
        (true, false) => "Rust API",
        (false, true) => "wire",
        (false, false) => "texts",
    }
}

#[cfg(test)]
mod tests;

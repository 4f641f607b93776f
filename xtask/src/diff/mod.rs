//! `cargo xtask diff`: what a change of the models means for users.

use gatewright_codegen::diff::{Change, Verdict, changes};

use crate::{failure::Failure, flags::Flags, model::Models, output};

mod changelog;
mod check;
mod html;
mod json;
mod markdown;
mod source;
mod text;
mod version;

use source::Old;
use version::{Step, Version};

pub(crate) const USAGE: &str = "\
diff [<revision>] [--service <service>]… [--format text|markdown|html|json]
     lists what changed for users since a git revision, with the version step that follows and an entry for CHANGELOG.md;
     default: the last release tag, or else where this branch left origin/main
diff --from <folder> [--model <folder>] …
     --from     compares with the models in a folder
     --model    the models to look at, in another folder than model/services
diff --check [<revision>]
     fails if the version in Cargo.toml lacks the step that the changes ask for";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::parse(arguments, &["service", "format", "from", "model"], &["check"])?;
    let revision = match flags.positions.as_slice() {
        [] => None,
        [revision] => Some(*revision),
        _ => return Err(Failure::Usage("diff takes one revision at most".to_owned())),
    };
    if flags.has("check") {
        let others = ["service", "format", "from", "model"];
        if let Some(name) = others.into_iter().find(|name| flags.value(name).is_some()) {
            return Err(Failure::Usage(format!("--check does not take --{name}")));
        }
        return check::run(revision);
    }
    let format = flags.value("format").unwrap_or("text");
    let render = match format {
        "text" => text::render,
        "markdown" => markdown::render,
        "html" => html::render,
        "json" => json::render,
        _ => return Err(Failure::unknown("format", format, ["text", "markdown", "html", "json"])),
    };
    let model = flags.value("model");
    let old = match (revision, flags.value("from")) {
        (Some(_), Some(_)) => {
            return Err(Failure::Usage("a revision and --from exclude each other".to_owned()));
        }
        (None, Some(folder)) => Old::folder(folder)?,
        (Some(revision), None) => Old::revision(revision, model)?,
        (None, None) => Old::default_revision(model)?,
    };
    let services: Vec<_> = flags.all("service").collect();
    output::print(render(&Report::new(&old, &Models::of(model)?, &services)?))
}

/// What changed between two sets of models.
pub(crate) struct Report {
    /// What the old models are.
    from: String,
    old: Vec<gatewright_model::Service>,
    new: Vec<gatewright_model::Service>,
    changes: Vec<Change>,
    /// Version of the last release, if there is one, or else the version in the manifest.
    version: Version,
}

impl Report {
    /// Compares the services of these names, or all.
    fn new(old: &Old, new: &Models, wanted: &[&str]) -> Result<Self, Failure> {
        let mut known = old.models.names();
        known.extend(new.names());
        known.sort();
        known.dedup();
        if let Some(unknown) = wanted.iter().find(|name| !known.iter().any(|known| known == *name)) {
            return Err(Failure::unknown("service", unknown, known.iter().map(String::as_str)));
        }
        let is_wanted = |name: &str| wanted.is_empty() || wanted.contains(&name);
        let olds = old.services(is_wanted)?;
        let news = new.all()?.into_iter().filter(|service| is_wanted(&service.name)).collect::<Vec<_>>();
        let changes = changes(&olds, &news);
        let version = version::released(old.revision.as_deref())?.map_or_else(version::in_manifest, Ok)?;
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
        let (version, step) = (self.version, self.step());
        match step {
            Step::None => format!("{version} stays: nothing changed"),
            Step::Breaking | Step::Addition | Step::Patch => {
                format!("{} after {version}: {}", version.after(step), step.reason(version))
            }
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

//! `cargo xtask import`: a vendor's model, as ours or into ours.
//!
//! `botocore` and `smithy` read a vendor's format into [`vendor::Vendor`], `entries` says the same in the terms of our files,
//! `merge` applies what the vendor changed since the last import to our files, and `fill` completes them.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs::File,
    path::{Path, PathBuf},
};

use clap::{Args, ValueEnum};
use flate2::read::GzDecoder;
use gatewright_model::{Faults, Service, bounded};
use serde_json::Value;

use crate::{failure::Failure, model, output};

mod added;
pub(crate) mod botocore;
mod endpoints;
mod entries;
mod files;
mod fill;
mod json;
mod merge;
mod pages;
mod report;
pub(crate) mod smithy;
#[cfg(test)]
mod tests;
mod vendor;
mod waiters;

use files::{Folder, Model};
use merge::Change;
use vendor::{Losses, Vendor};
pub(crate) use vendor::{XmlRoot, capital, location_entry, usual_time_format};

/// Make a model from a vendor's, or refresh it
///
/// Writes model/services/SERVICE from a vendor's model. A refresh keeps what is ours.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} import kms --from ../botocore/data/kms
  {program} import kms --from ../botocore/data/kms --operations Encrypt,Decrypt --model ../mine/model --strict")]
pub(crate) struct Arguments {
    /// Name of the service: lower-case letters, digits and single hyphens
    // Shells complete every argument `service` with the names that there are; this one is often new.
    #[arg(id = "new_service", value_name = "SERVICE")]
    service: String,
    /// botocore's folder of the service, or its service-2.json[.gz]; or a model in the Smithy JSON AST, or its folder
    #[arg(long, value_name = "PATH")]
    from: PathBuf,
    /// Format of the vendor's model, if its files do not show it
    #[arg(long)]
    format: Option<Format>,
    /// Operations to import, separated by commas, with the shapes that they need; later imports keep the selection
    #[arg(long, value_name = "OPERATIONS", value_delimiter = ',')]
    operations: Vec<String>,
    /// Folder of the model, or of several, if it is not in this work tree
    #[arg(long, value_name = "FOLDER")]
    model: Option<PathBuf>,
    /// Change nothing, and fail, if the vendor's model has something that ours cannot express
    #[arg(long)]
    strict: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { service, from, format, operations, model, strict } = arguments;
    let folder = model::folder(service, model.as_deref());
    check_name(service)?;
    let operations = (!operations.is_empty()).then(|| operations.iter().cloned().collect());
    let imported = import_operations(service, from, *format, operations, &folder)?;
    // Files are written even if nobody reads the report.
    let mut printed = output::print(imported.report());
    if *strict && imported.has_losses() {
        return Err(Failure::Failed(
            "nothing was changed: ours cannot express all of the vendor's model".into(),
        ));
    }
    let written = imported.write()?;
    for file in &written {
        printed = printed.and(output::print_line(format_args!("written: {}", folder.join(file).display())));
    }
    if written.is_empty() {
        printed = printed.and(output::print_line(format_args!("{} is up to date", folder.display())));
    }
    imported.load().map(|_| ()).map_err(|faults| {
        Failure::Failed(format!(
            "{faults}\n\nthe files were written; what is ours must follow the vendor's change"
        ))
    })?;
    if !written.is_empty() {
        let codegen = match model {
            None => "cargo xtask codegen".to_owned(),
            Some(model) => {
                let model = model.display().to_string();
                format!("cargo xtask codegen --model {} --out <folder of the crate>", output::word(&model))
            }
        };
        let next = format_args!("next: review the files with git diff, and run: {codegen}");
        printed = printed.and(output::print_line(next));
    }
    printed
}

fn check_name(service: &str) -> Result<(), Failure> {
    let is_part = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if service.split('-').all(is_part) && service.starts_with(|first: char| first.is_ascii_lowercase()) {
        return Ok(());
    }
    Err(Failure::Usage(format!(
        "{service:?} names no service: use lower-case letters, digits and single hyphens"
    )))
}

/// Reads JSON, compressed if its name says so.
fn read(path: &Path) -> Result<Value, Failure> {
    let read = if path.extension().is_some_and(|end| end == "gz") {
        File::open(path).and_then(|file| bounded::read_all(GzDecoder::new(file)))
    } else {
        bounded::read(path)
    };
    let bytes = read.map_err(Failure::io("read", path))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| Failure::Failed(format!("{} is not JSON: {error}", path.display())))
}

/// How a vendor writes models.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Botocore,
    Smithy,
}

impl Format {
    fn of(from: &Path) -> Result<Self, Failure> {
        if botocore::is_one(from)? {
            return Ok(Self::Botocore);
        }
        if smithy::is_one(from)? {
            return Ok(Self::Smithy);
        }
        Err(Failure::Failed(format!(
            "{} holds no model of a known format: neither botocore's {}.json, compressed or not, nor a model in the Smithy JSON AST; \
             --format names the format of a file that has another name",
            from.display(),
            botocore::SERVICE
        )))
    }

    fn vendor(self, from: &Path) -> Result<Vendor, Failure> {
        match self {
            Self::Botocore => botocore::vendor(from),
            Self::Smithy => smithy::vendor(from),
        }
    }
}

/// A model that was imported, and not written yet.
#[derive(Debug)]
pub(crate) struct Imported {
    folder: Folder,
    texts: BTreeMap<&'static str, String>,
    losses: Losses,
    unneeded: Losses,
    /// What callers do themselves.
    by_callers: &'static [&'static str],
    /// Operations by the shapes that they refer to.
    raisers: BTreeMap<String, BTreeSet<String>>,
    /// What the vendor changed since the last import.
    changes: Vec<Change>,
    /// How a model that is imported into for the first time differs from the vendor's.
    differences: Vec<Change>,
    /// Entries with generated sentences, by file.
    generated: Vec<(&'static str, Vec<String>)>,
}

/// Imports a vendor's model as the service of this name, into the model in a folder if there is one. Writes nothing.
pub(crate) fn import(
    service: &str,
    from: &Path,
    format: Option<Format>,
    folder: &Path,
) -> Result<Imported, Failure> {
    import_operations(service, from, format, None, folder)
}

/// The same, of these operations only; without any, of those that the last import selected, or of all.
fn import_operations(
    service: &str,
    from: &Path,
    format: Option<Format>,
    operations: Option<BTreeSet<String>>,
    folder: &Path,
) -> Result<Imported, Failure> {
    let format = format.map_or_else(|| Format::of(from), Ok);
    let mut vendor = format.and_then(|format| format.vendor(from)).map_err(Failure::of_input)?;
    let mut folder = Folder::read(folder).map_err(Failure::of_input)?;
    if let Some(operations) = operations {
        let is_unknown = |name: &&String| !vendor.operations.contains_key(*name);
        if let Some(unknown) = operations.iter().find(is_unknown) {
            return Err(Failure::unknown("operation", unknown, vendor.operations.keys().map(String::as_str)));
        }
        folder.selection = Some(operations);
    }
    if let Some(selection) = &folder.selection {
        vendor.select(selection);
    }
    let mut losses = std::mem::take(&mut vendor.losses);
    let unneeded = std::mem::take(&mut vendor.unneeded);
    let by_callers = added::by_callers(&vendor.settings_id);
    let raisers = report::raisers(&vendor);
    let new = entries::of(&vendor, service, &mut losses);
    let nothing = Model::default();
    let ours = folder.model.as_ref().unwrap_or(&nothing);
    // A model that was written by hand is as its authors want it, whatever the vendor says today.
    let (base, differences) = match (&folder.upstream, &folder.model) {
        (Some(upstream), _) => (upstream, Vec::new()),
        (None, Some(ours)) => (&new, merge::merge(&nothing, &new, ours).1),
        (None, None) => (&nothing, Vec::new()),
    };
    let (mut merged, mut changes) = merge::merge(base, &new, ours);
    fill::references(&mut merged, base, &new);
    merged.service.set("$schema", folder.schema(files::SERVICE));
    fill::sentences(&mut merged);
    fill::patterns(&mut merged, &mut losses);
    fill::names(&mut merged, ours);
    if folder.model.is_none() {
        changes.clear();
    }
    let texts = folder.texts(&merged, &new)?;
    let generated = fill::generated(&merged);
    Ok(Imported { folder, texts, losses, unneeded, by_callers, raisers, changes, differences, generated })
}

impl Imported {
    /// The service, as the loader sees it.
    pub(crate) fn load(&self) -> Result<Service, Faults> {
        Service::parse(&self.folder.sources(&self.texts))
    }

    /// Whether the vendor's model has facts that ours cannot express.
    pub(crate) fn has_losses(&self) -> bool {
        !self.losses.0.is_empty()
    }

    /// Names of the files whose text changes.
    #[cfg(test)]
    fn changed(&self) -> impl Iterator<Item = &'static str> {
        self.folder.changed(&self.texts).map(|(file, _)| file)
    }

    /// The changes, and the remaining tasks.
    pub(crate) fn report(&self) -> String {
        report::text(self)
    }

    /// Writes the files that changed, and returns their names.
    pub(crate) fn write(&self) -> Result<Vec<&'static str>, Failure> {
        self.folder.write(&self.texts)
    }
}

//! The arguments of `cargo xtask codegen`.

use clap::Args;

use super::Package;
use crate::failure::Failure;

/// Generate the client from the models
///
/// Writes the changed files of generated/src, deletes generated files that are not needed any more, and updates the lists of
/// services: features, README, and what `call`, `serve` and `explain` know. With --out, writes a crate of its own: manifest,
/// README, notice, sources, and api/SERVICE.txt.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} codegen
  {program} codegen --check
  {program} codegen --model ../harbour/model --out ../harbour/harbour-client
  {program} codegen --service aws-storage-gateway --operations ListGateways --out /tmp/small")]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct Arguments {
    /// Change nothing; fail if anything would change, and list the differences
    #[arg(long, conflicts_with = "force")]
    check: bool,
    /// Print the result of --check as JSON
    #[arg(long, requires = "check")]
    json: bool,
    /// Record the changes of the API as reviewed, in xtask/src/snapshots
    #[arg(long, conflicts_with_all = ["check", "out"])]
    accept: bool,
    /// Also replace files, folders and links that were not generated and are in the way; all others are kept
    #[arg(long)]
    force: bool,
    /// Folder of the crate to write, or to check
    #[arg(long, value_name = "FOLDER")]
    out: Option<String>,
    /// With --out: services, name and runtime of the crate.
    #[command(flatten)]
    part: Part,
}

/// The arguments that define a separate crate.
#[derive(Args, Debug)]
#[group(multiple = true, requires = "out")]
#[command(next_help_heading = "Crate of its own")]
pub(crate) struct Part {
    /// Folder of a model, or of several, instead of the committed models
    #[arg(long, value_name = "FOLDER")]
    pub(super) model: Option<String>,
    /// Service to generate; may be given several times; default: all
    #[arg(long)]
    pub(super) service: Vec<String>,
    /// Operations of one service, separated by commas, with the shapes that they use; default: all
    #[arg(long)]
    pub(super) operations: Option<String>,
    /// Name of the crate; default: the folder's, or gatewright for committed models
    #[arg(long)]
    pub(super) name: Option<String>,
    /// Dependency on the runtime: a folder, a version, or a table such as { git = "…" }; default: this clone
    #[arg(long, value_name = "PATH|VERSION")]
    pub(super) runtime: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { check, json, accept, force, out, .. } = arguments;
    match out {
        Some(out) => {
            let package = Package::read(&arguments.part, out)?;
            if *check { package.check(*json) } else { package.write(*force) }
        }
        None if *check => super::check(*json),
        None => super::write(*force, *accept),
    }
}

//! `cargo xtask show`: one generated file, without writing it.

use gatewright_codegen::{file_names, generate_file};

use clap::Args;

use crate::{failure::Failure, model::Models, output};

/// Print one generated file, without writing it
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} show aws-storage-gateway AddCache
  {program} show aws-sts client
  {program} show harbour MoorShip --model ../harbour/model")]
pub(crate) struct Arguments {
    /// Name of the service
    service: String,
    /// Operation, shape, or one of client, error, endpoints, limits, dynamic and mod
    name: String,
    /// Folder of a model, or of several, instead of the committed models
    #[arg(long, value_name = "FOLDER")]
    model: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let Arguments { service, name, model } = arguments;
    let service = Models::of(model.as_deref())?.service(service)?;
    let Some((path, text)) = generate_file(&service, name) else {
        let names = file_names(&service);
        return Err(Failure::unknown("operation or shape", name, names.iter().map(String::as_str)));
    };
    // On standard error, so that only the file is piped.
    output::note(path);
    output::print(text)
}

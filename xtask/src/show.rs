//! `cargo xtask show`: one generated file, without writing it.

use gatewright_codegen::{file_names, generate_file};

use crate::{failure::Failure, flags::Flags, model::Models, output};

pub(crate) const USAGE: &str = "\
show <service> <name> [--model <folder>]
     name           an operation, a shape, or client, error, endpoints, limits, dynamic, mod
     --model        a model's folder, or the folder of several, instead of the committed models";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let flags = Flags::parse(arguments, &["model"], &[])?;
    let [service, name] = flags.positions.as_slice() else {
        return Err(Failure::Usage("show takes a service and a name".into()));
    };
    let service = Models::of(flags.value("model"))?.service(service)?;
    let Some((path, text)) = generate_file(&service, name) else {
        let names = file_names(&service);
        return Err(Failure::unknown("operation or shape", name, names.iter().map(String::as_str)));
    };
    // On standard error, so that only the file is piped.
    output::note(path);
    output::print(text)
}

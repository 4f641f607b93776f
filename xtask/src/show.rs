//! `cargo xtask show`: one generated file, without writing it.

use gatewright_codegen::{file_names, generate_file};

use crate::{failure::Failure, model, output};

pub(crate) const USAGE: &str = "\
show <service> <name>    name: an operation, a shape, or client, error, endpoints, limits, dynamic, mod";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let [service, name] = arguments else {
        return Err(Failure::Usage("show takes a service and a name".into()));
    };
    let service = model::service(service)?;
    let Some((path, text)) = generate_file(&service, name) else {
        let names = file_names(&service);
        return Err(Failure::unknown("operation or shape", name, names.iter().map(String::as_str)));
    };
    // On standard error, so that the file alone can be piped on.
    output::note(path);
    output::print(text)
}

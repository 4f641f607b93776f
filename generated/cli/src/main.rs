//! The program `gatewright`.

#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use gatewright_cli::{SERVICES, arguments, command, services::Program};

/// Calls cloud services, explains why calls failed, and runs fakes of services
#[derive(Parser)]
#[command(name = "gatewright", version, after_help = command::EXIT_CODES)]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Call(arguments::Call),
    Explain(Box<arguments::Explain>),
    Credentials(arguments::Credentials),
    Serve(arguments::Serve),
    Completions(arguments::Completions),
}

fn main() -> ExitCode {
    let program = Program { services: SERVICES, command: "gatewright", model: None };
    command::main(program.command, |line: CommandLine| match line.verb {
        Verb::Call(arguments) => gatewright_cli::call(&program, &arguments),
        Verb::Explain(arguments) => gatewright_cli::explain(&program, &arguments),
        Verb::Credentials(arguments) => gatewright_cli::credentials(&arguments),
        Verb::Serve(arguments) => gatewright_cli::serve(&program, &arguments),
        Verb::Completions(arguments) => {
            let services: Vec<_> = SERVICES.iter().map(|service| service.name).collect();
            arguments.print::<CommandLine>(program.command, &services)
        }
    })
}

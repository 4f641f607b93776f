//! The verbs of this workspace: `cargo xtask help` lists them.
//!
//! They are the only code that reads and writes the work tree.

#![allow(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, whose readers see no Markdown"
)]
#![deny(clippy::print_stderr, clippy::print_stdout)] // `output` prints, without a panic when nobody reads

mod cargo;
mod ci;
mod client;
mod codegen;
mod conformance;
mod corpus;
mod diff;
#[cfg(feature = "client")]
mod faults;
mod fuzz;
#[cfg(test)]
mod help_tests;
mod import;
#[cfg(feature = "client")]
mod interop;
mod model;
mod package;
mod peers;
mod progress;
#[cfg(all(test, unix))]
mod public_api;
mod python;
mod release;
mod scratch;
mod show;
mod tools;
mod tree;

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use gatewright_cli::{arguments, command, failure, model::WithModel, output};

/// The words that start this program.
const PROGRAM: &str = "cargo xtask";

/// The verbs of this workspace
#[derive(Parser)]
#[command(name = "xtask", after_help = command::EXIT_CODES)]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Subcommand)]
enum Verb {
    Codegen(codegen::Arguments),
    Import(import::Arguments),
    Diff(diff::Arguments),
    Show(show::Arguments),
    Call(WithModel<arguments::Call>),
    Explain(Box<WithModel<arguments::Explain>>),
    Credentials(arguments::Credentials),
    Serve(WithModel<arguments::Serve>),
    Interop(client::Interop),
    Faults(client::Faults),
    Conformance(conformance::Arguments),
    Corpus(corpus::Arguments),
    Fuzz(fuzz::Arguments),
    Peers(peers::Arguments),
    Package(package::Arguments),
    Release(release::Arguments),
    Ci(ci::Arguments),
    Completions(arguments::Completions),
}

fn main() -> ExitCode {
    command::main(PROGRAM, |line: CommandLine| match line.verb {
        Verb::Codegen(arguments) => codegen::run(&arguments),
        Verb::Import(arguments) => import::run(&arguments),
        Verb::Diff(arguments) => diff::run(&arguments),
        Verb::Show(arguments) => show::run(&arguments),
        Verb::Call(arguments) => arguments.run(client::call, tools::run),
        Verb::Explain(arguments) => arguments.run(client::explain, tools::run),
        Verb::Credentials(arguments) => client::credentials(&arguments),
        Verb::Serve(arguments) => arguments.run(client::serve, tools::run),
        Verb::Interop(arguments) => client::interop(&arguments),
        Verb::Faults(arguments) => client::faults(&arguments),
        Verb::Conformance(arguments) => conformance::run(&arguments),
        Verb::Corpus(arguments) => corpus::run(&arguments),
        Verb::Fuzz(arguments) => fuzz::run(&arguments),
        Verb::Peers(arguments) => peers::run(&arguments),
        Verb::Package(arguments) => package::run(&arguments),
        Verb::Release(arguments) => release::run(&arguments),
        Verb::Ci(arguments) => ci::run(&arguments),
        Verb::Completions(arguments) => arguments.print::<CommandLine>("xtask"),
    })
}

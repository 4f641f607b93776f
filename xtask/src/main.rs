//! The verbs of this workspace: `cargo xtask help` lists them.
//!
//! They are the only code that reads and writes the work tree.

#![allow(
    clippy::doc_markdown,
    reason = "doc comments of arguments are help texts, whose readers see no Markdown"
)]
#![cfg_attr(
    not(feature = "verbs"),
    allow(dead_code, reason = "`codegen` alone uses a part of what verbs share")
)]
#![deny(clippy::print_stderr, clippy::print_stdout)] // `output` prints, without a panic when nobody reads

mod cargo;
#[cfg(feature = "verbs")]
mod ci;
#[cfg(feature = "verbs")]
mod client;
mod codegen;
#[cfg(feature = "verbs")]
mod completions;
#[cfg(feature = "verbs")]
mod conformance;
#[cfg(feature = "verbs")]
mod corpus;
#[cfg(feature = "verbs")]
mod diff;
#[cfg(feature = "client")]
mod faults;
#[cfg(feature = "verbs")]
mod fuzz;
#[cfg(feature = "verbs")]
mod import;
#[cfg(feature = "client")]
mod interop;
mod model;
#[cfg(feature = "verbs")]
mod package;
#[cfg(feature = "verbs")]
mod paths;
#[cfg(feature = "verbs")]
mod peers;
mod progress;
#[cfg(all(test, unix, feature = "verbs"))]
mod public_api;
#[cfg(feature = "verbs")]
mod python;
#[cfg(feature = "verbs")]
mod release;
#[cfg(feature = "verbs")]
mod scratch;
#[cfg(feature = "verbs")]
mod show;
#[cfg(feature = "verbs")]
mod tools;
mod tree;
#[cfg(feature = "verbs")]
mod verbs;

use std::process::ExitCode;

#[cfg(feature = "verbs")]
use gatewright_cli::command;
use gatewright_cli::{failure, output};

/// The words that start this program.
#[cfg(feature = "verbs")]
const PROGRAM: &str = "cargo xtask";

/// The verbs of this workspace
#[cfg(feature = "verbs")]
#[derive(clap::Parser)]
#[command(name = "xtask", after_help = command::EXIT_CODES)]
struct CommandLine {
    #[command(subcommand)]
    verb: verbs::Verb,
}

#[cfg(feature = "verbs")]
fn main() -> ExitCode {
    command::main(PROGRAM, |line: CommandLine| line.verb.run())
}

/// Three command lines need no parser, which would take a tenth of the build. A build with all verbs reads every other.
#[cfg(not(feature = "verbs"))]
fn main() -> ExitCode {
    let arguments: Vec<_> = std::env::args_os().skip(1).collect();
    let words: Vec<_> = arguments.iter().map(|word| word.to_str()).collect();
    let result = match words.as_slice() {
        [Some("codegen")] => codegen::write(false, false),
        [Some("codegen"), Some("--accept")] => codegen::write(false, true),
        [Some("codegen"), Some("--check")] => codegen::check(false),
        _ => Err(cargo::restart("verbs", "the verbs besides `codegen`, and their options")),
    };
    output::finish(result, output::is_json(), |failure| output::note(format_args!("error: {failure}")))
}

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
#[cfg(not(feature = "verbs"))]
#[path = "verbs/codegen.rs"]
mod verbs;

use std::process::ExitCode;

use clap::Parser;
use gatewright_cli::{command, failure, output};

use self::verbs::Verb;

/// The words that start this program.
const PROGRAM: &str = "cargo xtask";

/// The verbs of this workspace
#[derive(Parser)]
#[command(name = "xtask", after_help = command::EXIT_CODES)]
struct CommandLine {
    #[command(subcommand)]
    verb: Verb,
}

fn main() -> ExitCode {
    // Another build has the other verbs, and the help that lists them.
    #[cfg(not(feature = "verbs"))]
    if std::env::args_os().nth(1).is_none_or(|verb| verb != "codegen") {
        output::note(format_args!("error: {}", cargo::restart("verbs", "the verbs besides `codegen`")));
        return ExitCode::FAILURE;
    }
    command::main(PROGRAM, |line: CommandLine| line.verb.run())
}

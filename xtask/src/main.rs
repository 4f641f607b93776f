//! The verbs of this workspace: `cargo xtask help` lists them.
//!
//! They are the only code that reads and writes the work tree.

#![deny(clippy::print_stderr, clippy::print_stdout)] // `output` prints, without a panic when nobody reads

#[cfg(feature = "client")]
mod call;
mod cargo;
mod ci;
mod client;
mod codegen;
mod conformance;
mod corpus;
#[cfg(feature = "client")]
mod credentials;
mod diff;
#[cfg(feature = "client")]
mod explain;
mod failure;
#[cfg(feature = "client")]
mod faults;
mod flags;
mod fuzz;
mod import;
#[cfg(feature = "client")]
mod interop;
mod model;
mod output;
mod peers;
#[cfg(all(test, unix))]
mod public_api;
mod python;
#[cfg(feature = "client")]
#[rustfmt::skip]
#[path = "services/registry.rs"]
mod registry;
mod scratch;
#[cfg(feature = "client")]
mod serve;
#[cfg(feature = "client")]
mod services;
mod show;
mod tools;
mod tree;

use std::{env, process::ExitCode};

use failure::Failure;

/// A verb: its name, how it is called, what it does.
struct Verb {
    name: &'static str,
    usage: &'static str,
    about: &'static str,
    run: fn(&[String]) -> Result<(), Failure>,
}

const VERBS: &[Verb] = &[
    Verb {
        name: "codegen",
        usage: codegen::USAGE,
        about: "generates the client from the model",
        run: codegen::run,
    },
    Verb {
        name: "import",
        usage: import::USAGE,
        about: "makes a model from a vendor's, or refreshes it",
        run: import::run,
    },
    Verb {
        name: "diff",
        usage: diff::USAGE,
        about: "lists what a change of the models means for users, and the version step that follows",
        run: diff::run,
    },
    Verb { name: "show", usage: show::USAGE, about: "prints one generated file", run: show::run },
    Verb { name: "call", usage: client::CALL, about: "calls an operation", run: client::call },
    Verb {
        name: "credentials",
        usage: client::CREDENTIALS,
        about: "shows which AWS credentials a client uses here",
        run: client::credentials,
    },
    Verb {
        name: "explain",
        usage: client::EXPLAIN,
        about: "explains why a call failed, and what to do",
        run: client::explain,
    },
    Verb {
        name: "serve",
        usage: client::SERVE,
        about: "runs the fake of a service on this machine",
        run: client::serve,
    },
    Verb {
        name: "interop",
        usage: client::INTEROP,
        about: "compares clients and fakes with the vendors' SDKs; needs Python 3.11",
        run: client::interop,
    },
    Verb {
        name: "faults",
        usage: client::FAULTS,
        about: "shows how the client handles each kind of fault",
        run: client::faults,
    },
    Verb {
        name: "conformance",
        usage: conformance::USAGE,
        about: "runs third-party test cases",
        run: conformance::run,
    },
    Verb {
        name: "corpus",
        usage: corpus::USAGE,
        about: "tries import and generation with every service of botocore; needs Python 3.11",
        run: corpus::run,
    },
    Verb {
        name: "fuzz",
        usage: fuzz::USAGE,
        about: "runs the fuzz targets; needs cargo-fuzz",
        run: fuzz::run,
    },
    Verb {
        name: "peers",
        usage: peers::USAGE,
        about: "measures this client and its peers; needs Python 3.11",
        run: peers::run,
    },
    Verb { name: "ci", usage: ci::USAGE, about: "runs everything that CI runs", run: ci::run },
];

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let (name, rest) =
        arguments.split_first().map_or(("help", &[][..]), |(name, rest)| (name.as_str(), rest));
    if matches!(name, "help" | "--help" | "-h") {
        return output::finish(output::print(help()), help);
    }
    let asks_for_help = matches!(rest, [only] if only == "--help" || only == "-h");
    match VERBS.iter().find(|verb| verb.name == name) {
        // The program behind `peers` has its own help.
        Some(verb) if asks_for_help && name != "peers" => output::finish(output::print(verb.help()), help),
        Some(verb) => output::finish((verb.run)(rest), || verb.help()),
        None => output::finish(Err(Failure::Usage(format!("unknown verb {name:?}"))), help),
    }
}

/// The usage of a verb.
pub(crate) fn help_of(name: &str) -> String {
    VERBS.iter().find(|verb| verb.name == name).map(Verb::help).unwrap_or_default()
}

fn help() -> String {
    VERBS.iter().map(Verb::help).collect::<Vec<_>>().join("\n")
}

impl Verb {
    fn help(&self) -> String {
        let title = format!("{}: {}\n", self.name, self.about);
        // An indented line continues the line before.
        let start = |line: &str| if line.starts_with(' ') { "  " } else { "  cargo xtask " };
        self.usage.lines().fold(title, |help, line| help + start(line) + line + "\n")
    }
}

//! All verbs.

#[cfg(test)]
mod help_tests;

use clap::Subcommand;
use gatewright_cli::{arguments, model::WithModel};

use crate::{
    ci, client, codegen, completions, conformance, corpus, diff, failure::Failure, fuzz, import, package,
    peers, release, show, tools,
};

#[derive(Subcommand)]
pub(crate) enum Verb {
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

impl Verb {
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Codegen(arguments) => codegen::run(&arguments),
            Self::Import(arguments) => import::run(&arguments),
            Self::Diff(arguments) => diff::run(&arguments),
            Self::Show(arguments) => show::run(&arguments),
            Self::Call(arguments) => arguments.run(client::call, tools::run),
            Self::Explain(arguments) => arguments.run(client::explain, tools::run),
            Self::Credentials(arguments) => client::credentials(&arguments),
            Self::Serve(arguments) => arguments.run(client::serve, tools::run),
            Self::Interop(arguments) => client::interop(&arguments),
            Self::Faults(arguments) => client::faults(&arguments),
            Self::Conformance(arguments) => conformance::run(&arguments),
            Self::Corpus(arguments) => corpus::run(&arguments),
            Self::Fuzz(arguments) => fuzz::run(&arguments),
            Self::Peers(arguments) => peers::run(&arguments),
            Self::Package(arguments) => package::run(&arguments),
            Self::Release(arguments) => release::run(&arguments),
            Self::Ci(arguments) => ci::run(&arguments),
            Self::Completions(arguments) => completions::run(&arguments),
        }
    }
}

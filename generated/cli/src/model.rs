//! Verbs for the services of models elsewhere. `cargo xtask` builds a program for them, and starts it with its own command line.

use std::fmt::Debug;

use clap::Args;

use crate::failure::Failure;

// Arguments of a verb, and the folder of the models whose services it is for. No doc comment: help would have it instead of
// the verb's.
#[expect(missing_docs, reason = "clap makes help of doc comments")]
#[derive(Clone, Debug, Args)]
pub struct WithModel<A: Args + Clone + Debug> {
    /// Arguments of the verb.
    #[command(flatten)]
    pub verb: A,
    /// Use the services of the models in this folder; the first use builds a program for them
    #[arg(long, value_name = "FOLDER")]
    pub model: Option<String>,
}

impl<A: Args + Clone + Debug> WithModel<A> {
    /// Runs `elsewhere` with the folder, or else `here` with the arguments of the verb.
    ///
    /// # Errors
    /// The failure of the one that runs.
    pub fn run(
        &self,
        here: impl FnOnce(&A) -> Result<(), Failure>,
        elsewhere: impl FnOnce(&str) -> Result<(), Failure>,
    ) -> Result<(), Failure> {
        match &self.model {
            Some(model) => elsewhere(model),
            None => here(&self.verb),
        }
    }
}

#[cfg(feature = "verbs")]
mod program {
    use std::process::ExitCode;

    use clap::{Parser, Subcommand};

    use super::WithModel;
    use crate::{arguments, command, services::Program};

    #[derive(Parser)]
    struct CommandLine {
        #[command(subcommand)]
        verb: Verb,
    }

    #[derive(Subcommand)]
    enum Verb {
        Call(WithModel<arguments::Call>),
        Explain(Box<WithModel<arguments::Explain>>),
        Serve(WithModel<arguments::Serve>),
    }

    /// The program that is built for a model.
    pub fn main(program: &Program) -> ExitCode {
        command::main(program.command, |line: CommandLine| match line.verb {
            Verb::Call(arguments) => crate::call(program, &arguments.verb),
            Verb::Explain(arguments) => crate::explain(program, &arguments.verb),
            Verb::Serve(arguments) => crate::serve(program, &arguments.verb),
        })
    }
}

#[cfg(feature = "verbs")]
pub use program::main;

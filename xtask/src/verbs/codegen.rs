//! The verb of a build without the others.

use clap::Subcommand;

use crate::{codegen, failure::Failure};

#[derive(Subcommand)]
pub(crate) enum Verb {
    Codegen(codegen::Arguments),
}

impl Verb {
    pub(crate) fn run(self) -> Result<(), Failure> {
        let Self::Codegen(arguments) = self;
        codegen::run(&arguments)
    }
}

//! `cargo xtask completions`: people type `cargo xtask`, whose completion is cargo's.

use gatewright_cli::arguments::{Completions, Shell};

use crate::{CommandLine, failure::Failure, model, output};

/// Prints the script that completes `xtask`, and the part that makes `cargo xtask` use it.
pub(crate) fn run(arguments: &Completions) -> Result<(), Failure> {
    // For the rest of the process, which is short.
    let services: Vec<&'static str> = model::names()?.into_iter().map(|name| &*name.leak()).collect();
    arguments.print::<CommandLine>("xtask", &services)?;
    output::print(match arguments.shell {
        Shell::Bash => include_str!("completions/cargo.bash"),
        Shell::Elvish => include_str!("completions/cargo.elv"),
        Shell::Fish => include_str!("completions/cargo.fish"),
        Shell::Zsh => include_str!("completions/cargo.zsh"),
        _ => "",
    })
}

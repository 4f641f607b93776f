//! How command lines are read: help, mistakes and exit codes of every program that has verbs.

use std::{env, process::ExitCode};

use clap::{Command, CommandFactory, Parser, error::ErrorKind};

use crate::{failure::Failure, output};

/// Exit codes of all verbs, for the end of a program's help.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  success, also if the reader of the output closed it early
  1  the verb failed, or found a fault
  2  the command line or the input is invalid

`{program} help VERB` shows the options and examples of a verb.";

/// The place of the program's name in help texts.
const PROGRAM: &str = "{program}";

/// Reads the command line of this process, runs it, and reports how it ended.
pub fn main<C: Parser>(program: &str, run: impl FnOnce(C) -> Result<(), Failure>) -> ExitCode {
    let as_json = output::is_json();
    let mut command = of::<C>(program);
    let matches = match command.try_get_matches_from_mut(env::args_os()) {
        Ok(matches) => matches,
        Err(error) => return output::refuse(&error, as_json),
    };
    let line = match C::from_arg_matches(&matches) {
        Ok(line) => line,
        Err(error) => return output::refuse(&error.format(&mut command), as_json),
    };
    let verb = matches.subcommand_name().unwrap_or_default();
    output::finish(run(line), as_json, |message| {
        let verb = command.find_subcommand(verb).cloned();
        verb.unwrap_or(command).error(ErrorKind::ValueValidation, message)
    })
}

/// The command line `C` of the program that its users start with these words.
pub fn of<C: CommandFactory>(program: &str) -> Command {
    let mut command = named(C::command().bin_name(program), program);
    command.build();
    command
}

/// A command whose help names the program.
fn named(command: Command, program: &str) -> Command {
    let help = command.get_after_help().map(|help| help.to_string().replace(PROGRAM, program));
    let command = match help {
        Some(help) => command.after_help(help),
        None => command,
    };
    command.mut_subcommands(|verb| named(verb, program))
}

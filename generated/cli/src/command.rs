//! Reading of command lines. Help, mistakes and exit codes of every program that has verbs.

use std::{any::TypeId, env, ffi::OsString, process::ExitCode};

use clap::{
    Command, CommandFactory, Error, Parser,
    builder::NonEmptyStringValueParser,
    error::{ContextKind, ContextValue, ErrorKind},
};
use serde_json::json;

use crate::{
    failure::{Failure, near},
    output,
};

/// Exit codes of all verbs, for the end of a program's help.
pub const EXIT_CODES: &str = "\
Exit codes:
  0  success, also if the reader of the output closed it early
  1  the verb failed, or found a fault
  2  the command line, the input or a setting is invalid, or a file, folder or revision that they name is missing

`{program} help VERB` shows the options and examples of a verb.";

/// The place of the program's name in help texts.
const PROGRAM: &str = "{program}";

/// Reads the command line of this process, runs it, and reports how it ended.
pub fn main<C: Parser>(program: &str, run: impl FnOnce(C) -> Result<(), Failure>) -> ExitCode {
    let as_json = output::is_json();
    let mut command = of::<C>(program);
    let matches = match command.try_get_matches_from_mut(env::args_os()) {
        Ok(matches) => matches,
        Err(error) => return refuse(&with_facts(error, &command, env::args_os().skip(1)), as_json),
    };
    let line = match C::from_arg_matches(&matches) {
        Ok(line) => line,
        Err(error) => return refuse(&error.format(&mut command), as_json),
    };
    let verb = matches.subcommand_name().unwrap_or_default();
    output::finish(run(line), as_json, |failure| {
        show(&if let Failure::Usage(message) = failure {
            let verb = command.find_subcommand(verb).cloned();
            verb.unwrap_or(command).error(ErrorKind::ValueValidation, message)
        } else {
            // With the colours of the command line.
            failed(&failure).with_cmd(&command)
        });
    })
}

/// Adds what clap does not say: which argument is not text, and names similar to the one that `help` does not know.
fn with_facts(mut error: Error, program: &Command, words: impl Iterator<Item = OsString>) -> Error {
    let words: Vec<_> = words.collect();
    if error.kind() == ErrorKind::InvalidUtf8
        && let Some(index) = words.iter().position(|word| word.to_str().is_none())
    {
        let verb = words.first().and_then(|verb| program.find_subcommand(verb)).unwrap_or(program);
        let argument = not_text(verb, &words, index);
        let way_out = "if it names a file, rename the file, or give its content on standard input";
        return verb.clone().error(error.kind(), format!("{argument} is not valid UTF-8; {way_out}"));
    }
    let is_suggested = error.get(ContextKind::SuggestedSubcommand).is_some();
    let (ErrorKind::InvalidSubcommand, false, Some(ContextValue::String(unknown))) =
        (error.kind(), is_suggested, error.get(ContextKind::InvalidSubcommand))
    else {
        return error;
    };
    // Clap knows the verb whose subcommand is unknown, but does not tell.
    let mut verbs = words.iter().filter(|word| *word != "help");
    let parent = verbs.try_fold(program, |parent, word| parent.find_subcommand(word).ok_or(parent));
    let parent = parent.unwrap_or_else(|parent| parent);
    let known: Vec<_> = parent.get_subcommands().map(Command::get_name).collect();
    let near: Vec<_> = near(unknown, &known).into_iter().map(str::to_owned).collect();
    if !near.is_empty() {
        error.insert(ContextKind::SuggestedSubcommand, ContextValue::Strings(near));
    }
    error
}

/// How a message names the argument at `index`. Values of options are not shown, since they may be secrets.
fn not_text(verb: &Command, words: &[OsString], index: usize) -> String {
    let word = |index| words.get(index).map(|word: &OsString| word.to_string_lossy()).unwrap_or_default();
    let takes_value = |name: &str| {
        let mut arguments = verb.get_arguments();
        let argument = arguments.find(|argument| argument.get_long() == name.strip_prefix("--"));
        argument.is_some_and(|argument| argument.get_action().takes_values())
    };
    let (argument, before) = (word(index), index.checked_sub(1).map(word).unwrap_or_default());
    match argument.split_once('=') {
        _ if before.starts_with("--") && takes_value(&before) => format!("the value of {before}"),
        Some((name, _)) if name.starts_with("--") => format!("the value of {name}"),
        _ => format!("the argument {argument:?}"),
    }
}

/// Shows help, or what is wrong with a command line, and returns the exit code.
fn refuse(error: &Error, as_json: bool) -> ExitCode {
    if as_json && error.use_stderr() {
        let text = error.to_string();
        // What clap adds for people.
        let message = ["\n\nUsage:", "\n\nFor more information"]
            .iter()
            .fold(text.as_str(), |text, end| text.split(end).next().unwrap_or_default());
        let message = message.trim_start_matches("error: ");
        output::note_json(&json!({ "kind": "Usage", "message": message.trim_end() }));
    } else {
        match output::written(error.print()) {
            Err(failure @ Failure::Failed(_)) if !error.use_stderr() => {
                return output::finish(Err(failure), as_json, |failure| show(&failed(&failure)));
            }
            // A reader that is gone ends nothing.
            _ => {}
        }
    }
    ExitCode::from(if error.use_stderr() { output::INVALID } else { 0 })
}

fn failed(failure: &Failure) -> Error {
    Error::raw(ErrorKind::Io, format_args!("{failure}\n"))
}

/// In colour on a terminal, unless `NO_COLOR` is set.
fn show(error: &Error) {
    let _ = error.print();
}

/// The command line `C` of the program that its users start with these words.
pub fn of<C: CommandFactory>(program: &str) -> Command {
    let mut command = named(C::command().bin_name(program), program);
    command.build();
    command
}

/// A command whose help names the program, and which refuses texts without content, such as a variable of a script that is not set.
fn named(command: Command, program: &str) -> Command {
    let command = command.mut_args(|argument| {
        // A negative number after an option is its value, and not an unknown option.
        let takes_value = argument.get_long().is_some() && argument.get_action().takes_values();
        let argument = argument.allow_negative_numbers(takes_value);
        let is_text = argument.get_value_parser().type_id() == TypeId::of::<String>();
        if is_text { argument.value_parser(NonEmptyStringValueParser::new()) } else { argument }
    });
    let help = command.get_after_help().map(|help| help.to_string().replace(PROGRAM, program));
    let command = match help {
        Some(help) => command.after_help(help),
        None => command,
    };
    command.mut_subcommands(|verb| named(verb, program))
}

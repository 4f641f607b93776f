//! Output of verbs: results on standard output, everything else on standard error.
//!
//! A reader may close the output early, as `head` does. A verb then ends quietly, without the panic of `println!`.

use std::{
    fmt::Display,
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use crate::failure::Failure;

/// Prints a part of the result unchanged.
pub(crate) fn print(text: impl Display) -> Result<(), Failure> {
    written(write(io::stdout().lock(), text))
}

/// Prints a line of the result.
pub(crate) fn print_line(line: impl Display) -> Result<(), Failure> {
    print(format_args!("{line}\n"))
}

/// Prints a line for people. Nothing depends on it, so a failure is ignored.
pub(crate) fn note(line: impl Display) {
    let _ = write(io::stderr().lock(), format_args!("{line}\n"));
}

/// Reports how a verb ended, and ends the program so.
pub(crate) fn finish(result: Result<(), Failure>, help: impl Fn() -> String) -> ExitCode {
    match result {
        Ok(()) | Err(Failure::Unread) => ExitCode::SUCCESS,
        Err(Failure::Failed(message)) => {
            note(message);
            ExitCode::FAILURE
        }
        Err(Failure::Refused(message)) => {
            note(message);
            ExitCode::from(2)
        }
        Err(Failure::Usage(message)) => {
            note(format_args!("{message}\n\n{}", help().trim_end()));
            ExitCode::from(2)
        }
    }
}

fn write(mut to: impl Write, text: impl Display) -> io::Result<()> {
    write!(to, "{text}").and_then(|()| to.flush())
}

fn written(result: io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::Unread,
        _ => Failure::Failed(format!("cannot write to standard output: {error}")),
    })
}

//! Output of verbs: results on standard output, everything else on standard error.
//!
//! A reader may close the output early, as `head` does. A verb then ends quietly, without the panic of `println!`.

use std::{
    borrow::Cow,
    env,
    ffi::OsString,
    fmt::Display,
    io::{self, ErrorKind, Write},
    process::ExitCode,
};

use serde_json::{Value, json};

use crate::failure::Failure;

/// Exit code for an invalid command line or input.
pub(crate) const INVALID: u8 = 2;

/// Whether the command line of this process asks for JSON. Standard error then has nothing but a failure, as JSON.
pub fn is_json() -> bool {
    asks_for_json(&env::args_os().collect::<Vec<_>>())
}

/// By the option that most verbs have, or by a format.
fn asks_for_json(words: &[OsString]) -> bool {
    words.iter().any(|word| word == "--json" || word == "--format=json")
        || words.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json")
}

/// Prints a part of the result unchanged.
///
/// # Errors
/// [`Failure::Unread`] if the reader is gone, or the failure to write.
pub fn print(text: impl Display) -> Result<(), Failure> {
    written(write(io::stdout().lock(), text))
}

/// Prints a line of the result.
///
/// # Errors
/// The failures of [`print()`].
pub fn print_line(line: impl Display) -> Result<(), Failure> {
    print(format_args!("{line}\n"))
}

/// A word of a command that people paste into a POSIX shell, quoted if necessary.
pub fn word(text: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"%+,-./:=@_".contains(&byte);
    if !text.is_empty() && text.bytes().all(is_plain) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

/// Prints a line for people. Nothing depends on it, so a failure is ignored.
pub fn note(line: impl Display) {
    let _ = write(io::stderr().lock(), format_args!("{line}\n"));
}

/// Reports how a verb ended, and returns the exit code. `show` prints a failure for people.
pub fn finish(result: Result<(), Failure>, as_json: bool, show: impl FnOnce(Failure)) -> ExitCode {
    let Err(failure) = result else { return ExitCode::SUCCESS };
    let (kind, exit_code) = match &failure {
        Failure::Unread => return ExitCode::SUCCESS,
        Failure::Usage(_) => ("Usage", INVALID),
        Failure::Refused(_) => ("Input", INVALID),
        Failure::Failed(_) => ("Failed", 1),
        Failure::Reported { exit_code, .. } => ("Failed", *exit_code),
    };
    match failure {
        Failure::Reported { json, .. } if as_json => note_json(&json),
        failure if as_json => note_json(&json!({ "kind": kind, "message": failure.to_string() })),
        failure => show(failure),
    }
    ExitCode::from(exit_code)
}

pub(crate) fn note_json(json: &Value) {
    note(format_args!("{json:#}"));
}

fn write(mut to: impl Write, text: impl Display) -> io::Result<()> {
    write!(to, "{text}").and_then(|()| to.flush())
}

pub(crate) fn written(result: io::Result<()>) -> Result<(), Failure> {
    result.map_err(|error| match error.kind() {
        ErrorKind::BrokenPipe => Failure::Unread,
        _ => Failure::Failed(format!("cannot write to standard output: {error}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_for_shells() {
        for plain in ["aws-sts", "../a_b/c.json", "arn:aws:iam::111122223333:user/Alice", "a=b,c@d+e%20"] {
            assert_eq!(word(plain), plain);
        }
        for (text, quoted) in [
            ("", "''"),
            ("my model", "'my model'"),
            ("it's", r"'it'\''s'"),
            ("~/$HOME;&", "'~/$HOME;&'"),
            ("Größe", "'Größe'"),
        ] {
            assert_eq!(word(text), quoted);
        }
    }

    #[test]
    fn json_is_an_option_or_a_format() {
        let asks = |line: &str| asks_for_json(&line.split(' ').map(OsString::from).collect::<Vec<_>>());
        assert!(asks("diff --json") && asks("diff --format json") && asks("diff HEAD --format=json"));
        assert!(!asks("diff --format html") && !asks("diff json --format") && !asks("import json"));
    }
}

//! The part of the suites that needs the client: makes the calls of cases and reports their outcomes.
//!
//! This module is compiled into the scratch crate, not into xtask, so that verbs of the generator build without the
//! client.

mod call;
mod peer;
#[path = "../report.rs"]
mod report;
mod sigv4;
#[path = "../suite.rs"]
mod suite;

use std::{env, fs, path::Path, process::ExitCode};

use serde_json::{Value, json};

pub(crate) use call::{Members, call, members};
use report::Report;

/// An operation of a module, with a function that makes its calls.
pub(crate) type Entry = (&'static str, &'static str, fn(&Value) -> Result<Value, String>);

/// `calls <file with one call per line>` or `sigv4 <folder of cases>`: prints JSON, one result per line.
#[expect(clippy::print_stdout, clippy::print_stderr, reason = "its one job is to be read by xtask")]
pub(crate) fn main(operations: &[Entry]) -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let results = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["calls", file] => calls(Path::new(file), operations),
        ["sigv4", folder] => sigv4::run(Path::new(folder)).map(|report| vec![report_json(&report)]),
        _ => Err("expected `calls <file>` or `sigv4 <folder>`".to_owned()),
    };
    match results {
        Ok(results) => {
            for result in results {
                println!("{result}");
            }
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn report_json(Report { ran, left_out, failed }: &Report) -> Value {
    json!({ "ran": ran, "left_out": left_out, "failed": failed })
}

fn calls(file: &Path, operations: &[Entry]) -> Result<Vec<Value>, String> {
    let text = fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
    let make = |line: &str| -> Result<Value, String> {
        let case: Value = serde_json::from_str(line).map_err(|error| error.to_string())?;
        let wanted = |entry: &&Entry| case["module"] == entry.0 && case["operation"] == entry.1;
        let (_, _, call) = operations.iter().find(wanted).ok_or("no such operation")?;
        call(&case)
    };
    let outcome = |line: &str| make(line).unwrap_or_else(|error| json!({ "fault": error }));
    Ok(text.lines().map(outcome).collect())
}

//! `cargo xtask conformance`: third-party cases, from a folder of JSON files.
//!
//! Cases of protocols contain their own models, which are converted to our format ([`botocore`], [`smithy`]). The
//! generator makes them modules of a scratch crate ([`scratch`]), which makes the cases' calls with the whole client
//! (`driver`, compiled in that crate). This crate compares the results ([`check`]).

mod botocore;
mod check;
// For rustfmt only; the scratch crate compiles the module.
#[cfg(any())]
mod driver;
mod model;
mod plan;
mod report;
mod scratch;
mod smithy;
mod sts;
mod suite;
mod time;
mod values;
mod xml;

use std::{
    fmt::{self, Display},
    fs,
    path::{Path, PathBuf},
};

use clap::Args;
use gatewright_model::Service;
use plan::Plan;
pub(crate) use report::Report;
use serde_json::{Value, json};

use crate::{failure::Failure, output, progress::Progress};

/// Run third-party test cases
///
/// Prints how many cases of each suite ran, which were skipped and why, and which failed.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} conformance ../shared/conformance
  {program} conformance ../shared/conformance --json")]
pub(crate) struct Arguments {
    /// Folder of the cases
    folder: PathBuf,
    /// Print the result as JSON
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let outcome = run_all(&arguments.folder)?;
    let printed = if arguments.json {
        output::print_line(format_args!("{:#}", outcome.json()))
    } else {
        output::print(&outcome)
    };
    match outcome.failed() {
        0 => printed,
        failed => Err(Failure::Failed(format!("{failed} cases failed"))),
    }
}

/// Protocols whose suites contain their models.
const PROTOCOLS: [&str; 6] =
    ["aws-ec2", "aws-json-1.0", "aws-json-1.1", "aws-query", "aws-rest-json", "aws-rest-xml"];

/// Runs every suite of the folder. A missing suite is a failure.
fn run_all(folder: &Path) -> Result<Outcome, Failure> {
    let progress = Progress::new("conformance", 4);
    progress.next("reading the cases");
    let plan = read(folder).map_err(|message| Failure::from(message).of_input())?;

    let services = plan.services()?;
    progress.next(format_args!("compiling their {} models", services.len()));
    let scratch = scratch::build(&services)?;
    progress.next("signing");
    let mut suites = vec![("sigv4".to_owned(), scratch.sigv4(&folder.join("sigv4"))?)];
    let planned = plan.calls(&services);
    progress.next(format_args!("making {} calls", planned.len()));
    let calls = scratch.calls(&planned)?;
    suites.extend(plan.compare(&services, &calls)?);
    Ok(Outcome { suites })
}

/// Reads the cases of all suites. Those of signatures are only looked for: the scratch crate reads them, and takes long to build.
fn read(folder: &Path) -> Result<Plan, String> {
    let mut plan = Plan::default();
    for protocol in PROTOCOLS {
        for name in ["requests-botocore", "requests-smithy", "responses-botocore", "responses-smithy"] {
            let suite = format!("{protocol}/{name}");
            plan.protocol_cases(&suite, &suite::cases(&folder.join(format!("{suite}.json")))?);
        }
    }
    plan.error_codes("error-codes", &suite::cases(&folder.join("error-codes/cases.json"))?);
    sts::plan(&mut plan, &folder.join("aws-query/sts.json"))?;
    let signatures = folder.join("sigv4");
    fs::read_dir(&signatures).map_err(|error| format!("{}: {error}", signatures.display()))?;
    Ok(plan)
}

/// Makes and compares the calls of services' cases. Cases name operations of their service.
pub(crate) fn compare(services: &[(Service, Vec<Value>)]) -> Result<Vec<Report>, Failure> {
    let models: Vec<_> = services.iter().map(|(service, _)| service.clone()).collect();
    let scratch = scratch::build(&models)?;
    let calls =
        services.iter().flat_map(|(service, cases)| cases.iter().map(move |case| plan::call(service, case)));
    let calls: Vec<_> = calls.collect();
    let seen = scratch.calls(&calls)?;
    if seen.len() != calls.len() {
        return Err(Failure::Failed(format!("{} calls were planned, {} were made", calls.len(), seen.len())));
    }
    let mut seen = seen.iter();
    let compare = |(service, cases): &(Service, Vec<Value>)| {
        let mut report = Report::default();
        for (case, seen) in cases.iter().zip(&mut seen) {
            report.add(suite::id(case), plan::outcome(service, case, seen));
        }
        report
    };
    Ok(services.iter().map(compare).collect())
}

/// The results of all suites.
#[derive(Debug)]
struct Outcome {
    suites: Vec<(String, Report)>,
}

impl Outcome {
    fn failed(&self) -> usize {
        self.count(|report| report.failed.len())
    }

    /// The results, for programs.
    fn json(&self) -> Value {
        let entry = |(case, why): &(String, String), key: &str| json!({ "case": case, key: why });
        let suite = |(name, Report { ran, left_out, failed }): &(String, Report)| {
            json!({
                "suite": name,
                "ran": ran,
                "failed": failed.iter().map(|failed| entry(failed, "difference")).collect::<Vec<_>>(),
                "skipped": left_out.iter().map(|skipped| entry(skipped, "reason")).collect::<Vec<_>>(),
            })
        };
        json!({ "suites": self.suites.iter().map(suite).collect::<Vec<_>>() })
    }

    fn count(&self, count: impl Fn(&Report) -> usize) -> usize {
        self.suites.iter().map(|(_, report)| count(report)).sum()
    }
}

/// Prints every suite with its numbers, the reasons for skipped cases, and the failures.
impl Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (name, Report { ran, left_out, failed }) in &self.suites {
            writeln!(f, "{name}: {ran} ran, {} failed, {} left out", failed.len(), left_out.len())?;
            let mut reasons: Vec<_> = left_out.iter().map(|(_, reason)| reason).collect();
            reasons.sort_unstable();
            reasons.dedup();
            for reason in reasons {
                let of = |(_, other): &&(String, String)| other == reason;
                let ids: Vec<_> = left_out.iter().filter(of).map(|(id, _)| id.as_str()).collect();
                match ids.len() {
                    1..=8 => writeln!(f, "  left out: {}: {reason}", ids.join(", "))?,
                    many => writeln!(f, "  left out: {many} cases: {reason}")?,
                }
            }
            for (id, fault) in failed {
                writeln!(f, "  FAILED: {id}: {}", fault.replace('\n', "\n    "))?;
            }
        }
        let (ran, left_out) = (self.count(|report| report.ran), self.count(|report| report.left_out.len()));
        writeln!(f, "all: {ran} ran, {} failed, {left_out} left out", self.failed())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_a_failure() {
        let failure = run_all(Path::new("no-such-folder")).unwrap_err();
        let Failure::Refused(message) = failure else { panic!("{failure:?}") };
        assert!(message.starts_with("no-such-folder/aws-ec2/requests-botocore.json: "), "{message}");
    }

    #[test]
    fn reasons_and_failures_are_listed() {
        let pair = |id: &str, text: &str| (id.to_owned(), text.to_owned());
        let report = Report {
            ran: 2,
            left_out: vec![pair("a", "no clock"), pair("b", "no clock")],
            failed: vec![pair("c", "body differs\nours")],
        };
        let outcome = Outcome { suites: vec![("one".to_owned(), report)] };
        assert_eq!(outcome.failed(), 1);
        let expected = "\
one: 2 ran, 1 failed, 2 left out
  left out: a, b: no clock
  FAILED: c: body differs
    ours
all: 2 ran, 1 failed, 2 left out
";
        assert_eq!(outcome.to_string(), expected);
        insta::assert_snapshot!(format!("{:#}", outcome.json()), @r#"
        {
          "suites": [
            {
              "failed": [
                {
                  "case": "c",
                  "difference": "body differs\nours"
                }
              ],
              "ran": 2,
              "skipped": [
                {
                  "case": "a",
                  "reason": "no clock"
                },
                {
                  "case": "b",
                  "reason": "no clock"
                }
              ],
              "suite": "one"
            }
          ]
        }
        "#);
    }
}

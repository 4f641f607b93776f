//! Conformance cases of others, run from a folder of JSON files.
//!
//! Cases of a protocol bring models of their own. They become models in our format ([`botocore`], [`smithy`]), these
//! become modules of a scratch crate through the generator itself ([`scratch`]), and that crate makes the cases' calls
//! with the whole client (`driver`, compiled there). What comes back is compared here ([`check`]).

mod botocore;
mod check;
// For rustfmt; it is the scratch crate that compiles it.
#[cfg(any())]
mod driver;
mod model;
mod plan;
mod report;
mod scratch;
mod smithy;
mod suite;
mod time;
mod values;

use std::{
    fmt::{self, Display},
    fs,
    path::Path,
};

use plan::Plan;
use report::Report;

/// Runs every suite of the folder.
///
/// # Errors
/// Why the cases cannot be run: a folder or file that is missing or is not what it should be, above all.
pub(crate) fn run(folder: &Path) -> Result<Outcome, String> {
    let mut plan = Plan::default();
    for name in ["requests-botocore", "requests-smithy", "responses-botocore", "responses-smithy"] {
        let suite = format!("aws-json-1.1/{name}");
        plan.protocol_cases(&suite, &suite::cases(&folder.join(format!("{suite}.json")))?);
    }
    plan.error_codes("error-codes", &suite::cases(&folder.join("error-codes/cases.json"))?);
    let unsaid = left_out(folder)?;

    let services = plan.services()?;
    let scratch = scratch::build(&services)?;
    let calls = scratch.calls(&plan.calls(&services))?;
    let mut suites = vec![("sigv4".to_owned(), scratch.sigv4(&folder.join("sigv4"))?)];
    suites.extend(plan.compare(&services, &calls)?);
    suites.extend(unsaid);
    Ok(Outcome { suites })
}

/// Suites of protocols that no service of ours speaks.
fn left_out(folder: &Path) -> Result<Vec<(String, Report)>, String> {
    let folder = folder.join("aws-query");
    let at = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut suites = Vec::new();
    for entry in fs::read_dir(&folder).map_err(at)? {
        let path = entry.map_err(at)?.path();
        if path.extension().is_some_and(|extension| extension == "json") {
            let reason = "the runtime does not speak the AWS query protocol".to_owned();
            let cases = suite::cases(&path)?;
            let left_out = cases.iter().map(|case| (suite::id(case).to_owned(), reason.clone())).collect();
            let name = path.file_stem().unwrap_or_default().to_string_lossy();
            suites.push((format!("aws-query/{name}"), Report { left_out, ..Report::default() }));
        }
    }
    suites.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(suites)
}

/// What came of every suite.
#[derive(Debug)]
pub(crate) struct Outcome {
    suites: Vec<(String, Report)>,
}

impl Outcome {
    /// Whether no case failed.
    pub(crate) fn passed(&self) -> bool {
        self.suites.iter().all(|(_, report)| report.failed.is_empty())
    }
}

/// Every suite with its numbers, the reasons for what was left out, and the failures.
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
                match &ids[..] {
                    ids if ids.len() > 8 => writeln!(f, "  left out, {} cases: {reason}", ids.len())?,
                    ids => writeln!(f, "  left out, {}: {reason}", ids.join(", "))?,
                }
            }
            for (id, fault) in failed {
                writeln!(f, "  FAILED {id}: {}", fault.replace('\n', "\n    "))?;
            }
        }
        let sum =
            |count: fn(&Report) -> usize| self.suites.iter().map(|(_, report)| count(report)).sum::<usize>();
        let (ran, failed) = (sum(|report| report.ran), sum(|report| report.failed.len()));
        writeln!(f, "all: {ran} ran, {failed} failed, {} left out", sum(|report| report.left_out.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_no_success() {
        let error = run(Path::new("no-such-folder")).unwrap_err();
        assert!(error.starts_with("no-such-folder/aws-json-1.1/requests-botocore.json: "), "{error}");
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
        assert!(!outcome.passed());
        let expected = "one: 2 ran, 1 failed, 2 left out\n  left out, a, b: no clock\n  FAILED c: body differs\n    ours\n\
            all: 2 ran, 1 failed, 2 left out\n";
        assert_eq!(outcome.to_string(), expected);
    }
}

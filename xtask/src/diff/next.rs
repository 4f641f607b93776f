//! The next release: its version, and its entry in the changelog.

use super::{
    Report, changelog,
    source::{self, Old},
    version::{self, Step, Version},
};
use crate::{failure::Failure, model::Models};

/// Lists of what programs can name, of the crates that are written by hand.
const PUBLIC_API: &str = "xtask/src/snapshots/public-api-*.snap";

/// The requirements of the changes since the last release for the next one.
pub(crate) struct Next {
    /// The last release.
    pub(crate) released: Option<Version>,
    /// The first version that may follow.
    pub(crate) at_least: Version,
    /// Version and reason, for people.
    pub(crate) line: String,
    /// What changed in the models, by section of the changelog.
    pub(crate) entry: Vec<(&'static str, Vec<String>)>,
}

impl Next {
    /// Compares models and the runtime's public API with those of the last release's tag.
    pub(crate) fn since_the_last_release() -> Result<Self, Failure> {
        let now = version::in_manifest()?;
        let tagged = source::last_tag().and_then(|tag| Some((Version::parse(&tag)?, tag)));
        let Some((released, tag)) = tagged else {
            let line = format!("{now} is the first release");
            return Ok(Self { released: None, at_least: now, line, entry: Vec::new() });
        };
        let report = Report::new(&Old::revision(&tag, None)?, &Models::committed()?, &[])?;
        let runtime = of_lines(&source::changed_lines(&tag, PUBLIC_API)?);
        let (models, step) = (report.step(), report.step().max(runtime));
        let changed =
            if step == models { report.counts() } else { "the runtime's public API changed".to_owned() };
        let at_least = released.after(step).max(now);
        let line = format!("{at_least} after {released}: {changed}; {}", step.reason(released));
        Ok(Self { released: Some(released), at_least, line, entry: changelog::sections(&report) })
    }
}

/// The version step for changed lines of a public API's list: a removed line breaks programs.
fn of_lines(changed: &[String]) -> Step {
    if changed.iter().any(|line| line.starts_with("-pub ") || line.starts_with("-impl")) {
        Step::Breaking
    } else if changed.iter().any(|line| line.starts_with('+')) {
        Step::Addition
    } else {
        Step::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_a_public_api_ask_for_a_step() {
        let step =
            |lines: &[&str]| of_lines(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>());
        assert_eq!(step(&[]), Step::None);
        assert_eq!(step(&["--- a/x.snap", "+++ b/x.snap", "+pub fn a::b()"]), Step::Addition);
        assert_eq!(step(&["+pub fn a::b()", "-pub fn a::b(u32)"]), Step::Breaking);
        assert_eq!(step(&["-impl Clone for a::B"]), Step::Breaking);
    }
}

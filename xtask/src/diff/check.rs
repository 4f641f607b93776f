//! `diff --check`: whether the version has made the step that the changes ask for.

use super::{
    Report,
    source::{self, Old},
    version::{self, Version},
};
use crate::{
    failure::Failure,
    model::{self, Models},
    output::note,
};

pub(super) fn run(revision: Option<&str>) -> Result<(), Failure> {
    let default = || source::default_revision(model::root());
    let revision = revision.map(str::to_owned).map_or_else(default, |revision| Ok(Some(revision)))?;
    let Some(revision) = revision else {
        note(
            "diff: SKIPPED, no version step was checked: this clone has neither a release tag nor origin/main",
        );
        return Ok(());
    };
    let old = Old::revision(&revision, None)?;
    if let Err(failure) = old.services(|_| true) {
        // Later releases are compared again.
        note(format_args!("diff: SKIPPED, no version step was checked: {failure}"));
        return Ok(());
    }
    let released = version::released(Some(&revision))?;
    let report = Report::new(&old, &Models::committed()?, &[], released)?;
    note(format_args!("diff: since {revision}: {}", report.counts()));
    match verdict(&report, released, version::in_manifest()?) {
        Ok(line) => {
            note(format_args!("diff: {line}"));
            Ok(())
        }
        Err(line) => Err(Failure::Failed(format!("{}diff: {line}", super::text::lines(&report)))),
    }
}

fn verdict(report: &Report, released: Option<Version>, now: Version) -> Result<String, String> {
    let Some(released) = released else {
        return Ok(format!("nothing is released yet, so {now} needs no step"));
    };
    let (step, wanted) = (report.step(), released.after(report.step()));
    if now >= wanted {
        return Ok(format!("{now} has the step after {released}"));
    }
    Err(format!(
        "{}; the release after {released} must be at least {wanted}, but Cargo.toml has {now}: set the workspace's version",
        step.reason(Some(released))
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_step_fails() {
        let version = |text: &str| Version::parse(text).expect("it is a version");
        let mut report = super::super::tests::report();
        let check = |report: &Report, released: Option<&str>, now: &str| {
            verdict(report, released.map(version), version(now))
        };
        assert!(check(&report, None, "0.1.0").is_ok());
        let missing = check(&report, Some("0.1.0"), "0.1.0").unwrap_err();
        assert!(missing.contains("at least 0.2.0, but Cargo.toml has 0.1.0"), "{missing}");
        assert!(check(&report, Some("0.1.0"), "0.1.9").is_err());
        assert!(check(&report, Some("0.1.0"), "0.2.0").is_ok());
        assert!(check(&report, Some("1.0.0"), "1.9.0").is_err());
        report.changes.clear();
        assert!(check(&report, Some("0.1.0"), "0.1.0").is_ok());
    }
}

//! Versions, and the step that semantic versioning asks for.

use std::{
    cmp::Ordering,
    fmt::{self, Display, Formatter},
    fs,
};

use gatewright_codegen::diff::{Change, Verdict};
use toml_edit::DocumentMut;

use super::source;
use crate::{failure::Failure, model};

/// `major.minor.patch`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Version([u64; 3]);

impl Version {
    /// Reads `1.2.3` or `v1.2.3`.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let mut parts = text.strip_prefix('v').unwrap_or(text).split('.').map(|part| part.parse().ok());
        let version = [parts.next()??, parts.next()??, parts.next()??];
        parts.next().is_none().then_some(Self(version))
    }

    /// The smallest version that may follow.
    pub(super) fn after(self, step: Step) -> Self {
        let Self([major, minor, patch]) = self;
        // Before 1.0.0, cargo regards only versions with the same minor as compatible.
        Self(match (step, major) {
            (Step::None, _) => self.0,
            (Step::Breaking, 0) => [0, minor + 1, 0],
            (Step::Breaking, _) => [major + 1, 0, 0],
            (Step::Addition, 1..) => [major, minor + 1, 0],
            (Step::Addition | Step::Patch, _) => [major, minor, patch + 1],
        })
    }

    fn is_initial(self) -> bool {
        self.0[0].cmp(&1) == Ordering::Less
    }
}

impl Display for Version {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let [major, minor, patch] = self.0;
        write!(f, "{major}.{minor}.{patch}")
    }
}

/// The version step that changes require.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Step {
    None,
    Patch,
    Addition,
    Breaking,
}

impl Step {
    pub(super) fn of(changes: &[Change]) -> Self {
        match changes.iter().map(Change::verdict).max() {
            None => Self::None,
            Some(Verdict::Documentation | Verdict::Fix) => Self::Patch,
            Some(Verdict::Addition) => Self::Addition,
            Some(Verdict::Breaking) => Self::Breaking,
        }
    }

    /// The part of the version that increases, and why; in general, if the version is not known.
    pub(super) fn reason(self, version: Option<Version>) -> &'static str {
        match (self, version.map(Version::is_initial)) {
            (Self::None, _) => "nothing changed",
            (Self::Patch, _) => "fixes increase the patch version",
            (Self::Addition, None) => "additions increase the minor version; before 1.0.0, the patch version",
            (Self::Addition, Some(true)) => "before 1.0.0, additions increase the patch version",
            (Self::Addition, Some(false)) => "additions increase the minor version",
            (Self::Breaking, None) => {
                "breaking changes increase the major version; before 1.0.0, the minor version"
            }
            (Self::Breaking, Some(true)) => "before 1.0.0, breaking changes increase the minor version",
            (Self::Breaking, Some(false)) => "breaking changes increase the major version",
        }
    }
}

/// The version that the workspace has now.
pub(crate) fn in_manifest() -> Result<Version, Failure> {
    let path = model::root().join("Cargo.toml");
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let manifest: DocumentMut =
        text.parse().map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))?;
    let version = manifest["workspace"]["package"]["version"].as_str().and_then(Version::parse);
    version.ok_or_else(|| Failure::Failed(format!("{}: has no version like 1.2.3", path.display())))
}

/// The version before the changes since a revision: of the last release, or else of the workspace.
pub(super) fn before(revision: Option<&str>) -> Result<Version, Failure> {
    released(revision)?.map_or_else(in_manifest, Ok)
}

/// The last release before a revision: the revision's own tag, or else the newest version in the changelog.
pub(super) fn released(revision: Option<&str>) -> Result<Option<Version>, Failure> {
    if let Some(version) = revision.and_then(Version::parse) {
        return Ok(Some(version));
    }
    let path = model::root().join("CHANGELOG.md");
    let text = match revision.map(|revision| source::file(revision, "CHANGELOG.md")).transpose()?.flatten() {
        Some(text) => text,
        None => fs::read_to_string(&path).map_err(Failure::io("read", &path))?,
    };
    Ok(text.lines().find_map(of_heading))
}

/// The version of `## 1.2.3 - 2026-01-01` or `## [1.2.3]`.
fn of_heading(line: &str) -> Option<Version> {
    let name = line.strip_prefix("## ")?.split(' ').next()?;
    Version::parse(name.trim_start_matches('[').trim_end_matches(']'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_follow_semver() {
        let after = |version: &str, step| Version::parse(version).unwrap().after(step).to_string();
        assert_eq!(after("0.1.2", Step::Breaking), "0.2.0");
        assert_eq!(after("0.1.2", Step::Addition), "0.1.3");
        assert_eq!(after("0.1.2", Step::Patch), "0.1.3");
        assert_eq!(after("0.1.2", Step::None), "0.1.2");
        assert_eq!(after("v1.2.3", Step::Breaking), "2.0.0");
        assert_eq!(after("1.2.3", Step::Addition), "1.3.0");
        assert_eq!(after("1.2.3", Step::Patch), "1.2.4");
        for wrong in ["", "1", "1.2", "1.2.3.4", "1.2.x", "main", "1.2.3-rc.1"] {
            assert_eq!(Version::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_changelog_names_the_last_release() {
        let last = |text: &str| text.lines().find_map(of_heading).map(|version| version.to_string());
        assert_eq!(last("# Changelog\n## Unreleased\n### Added\n"), None);
        assert_eq!(last("## Unreleased\n## [0.2.0] - 2026-01-01\n## 0.1.0\n").as_deref(), Some("0.2.0"));
    }
}

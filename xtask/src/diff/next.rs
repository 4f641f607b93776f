//! The next release: its version, and its entry in the changelog.

use std::{collections::BTreeMap, fs};

use super::{
    Report,
    changelog::{self, unreleased},
    source::{self, Old},
    version::{self, Step, Version},
};
use crate::{
    failure::Failure,
    model::{self, Models},
};

/// Lists of what programs can name, of the crates that are written by hand.
const PUBLIC_API: &str = "xtask/src/snapshots/public-api-*.snap";

/// What the changes since the last release, and those in the changelog, require of the next one.
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
        let tagged = source::last_tag(model::root())?.and_then(|tag| Some((Version::parse(&tag)?, tag)));
        let Some((released, tag)) = tagged else {
            let line = format!("{now} is the first release");
            return Ok(Self { released: None, at_least: now, line, entry: Vec::new() });
        };
        let old = Old::revision(&tag, None)?;
        let report = Report::new(&old, &Models::committed()?, &[], Some(released))?;
        let changed = source::changed_lines(&tag, PUBLIC_API)?;
        let (runtime, doubt) = of_lines(&changed, &recorded()?);
        let path = model::root().join("CHANGELOG.md");
        let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
        let (models, step) = (report.step(), report.step().max(runtime).max(of_changelog(&text)));
        let doubt = doubt.map(|item| {
            format!(": {item} is new in a trait, which breaks implementations of it unless it has a default")
        });
        let changed = if step == models {
            report.counts()
        } else if step == runtime {
            format!("the runtime's public API changed{}", doubt.unwrap_or_default())
        } else {
            "CHANGELOG.md has changes that no release has".to_owned()
        };
        let at_least = released.after(step).max(now);
        let line = format!("{at_least} after {released}: {changed}; {}", step.reason(Some(released)));
        Ok(Self { released: Some(released), at_least, line, entry: changelog::sections(&report) })
    }
}

/// The version step for changes that only people list, such as fixes of the runtime.
fn of_changelog(text: &str) -> Step {
    let is_noted = unreleased(text).is_some_and(|(_, changes, _)| !changes.is_empty());
    if is_noted { Step::Patch } else { Step::None }
}

/// The lists as they are now, without the names of their files.
fn recorded() -> Result<String, Failure> {
    let (folder, name) = PUBLIC_API.rsplit_once('/').unwrap_or_default();
    let (start, end) = name.split_once('*').unwrap_or_default();
    let folder = model::root().join(folder);
    let entries = fs::read_dir(&folder).map_err(Failure::io("read", &folder))?;
    let mut lists = String::new();
    for entry in entries {
        let path = entry.map_err(Failure::io("read", &folder))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if name.starts_with(start) && name.ends_with(end) {
            lists += &fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
        }
    }
    Ok(lists)
}

/// The version step for changed lines of a public API's list, and the new item that breaks programs only if it has no default,
/// if nothing else breaks them.
fn of_lines<'a>(changed: &'a [String], recorded: &str) -> (Step, Option<&'a str>) {
    let added = || changed.iter().filter_map(|line| line.strip_prefix('+'));
    let is_gone = |line: &str| {
        let exhaustive = line.strip_prefix(NON_EXHAUSTIVE);
        let is_kept = exhaustive.is_some_and(|line| added().any(|added| added == line));
        (line.starts_with("impl") || Item::parse(line).is_some()) && !is_kept
    };
    if changed.iter().filter_map(|line| line.strip_prefix('-')).any(is_gone) {
        return (Step::Breaking, None);
    }
    // An item of what is itself new breaks nothing.
    let is_old = |line: &&str| added().all(|added| added != *line);
    // Lines of a generic type's methods have the path of the type, without its parameters.
    let has_items = |item: &Item<'_>| matches!(item.kind, "" | "enum" | "struct" | "trait" | "union");
    let old = recorded.lines().filter(is_old).filter_map(Item::parse).filter(has_items);
    let old: BTreeMap<_, _> = old.map(|item| (item.path, item)).collect();
    let is_listed = |parent: &str| {
        let is_field = |item: &&Item<'_>| item.is_part() && item.parent() == Some(parent);
        old.values().any(|item| is_field(&item))
    };
    let mut doubt = None;
    for item in added().filter_map(Item::parse) {
        let Some(parent) = item.parent().and_then(|parent| old.get(parent)) else { continue };
        match parent.kind {
            "trait" => doubt = doubt.or(Some(item.path)),
            _ if !item.is_part() || parent.non_exhaustive => {}
            // Programs can build a structure, or name all of its fields, unless it has private ones.
            "struct" if !is_listed(parent.path) => {}
            _ => return (Step::Breaking, None),
        }
    }
    match (doubt, added().next()) {
        (Some(_), _) => (Step::Breaking, doubt),
        (None, Some(_)) => (Step::Addition, None),
        (None, None) => (Step::None, None),
    }
}

const NON_EXHAUSTIVE: &str = "#[non_exhaustive] ";

/// What a line of a list declares.
struct Item<'a> {
    non_exhaustive: bool,
    /// Keyword; fields and variants have none.
    kind: &'a str,
    path: &'a str,
}

impl<'a> Item<'a> {
    fn parse(line: &'a str) -> Option<Self> {
        const QUALIFIERS: [&str; 3] = ["async", "const", "unsafe"];
        const KINDS: [&str; 11] =
            ["const", "enum", "fn", "macro", "mod", "static", "struct", "trait", "type", "union", "use"];
        let exhaustive = line.strip_prefix(NON_EXHAUSTIVE);
        let mut rest = exhaustive.unwrap_or(line).strip_prefix("pub ")?;
        let mut kind = "";
        while let Some((word, after)) = rest.split_once(' ')
            && (QUALIFIERS.contains(&word) || KINDS.contains(&word))
        {
            (kind, rest) = (word, after);
        }
        let path = rest.split(['<', '(', ' ']).next().unwrap_or_default().trim_end_matches(':');
        Some(Self { non_exhaustive: exhaustive.is_some(), kind, path })
    }

    /// Whether it is a field or a variant.
    fn is_part(&self) -> bool {
        self.kind.is_empty()
    }

    fn parent(&self) -> Option<&'a str> {
        Some(self.path.rsplit_once("::")?.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn fixes_in_the_changelog_ask_for_a_step() {
        let step = |changes: &str| {
            of_changelog(&format!(
                "# Changelog\n\n## Unreleased\n{changes}\n## 0.1.0 - 2026-01-01\n\n- First.\n"
            ))
        };
        assert_eq!(step(""), Step::None);
        assert_eq!(step("\n### Fixed\n\n- A fix.\n"), Step::Patch);
    }

    #[test]
    fn lines_of_a_public_api_ask_for_a_step() {
        let step = |lines: &[&str]| {
            let lines: Vec<_> = lines.iter().map(|line| (*line).to_owned()).collect();
            of_lines(&lines, "").0
        };
        assert_eq!(step(&[]), Step::None);
        assert_eq!(step(&["--- a/x.snap", "+++ b/x.snap", "+pub fn a::b()"]), Step::Addition);
        assert_eq!(step(&["+pub fn a::b()", "-pub fn a::b(u32)"]), Step::Breaking);
        assert_eq!(step(&["-impl Clone for a::B"]), Step::Breaking);
        assert_eq!(step(&["-#[non_exhaustive] pub a::B::C"]), Step::Breaking);
        assert_eq!(step(&["-#[non_exhaustive] pub a::B::C", "+pub a::B::C"]), Step::Addition);
        assert_eq!(step(&["-pub a::B::C", "+#[non_exhaustive] pub a::B::C"]), Step::Breaking);
    }

    #[test]
    fn additions_break_programs_that_name_everything() {
        const RECORDED: [&str; 18] = [
            "pub mod a",
            "pub struct a::Open<'a>",
            "pub a::Open::one: u8",
            "#[non_exhaustive] pub struct a::Grows",
            "pub a::Grows::one: u8",
            "pub struct a::Hides",
            "pub fn a::Hides::new() -> Self",
            "pub enum a::Either<T>",
            "pub a::Either::Left(T)",
            "pub a::Either::Right",
            "pub a::Either::Right::one: u8",
            "#[non_exhaustive] pub enum a::Many",
            "pub a::Many::First",
            "#[non_exhaustive] pub a::Many::Second",
            "pub trait a::Does<T>: core::fmt::Debug",
            "#[non_exhaustive] pub enum a::Generic<T>",
            "pub a::Generic::One(T)",
            "pub fn a::Generic<T>::get(&self)",
        ];
        let step = |added: &[&str]| {
            let lines: Vec<_> = added.iter().map(|line| format!("+{line}")).collect();
            let recorded: Vec<_> = RECORDED.iter().chain(added).copied().collect();
            let (step, doubt) = of_lines(&lines, &recorded.join("\n"));
            (step, doubt.map(str::to_owned))
        };
        for breaking in [
            "pub a::Open::two: core::option::Option<u8>",
            "pub a::Either::Third(a::b::C, u8)",
            "#[non_exhaustive] pub a::Either::Fourth",
            "pub a::Either::Right::two: u8",
            // The enum may have more variants, and these fields are all.
            "pub a::Many::First::one: u8",
        ] {
            assert_eq!(step(&[breaking]), (Step::Breaking, None), "{breaking}");
        }
        for added in [
            "pub a::Grows::two: u8",
            "pub a::Hides::two: u8",
            "pub a::Many::Third",
            "pub a::Generic::Two",
            "pub a::Many::Second::one: u8",
            "pub const a::Either::SIZE: usize",
            "pub const fn a::Open::new<'a>() -> a::Open<'a>",
            "pub use a::b",
            "impl core::clone::Clone for a::Open",
        ] {
            assert_eq!(step(&[added]), (Step::Addition, None), "{added}");
        }
        let all_new = ["pub enum a::New", "pub a::New::One", "pub trait a::Can", "pub fn a::Can::can(&self)"];
        assert_eq!(step(&all_new), (Step::Addition, None));
        for (item, path) in [
            ("pub async fn a::Does::it<U: a::Open>(&self)", "a::Does::it"),
            ("pub type a::Does::Output: core::marker::Send", "a::Does::Output"),
            ("pub const a::Does::NAME: &'static str", "a::Does::NAME"),
        ] {
            assert_eq!(step(&[item]), (Step::Breaking, Some(path.to_owned())));
            assert_eq!(step(&[item, "pub a::Open::two: u8"]), (Step::Breaking, None));
        }
    }

    /// The committed lists are of the form that is read.
    #[test]
    fn items_of_the_lists_have_parents() {
        let recorded = recorded().unwrap();
        let items: Vec<_> = recorded.lines().filter_map(Item::parse).collect();
        let paths: BTreeSet<_> = items.iter().map(|item| item.path).collect();
        let parts: Vec<_> = items.iter().filter(|item| item.is_part()).collect();
        assert!(parts.len() > 300, "{} fields and variants", parts.len());
        for part in parts {
            assert!(part.parent().is_some_and(|parent| paths.contains(parent)), "{}", part.path);
        }
    }
}

//! `CHANGELOG.md` with a release.

use crate::diff::{Version, unreleased};

/// The changelog whose unreleased changes are those of a version; `entry` has the models' changes, by section, which are added
/// unless they are there.
pub(super) fn released(
    text: &str,
    version: Version,
    date: &str,
    entry: &[(&str, Vec<String>)],
) -> Result<String, String> {
    let (before, changes, older) = unreleased(text).ok_or("there is no section `## Unreleased`")?;
    let mut changes = changes.to_owned();
    for (title, items) in entry {
        let items: String =
            items.iter().filter(|item| !changes.contains(item.trim())).map(String::as_str).collect();
        if !items.is_empty() {
            changes = with_items(&changes, title, items.trim_end());
        }
    }
    if changes.is_empty() {
        return Err("`## Unreleased` has no change to release".to_owned());
    }
    let older = if older.is_empty() { String::new() } else { format!("\n{older}") };
    Ok(format!("{before}\n## Unreleased\n\n## {version} - {date}\n\n{changes}\n{older}"))
}

/// The changes with items at the end of a section, which is added if it is missing.
fn with_items(changes: &str, title: &str, items: &str) -> String {
    let heading = format!("### {title}\n");
    let Some(start) = changes.find(&heading).map(|start| start + heading.len()) else {
        return format!("{changes}\n\n{heading}\n{items}").trim_start().to_owned();
    };
    let (before, rest) = changes.split_at(start);
    let end = rest.find("\n### ").unwrap_or(rest.len());
    let (section, after) = rest.split_at(end);
    let after = if after.is_empty() { String::new() } else { format!("\n{after}") };
    format!("{before}{}\n{items}{after}", section.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(changes: &str, entry: &[(&str, Vec<String>)], expected: &str) {
        let version = Version::parse("0.2.0").unwrap();
        let text = |changes: &str| {
            format!("# Changelog\n\n## Unreleased\n{changes}\n## 0.1.0 - 2026-01-01\n\n- First.\n")
        };
        let released = released(&text(changes), version, "2026-12-01", entry).unwrap();
        assert_eq!(released, text(&format!("\n## 0.2.0 - 2026-12-01\n{expected}")));
    }

    #[test]
    fn unreleased_changes_become_those_of_the_version() {
        check("\n### Added\n\n- A.\n", &[], "\n### Added\n\n- A.\n");
        let entry =
            [("Added", vec!["- A.\n".to_owned(), "- B.\n".to_owned()]), ("Fixed", vec!["- C.\n".to_owned()])];
        check(
            "\n### Added\n\n- A.\n\n### Changed\n\n- D.\n",
            &entry,
            "\n### Added\n\n- A.\n- B.\n\n### Changed\n\n- D.\n\n### Fixed\n\n- C.\n",
        );
        check("", &entry, "\n### Added\n\n- A.\n- B.\n\n### Fixed\n\n- C.\n");
    }

    #[test]
    fn the_first_release_needs_no_older_one() {
        let version = Version::parse("0.1.0").unwrap();
        let of = |text: &str| released(text, version, "2026-12-01", &[]);
        assert_eq!(
            of("# Changelog\n\n## Unreleased\n\n- A.\n").unwrap(),
            "# Changelog\n\n## Unreleased\n\n## 0.1.0 - 2026-12-01\n\n- A.\n"
        );
        assert!(of("# Changelog\n\n## Unreleased\n").unwrap_err().contains("no change"));
        assert!(of("# Changelog\n").unwrap_err().contains("no section"));
    }
}

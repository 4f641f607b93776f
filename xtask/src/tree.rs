//! Generated files on disk: what differs from what should be there.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

use gatewright_codegen::Files;
use similar::TextDiff;

use crate::failure::Failure;

/// Lines of a diff that are shown.
const SHOWN: usize = 12;

/// A file that is not as it should be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Difference<'a> {
    /// It is not there.
    Missing { path: &'a str, text: &'a str },
    /// It holds something else.
    Stale { path: &'a str, old: String, text: &'a str },
    /// Nothing generates it.
    Orphan { path: String },
}

/// What differs between `files` and those below `dir`, sorted by path.
pub(crate) fn compare<'a>(files: &'a Files, dir: &Path) -> Result<Vec<Difference<'a>>, Failure> {
    let mut found = BTreeMap::new();
    if dir.exists() {
        read(dir, "", &mut found)?;
    }
    let mut differences: Vec<_> = files
        .iter()
        .filter_map(|(path, text)| match found.remove(path) {
            None => Some(Difference::Missing { path, text }),
            Some(old) if old != *text => Some(Difference::Stale { path, old, text }),
            Some(_) => None,
        })
        .collect();
    differences.extend(found.into_keys().map(|path| Difference::Orphan { path }));
    differences.sort_by(|a, b| a.path().cmp(b.path()));
    Ok(differences)
}

fn read(dir: &Path, below: &str, found: &mut Files) -> Result<(), Failure> {
    for entry in fs::read_dir(dir).map_err(Failure::io("read", dir))? {
        let path = entry.map_err(Failure::io("read", dir))?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let relative = if below.is_empty() { name.into_owned() } else { format!("{below}/{name}") };
        if path.is_dir() {
            read(&path, &relative, found)?;
        } else {
            let bytes = fs::read(&path).map_err(Failure::io("read", &path))?;
            found.insert(relative, String::from_utf8_lossy(&bytes).into_owned());
        }
    }
    Ok(())
}

impl Difference<'_> {
    pub(crate) fn path(&self) -> &str {
        match self {
            Self::Missing { path, .. } | Self::Stale { path, .. } => path,
            Self::Orphan { path } => path,
        }
    }

    /// Makes the file below `dir` as it should be.
    pub(crate) fn mend(&self, dir: &Path) -> Result<(), Failure> {
        let path = dir.join(self.path());
        match self {
            Self::Missing { text, .. } | Self::Stale { text, .. } => write(&path, text),
            Self::Orphan { .. } => {
                fs::remove_file(&path).map_err(Failure::io("delete", &path))?;
                // A folder goes with its last file; one that still holds another stays, which is no failure.
                path.ancestors()
                    .skip(1)
                    .take_while(|folder| *folder != dir)
                    .all(|folder| fs::remove_dir(folder).is_ok());
                Ok(())
            }
        }
    }
}

/// Writes a file, and the folders that it is in.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let folder = path.parent().map(PathBuf::from).unwrap_or_default();
    fs::create_dir_all(&folder).map_err(Failure::io("create", &folder))?;
    fs::write(path, text).map_err(Failure::io("write", path))
}

impl fmt::Display for Difference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing { path, .. } => write!(f, "missing: {path}"),
            Self::Orphan { path } => write!(f, "orphan:  {path}"),
            Self::Stale { path, old, text } => {
                let diff =
                    TextDiff::from_lines(old.as_str(), *text).unified_diff().context_radius(1).to_string();
                write!(f, "stale:   {path}")?;
                for line in diff.lines().take(SHOWN) {
                    write!(f, "\n    {line}")?;
                }
                match diff.lines().count().saturating_sub(SHOWN) {
                    0 => Ok(()),
                    more => write!(f, "\n    … {more} more lines"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder that goes when the test ends.
    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir().join(format!("gatewright-{name}-{}", std::process::id()));
            Self(path)
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            // One that was never made is gone already.
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn every_difference_is_told_and_mended() {
        let folder = Folder::new("tree");
        let dir = &folder.0;
        let file = |path: &str, text: &str| write(&dir.join(path), text).expect("the folder can be written");
        file("same.rs", "a\n");
        file("stale.rs", "old\n");
        file("gone/deep/orphan.rs", "b\n");
        let files = Files::from(
            [("new/missing.rs", "c\n"), ("same.rs", "a\n"), ("stale.rs", "new\n")]
                .map(|(path, text)| (path.to_owned(), text.to_owned())),
        );

        let differences = compare(&files, dir).expect("the folder can be read");
        let told: Vec<_> = differences.iter().map(ToString::to_string).collect();
        assert_eq!(
            told,
            [
                "orphan:  gone/deep/orphan.rs",
                "missing: new/missing.rs",
                "stale:   stale.rs\n    @@ -1 +1 @@\n    -old\n    +new",
            ]
        );

        for difference in &differences {
            difference.mend(dir).expect("the folder can be written");
        }
        assert_eq!(compare(&files, dir).expect("the folder can be read"), []);
        assert!(!dir.join("gone").exists());
    }

    #[test]
    fn long_diffs_are_cut() {
        let text = "line\n".repeat(100);
        let difference = Difference::Stale { path: "a.rs", old: String::new(), text: &text };
        assert_eq!(difference.to_string().lines().count(), SHOWN + 2);
        assert!(difference.to_string().ends_with("    … 89 more lines"));
    }
}

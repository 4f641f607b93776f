//! The edits of a release: versions in manifests and lock files, and the changelog.

use std::{
    fs,
    path::{Path, PathBuf},
};

use toml_edit::{DocumentMut, Item, Value};

use super::{changelog, git};
use crate::{diff::Version, failure::Failure};

/// Texts of files of a work tree without changes.
pub(super) struct Edits<'a> {
    root: &'a Path,
    /// New texts by path below the root.
    texts: Vec<(String, String)>,
}

impl<'a> Edits<'a> {
    /// The edits for a version; writes nothing, and fails if the files have changes that are not committed. `entry` has the
    /// models' changes for the changelog.
    pub(super) fn new(
        root: &'a Path,
        old: Version,
        version: Version,
        entry: &[(&str, Vec<String>)],
    ) -> Result<Self, Failure> {
        let date = git(root, &["show", "--no-patch", "--format=%cs", "HEAD"])?;
        let mut edits = Self { root, texts: Vec::new() };
        edits.edit("Cargo.toml", |text| with_version(text, version))?;
        edits.edit("CHANGELOG.md", |text| changelog::released(text, version, date.trim(), entry))?;
        // Also those of crates outside of the workspace. Not by `cargo update`: some depend on crates that are generated later.
        let locks = git(root, &["grep", "--files-with-matches", "name = \"gatewright", "--", "*Cargo.lock"])?;
        for lock in locks.lines() {
            edits.edit(lock, |text| locked(text, old, version))?;
        }
        let changed = git(root, &edits.command(&["status", "--porcelain", "--"]))?;
        if !changed.is_empty() {
            return Err(Failure::Failed(format!("release: commit or stash these changes first:\n{changed}")));
        }
        Ok(edits)
    }

    fn edit(&mut self, name: &str, edit: impl FnOnce(&str) -> Result<String, String>) -> Result<(), Failure> {
        let path = self.path(name);
        let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
        let text = edit(&text).map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))?;
        self.texts.push((name.to_owned(), text));
        Ok(())
    }

    /// A command of git for the files.
    fn command<'b>(&'b self, words: &[&'b str]) -> Vec<&'b str> {
        words.iter().copied().chain(self.texts.iter().map(|(name, _)| name.as_str())).collect()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.join(name)
    }

    /// Writes the files, and works with them until they are committed. After a failure, they are as they were.
    pub(super) fn apply<T>(&self, work: impl FnOnce() -> Result<T, Failure>) -> Result<T, Failure> {
        self.write().and_then(|()| work()).map_err(|failure| self.undone(&failure))
    }

    pub(super) fn write(&self) -> Result<(), Failure> {
        self.texts.iter().try_for_each(|(name, text)| {
            let path = self.path(name);
            fs::write(&path, text).map_err(Failure::io("write", &path))
        })
    }

    /// Commits the files, and no other changes, even if they are staged. `who` are options of git.
    pub(super) fn commit(&self, who: &[&str], title: &str) -> Result<String, Failure> {
        git(self.root, &self.command(&[who, &["commit", "--quiet", "--message", title, "--"]].concat()))
    }

    /// Takes the files from the last commit, also those that are staged; says so after the failure.
    fn undone(&self, failure: &Failure) -> Failure {
        let command = self.command(&["checkout", "HEAD", "--"]);
        let undone = match git(self.root, &command) {
            Ok(_) => "the files that were edited are as before".to_owned(),
            Err(error) => format!("{error}\nrestore what was edited with: git {}", command.join(" ")),
        };
        Failure::Failed(format!("{failure}\nrelease: {undone}"))
    }
}

/// The workspace's manifest with a version, also where crates depend on each other.
fn with_version(manifest: &str, version: Version) -> Result<String, String> {
    let mut manifest: DocumentMut = manifest.parse().map_err(|error| format!("{error}"))?;
    let set = |item: Option<&mut Item>, text: String| {
        let value = item.and_then(Item::as_value_mut).ok_or("has no version")?;
        let decor = value.decor().clone();
        *value = Value::from(text);
        *value.decor_mut() = decor;
        Ok::<_, String>(())
    };
    let workspace = &mut manifest["workspace"];
    set(workspace["package"].get_mut("version"), version.to_string())?;
    let dependencies = workspace["dependencies"].as_table_like_mut().ok_or("has no dependencies")?;
    for (_, dependency) in dependencies.iter_mut() {
        if dependency.get("path").is_some() && dependency.get("version").is_some() {
            set(dependency.get_mut("version"), format!("={version}"))?;
        }
    }
    Ok(manifest.to_string())
}

/// A lock file with a version of the workspace's crates, whose sources are folders. Other crates in folders have versions of their
/// own.
fn locked(lock: &str, old: Version, version: Version) -> Result<String, String> {
    let mut lock: DocumentMut = lock.parse().map_err(|error| format!("{error}"))?;
    let packages = lock["package"].as_array_of_tables_mut().ok_or("has no packages")?;
    for package in packages.iter_mut() {
        let name = package.get("name").and_then(Item::as_str).unwrap_or_default();
        let is_ours = name == "xtask" || name == "gatewright" || name.starts_with("gatewright-");
        let has_old = package.get("version").and_then(Item::as_str) == Some(&old.to_string());
        if is_ours && has_old && !package.contains_key("source") {
            package["version"] = toml_edit::value(version.to_string());
        }
    }
    Ok(lock.to_string())
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;
    use crate::{diff::in_manifest, model};

    const MANIFEST: &str = "[workspace.package]\nversion = \"0.1.0\"\n\n[workspace.dependencies]\n";
    const LOCK: &str = "version = 4\n\n[[package]]\nname = \"gatewright-core\"\nversion = \"0.1.0\"\n";

    const WHO: &[&str] = &["-c", "user.name=a", "-c", "user.email=a@localhost", "-c", "commit.gpgsign=false"];

    /// A work tree with one commit, and these changes to release.
    fn committed(changes: &str) -> TempDir {
        let tree = TempDir::new().unwrap();
        let changelog = format!("# Changelog\n\n## Unreleased\n{changes}");
        for (name, text) in [("Cargo.toml", MANIFEST), ("CHANGELOG.md", &changelog), ("Cargo.lock", LOCK)] {
            fs::write(tree.path().join(name), text).unwrap();
        }
        let commit = [WHO, &["commit", "--quiet", "--message", "a"]].concat();
        let coloured = ["color.ui", "color.grep"].map(|setting| ["config", setting, "always"]);
        let [all, grep] = coloured.each_ref();
        for words in [&["init", "--quiet"][..], all, grep, &["add", "--all"], &commit] {
            git(tree.path(), words).unwrap();
        }
        tree
    }

    fn edits(tree: &TempDir) -> Result<Edits<'_>, Failure> {
        let [old, version] = ["0.1.0", "0.2.0"].map(|version| Version::parse(version).unwrap());
        Edits::new(tree.path(), old, version, &[])
    }

    #[track_caller]
    fn assert_clean(tree: &TempDir) {
        assert_eq!(git(tree.path(), &["status", "--porcelain"]).unwrap(), "");
    }

    #[test]
    fn a_release_that_fails_leaves_no_edit() {
        // Nothing to release.
        let tree = committed("");
        assert!(edits(&tree).is_err());
        assert_clean(&tree);

        // A failure after the edits, even if they are staged.
        let tree = committed("\n- A.\n");
        let root = tree.path();
        let edits = edits(&tree).unwrap();
        let failed = edits.apply(|| {
            assert!(fs::read_to_string(root.join("Cargo.toml")).unwrap().contains("0.2.0"));
            assert!(fs::read_to_string(root.join("Cargo.lock")).unwrap().contains("0.2.0"));
            git(root, &["add", "--all"])?;
            Err::<(), _>(Failure::Failed("cannot pack".to_owned()))
        });
        let failure = failed.unwrap_err().to_string();
        assert_eq!(failure, "cannot pack\nrelease: the files that were edited are as before");
        assert_clean(&tree);

        // What cannot be restored is named.
        let failed = edits.apply(|| {
            fs::write(root.join(".git/index.lock"), "").unwrap();
            Err::<(), _>(Failure::Failed("cannot pack".to_owned()))
        });
        let failure = failed.unwrap_err().to_string();
        let command = "restore what was edited with: git checkout HEAD -- Cargo.toml CHANGELOG.md Cargo.lock";
        assert!(failure.starts_with("cannot pack\n") && failure.ends_with(command), "{failure}");

        // Success.
        fs::remove_file(root.join(".git/index.lock")).unwrap();
        edits.apply(|| Ok(())).unwrap();
        let changelog = fs::read_to_string(root.join("CHANGELOG.md")).unwrap();
        assert!(changelog.contains("## 0.2.0 - "), "{changelog}");
    }

    #[test]
    fn changes_that_were_made_meanwhile_are_not_committed() {
        let tree = committed("\n- A.\n");
        let root = tree.path();
        for name in ["staged", "untracked"] {
            fs::write(root.join(name), "").unwrap();
        }
        git(root, &["add", "staged"]).unwrap();
        let edits = edits(&tree).unwrap();
        edits.apply(|| edits.commit(WHO, "b")).unwrap();
        let committed = git(root, &["show", "--name-only", "--format=%s", "HEAD"]).unwrap();
        assert_eq!(committed, "b\n\nCHANGELOG.md\nCargo.lock\nCargo.toml\n");
        assert_eq!(git(root, &["status", "--porcelain"]).unwrap(), "A  staged\n?? untracked\n");

        // Nor lost with the edits of a release that fails.
        let tree = self::committed("\n- A.\n");
        fs::write(tree.path().join("CHANGELOG.md"), "# Changelog\n\n## Unreleased\n\n- B.\n").unwrap();
        let refused = self::edits(&tree).err().unwrap().to_string();
        assert_eq!(refused, "release: commit or stash these changes first:\n M CHANGELOG.md\n");
    }

    #[test]
    fn a_version_is_set_wherever_crates_name_it() {
        let manifest = "[workspace.package]\nversion = \"0.1.0\" # ours\n\n[workspace.dependencies]\n\
            a = { path = \"a\", version = \"=0.1.0\", default-features = false }\nb = { path = \"b\" }\nc = \"0.1.0\"\n";
        let version = Version::parse("0.2.0").unwrap();
        assert_eq!(
            with_version(manifest, version).unwrap(),
            manifest.replace("version = \"0.1.0\"", "version = \"0.2.0\"").replace("=0.1.0", "=0.2.0")
        );
        assert!(with_version("[workspace.package]\n", version).is_err());
    }

    /// Cargo would make the same lock file.
    #[test]
    fn lock_files_have_the_version_of_the_crates() {
        let lock = |version: &str| {
            format!(
                "# This file is automatically @generated by Cargo.\nversion = 4\n\n[[package]]\nname = \"bytes\"\nversion = \
                 \"0.1.0\"\nsource = \"registry\"\n\n[[package]]\nname = \"gatewright-core\"\nversion = \"{version}\"\n\
                 dependencies = [\n \"bytes\",\n]\n\n[[package]]\nname = \"gatewright-fuzz\"\nversion = \"0.0.0\"\n\n[[package]]\nname = \"load\"\nversion = \
                 \"0.1.0\"\n"
            )
        };
        let [old, version] = ["0.1.0", "0.2.0"].map(|version| Version::parse(version).unwrap());
        assert_eq!(locked(&lock("0.1.0"), old, version), Ok(lock("0.2.0")));
        // All crates of the workspace have its version.
        let workspace = fs::read_to_string(model::root().join("Cargo.lock")).unwrap();
        let workspace: DocumentMut =
            locked(&workspace, in_manifest().unwrap(), version).unwrap().parse().unwrap();
        let packages = workspace["package"].as_array_of_tables().unwrap();
        for package in packages.iter().filter(|package| !package.contains_key("source")) {
            assert_eq!(package["version"].as_str(), Some("0.2.0"), "{package}");
        }
    }
}

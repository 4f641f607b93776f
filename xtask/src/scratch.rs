//! Scratch folders below `target`, which verbs create and empty.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use crate::{cargo, failure::Failure, model, tree};

/// A file that marks scratch folders: no other folder is emptied.
const TAG: &str = ".made-by-xtask";

/// The folder of this name below a target folder, which may be a link; made if it is missing.
pub(crate) fn folder(target: &Path, name: &str) -> Result<PathBuf, Failure> {
    let dir = target.join("xtask").join(name);
    if tree::is_real_folder(&dir)? {
        let mut entries = fs::read_dir(&dir).map_err(Failure::io("read", &dir))?;
        let is_tagged = fs::symlink_metadata(dir.join(TAG)).is_ok_and(|tag| tag.is_file());
        if !is_tagged && entries.next().is_some() {
            return Err(Failure::Failed(format!(
                "{} has no {TAG}, so its content is not a verb's; move it",
                dir.display()
            )));
        }
    }
    tree::write(target, Path::new("xtask").join(name).join(TAG), "This folder is emptied at any time.\n")?;
    Ok(dir)
}

/// The same folder, emptied.
pub(crate) fn empty_folder(target: &Path, name: &str) -> Result<PathBuf, Failure> {
    let dir = folder(target, name)?;
    // Deletes links, not their targets.
    fs::remove_dir_all(&dir).map_err(Failure::io("empty", &dir))?;
    folder(target, name)
}

/// The target folder of the workspace, or the one that `CARGO_TARGET_DIR` names: what scratch crates share with it is compiled once.
pub(crate) fn target() -> PathBuf {
    let root = model::root();
    env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir))
}

/// Builds the crate in a folder, with the versions of this workspace; returns its program.
pub(crate) fn build(folder: &Path, target: &Path) -> Result<PathBuf, Failure> {
    let lock = model::root().join("Cargo.lock");
    let lock = fs::read_to_string(&lock).map_err(Failure::io("read", &lock))?;
    tree::write(folder, "Cargo.lock", &lock)?;
    let mut build = cargo::command();
    build.args(["build", "--quiet", "--manifest-path"]).arg(folder.join("Cargo.toml"));
    cargo::built(build.arg("--target-dir").arg(target).current_dir(model::root()))
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    #[test]
    fn only_folders_that_a_verb_made_are_emptied() {
        let target = TempDir::new().expect("there is a folder for temporary files");
        let target = target.path();
        let dir = empty_folder(target, "own").expect("the folder is new");
        fs::write(dir.join("a"), "").expect("the folder is there");
        assert_eq!(folder(target, "own").ok().as_ref(), Some(&dir));
        assert!(dir.join("a").exists());
        empty_folder(target, "own").expect("it is ours");
        assert!(!dir.join("a").exists() && dir.join(TAG).exists());

        let mine = target.join("xtask/mine");
        fs::create_dir(&mine).expect("the name is free");
        folder(target, "mine").expect("an empty folder is fine");
        fs::remove_file(mine.join(TAG)).expect("it was put there");
        fs::write(mine.join("thesis"), "").expect("the folder is there");
        assert!(empty_folder(target, "mine").is_err());
        assert!(mine.join("thesis").exists());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_emptied() {
        use std::os::unix::fs::symlink;

        let parent = TempDir::new().expect("there is a folder for temporary files");
        let (target, outside) = (parent.path().join("target"), parent.path().join("outside"));
        let outside = empty_folder(&outside, "own").expect("the folder is new");
        fs::write(outside.join("a"), "").expect("the folder is there");
        fs::create_dir_all(target.join("xtask")).expect("the name is free");
        symlink(&outside, target.join("xtask/own")).expect("links can be made");
        assert!(empty_folder(&target, "own").is_err());

        // Targets of links within the folder are kept, too.
        let dir = folder(&target, "other").expect("the folder is new");
        symlink(&outside, dir.join("link")).expect("links can be made");
        empty_folder(&target, "other").expect("it is ours");
        assert!(outside.join("a").exists());
    }
}

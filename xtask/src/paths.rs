//! Paths from one folder to another.

use std::{
    env,
    path::{Component, Path, PathBuf},
};

use crate::failure::Failure;

/// The path from a folder to another, as generated files have it. Their last parts may not exist yet.
pub(crate) fn between(from: &Path, to: &Path) -> Result<String, Failure> {
    Ok(slashed(&relative(&absolute(from)?, &absolute(to)?)))
}

/// A path without links, of which the last parts may not exist yet.
pub(crate) fn absolute(path: &Path) -> Result<PathBuf, Failure> {
    let path = env::current_dir().map_err(Failure::io("find", path))?.join(path);
    let mut missing = Vec::new();
    let mut known = path.as_path();
    loop {
        match (known.canonicalize(), known.parent(), known.components().next_back()) {
            (Ok(found), ..) => return Ok(missing.iter().rev().fold(found, |path, part| path.join(part))),
            (Err(_), Some(parent), Some(Component::Normal(part))) => {
                missing.push(part);
                known = parent;
            }
            (Err(error), ..) => return Err(Failure::io("find", &path)(error)),
        }
    }
}

/// The relative path from a folder to another; the absolute path if they share no prefix, as on two drives.
fn relative(from: &Path, to: &Path) -> PathBuf {
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let is_below_root = |part: &Component<'_>| matches!(part, Component::Normal(_));
    if !from.components().take(common).any(|part| matches!(part, Component::RootDir)) {
        return to.to_owned();
    }
    let up = from.components().skip(common).filter(is_below_root).map(|_| Component::ParentDir);
    up.chain(to.components().skip(common)).collect()
}

/// The path with the separators that generated files have everywhere.
fn slashed(path: &Path) -> String {
    path.to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_relative() {
        #[track_caller]
        fn check(from: &str, to: &str, expected: &str) {
            assert_eq!(slashed(&relative(Path::new(from), Path::new(to))), expected);
        }
        check("/a/b/out", "/a/b/runtime", "../runtime");
        check("/a/b", "/a/b/c/runtime", "c/runtime");
        check("/tmp/x/y", "/a/runtime", "../../../a/runtime");
        check("out", "/a/runtime", "/a/runtime");
    }
}

//! Pages of documentation whose blocks are followed to the letter.
#![allow(dead_code, reason = "each test that includes this uses a part")]

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::{Command, Output},
};

pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// The same folder each time, to reuse cargo's work, without the files that were generated before.
pub(crate) fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}

pub(crate) fn put(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// A verb, as in a work tree.
pub(crate) fn xtask_in(tree: &Path, arguments: &[&str]) -> Output {
    let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
    xtask.args(arguments).current_dir(tree).env("CARGO_MANIFEST_DIR", tree.join("xtask")).output().unwrap()
}

/// Cargo, in a folder, with the versions and the cache of this workspace.
pub(crate) fn cargo(arguments: &[&str], folder: &Path) -> Output {
    fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).unwrap();
    let mut cargo = Command::new(env!("CARGO"));
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        // The variables that cargo sets for this package would make build scripts run again.
        if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&*name);
        }
    }
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    cargo.args(arguments).current_dir(folder).env("CARGO_TARGET_DIR", target).output().unwrap()
}

/// Standard output of a success.
#[track_caller]
pub(crate) fn success(output: &Output) -> String {
    let [stdout, stderr] = [&output.stdout, &output.stderr].map(|text| String::from_utf8_lossy(text));
    assert!(output.status.success(), "{stdout}\n{stderr}");
    stdout.into_owned()
}

/// Standard error of a failure, without the word that begins it.
#[track_caller]
pub(crate) fn failure(output: &Output) -> String {
    assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    String::from_utf8_lossy(&output.stderr).trim_start_matches("error: ").to_owned()
}

/// A block of a page: the file that it is, or commands.
pub(crate) enum Block<'a> {
    File(&'a str, String),
    Commands(String),
}

pub(crate) fn blocks(page: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let (mut file, mut lines) = (None, page.lines());
    while let Some(line) = lines.next() {
        if let Some((path, rest)) = line.strip_prefix('`').and_then(|rest| rest.split_once('`'))
            && rest.starts_with(':')
        {
            file = Some(path);
        }
        let Some(language) = line.strip_prefix("```") else { continue };
        let text: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        let text = text.join("\n") + "\n";
        blocks.push(match (language, file.take()) {
            ("sh", None) => Block::Commands(text),
            (_, Some(path)) => Block::File(path, text),
            (language, None) => panic!("a block of {language} is neither a file nor commands"),
        });
    }
    blocks
}

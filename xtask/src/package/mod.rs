//! `cargo xtask package`: packs the crates that users get, and builds a program against the packages.

mod crates;

use std::{fs, path::Path, process::Command};

use clap::Args;
use flate2::read::GzDecoder;
use tar::Archive;

pub(crate) use self::crates::{Published, published};
use crate::{cargo, failure::Failure, model, progress::Progress, scratch, tree};

/// Pack the crates that users get, and build against the packages
///
/// Unpacks them below target, and runs a program, tests and the examples of the documentation there, offline.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} package
  CARGO_NET_OFFLINE=true {program} package")]
pub(crate) struct Arguments {}

/// A program that depends on the packages alone: a test, so that it is built together with theirs.
const PROGRAM: &str = include_str!("program.txt");

/// The most bytes of a package that the registry accepts.
const MOST_BYTES: u64 = 10 << 20;

pub(crate) fn run(_: &Arguments) -> Result<(), Failure> {
    let root = model::root();
    let crates = published(root)?;
    let folder = scratch::empty_folder(&scratch::target(), "package")?;
    let progress = Progress::new("package", 2);
    progress.next(format_args!("packing {} crates", crates.len()));
    // The packages are checked even if nobody reads.
    let mut printed = Ok(());
    for (krate, bytes) in pack(root, &crates)? {
        let size = bytes.len() / 1024;
        let line = format_args!("{} {}: {size} KiB", krate.name, krate.version);
        printed = printed.and(progress.print_line(line));
        let mut archive = Archive::new(GzDecoder::new(bytes.as_slice()));
        // All files of packages are of one old day, by which cargo would take what it built from earlier ones for current.
        archive.set_preserve_mtime(false);
        archive.unpack(&folder).map_err(Failure::io("unpack a package into", &folder))?;
    }
    progress.next("building and testing the packages");
    check(&folder, &crates)?;
    printed.and(progress.print(
        "a program builds against the packages, and calls its fake\n\
         tests and examples of the packages run, and examples of the documentation\n",
    ))
}

/// Packs crates of a work tree; returns the packages, in the order in which they are published.
pub(crate) fn pack<'a>(
    root: &Path,
    crates: &'a [Published],
) -> Result<Vec<(&'a Published, Vec<u8>)>, Failure> {
    for krate in crates {
        krate.check()?;
    }
    let target = scratch::target();
    let mut cargo = cargo::command();
    // Our own check, below, builds more than cargo's would.
    cargo
        .args(["package", "--quiet", "--no-verify", "--allow-dirty", "--target-dir"])
        .arg(&target)
        .current_dir(root);
    cargo.args(crates.iter().map(|krate| format!("--package={}", krate.name)));
    succeed(&mut cargo)?;
    let read = |krate: &'a Published| {
        let path = target.join("package").join(format!("{}.crate", krate.folder()));
        let bytes = fs::read(&path).map_err(Failure::io("read", &path))?;
        if bytes.len() as u64 > MOST_BYTES {
            return Err(Failure::Failed(format!(
                "{}: {} bytes, at most {MOST_BYTES}",
                path.display(),
                bytes.len()
            )));
        }
        Ok((krate, bytes))
    };
    crates.iter().map(read).collect()
}

/// Runs the program, and tests and examples of the packages, without the workspace.
fn check(folder: &Path, crates: &[Published]) -> Result<(), Failure> {
    let lines = |line: &dyn Fn(&Published) -> String| crates.iter().map(line).collect::<String>();
    let members = lines(&|krate| format!("    {:?},\n", krate.folder()));
    let patches = lines(&|krate| format!("{} = {{ path = {:?} }}\n", krate.name, krate.folder()));
    let workspace = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [\n    \"program\",\n{members}]\n\n[patch.crates-io]\n{patches}"
    );
    tree::write(folder, "Cargo.toml", &workspace)?;
    let version = &crates.last().ok_or_else(|| Failure::Failed("no crate is published".to_owned()))?.version;
    tree::write(folder, "program/Cargo.toml", &PROGRAM_MANIFEST.replace("VERSION", version))?;
    tree::write(folder, "program/tests/program.rs", PROGRAM)?;
    // The versions of the workspace: nothing is downloaded.
    let lock = model::root().join("Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock")).map_err(Failure::io("copy", &lock))?;

    // All in one build.
    let mut test = command(folder);
    test.args(["test", "--quiet", "--package=program", "--features", FEATURES]);
    succeed(test.args(crates.iter().map(|krate| format!("--package={}", krate.name)))).map(drop)
}

/// Dependencies of the examples.
const FEATURES: &str = "gatewright/blocking,gatewright/credentials,gatewright/fake,gatewright/patterns,\
                        gatewright/services,gatewright/tracing";

const PROGRAM_MANIFEST: &str = r#"[package]
name = "program"
edition = "2024"
publish = false

[dependencies]
gatewright = { version = "=VERSION", features = ["fake"] }
tokio = { version = "1", features = ["macros", "rt"] }
"#;

fn command(folder: &Path) -> Command {
    let mut cargo = cargo::command();
    // Not the settings of the folders above, which are the workspace's.
    cargo.env("RUSTDOCFLAGS", "").env("CARGO_NET_OFFLINE", "true").env("CARGO_TARGET_DIR", scratch::target());
    cargo.current_dir(folder);
    cargo
}

/// Standard output of a command that succeeds.
pub(crate) fn succeed(command: &mut Command) -> Result<String, Failure> {
    let name = command.get_program().to_string_lossy().into_owned();
    let output = command.output().map_err(|error| Failure::Failed(format!("{name}: {error}")))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(Failure::Failed(text(&output.stdout) + &text(&output.stderr)))
}

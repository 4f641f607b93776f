//! `cargo xtask interop`: our clients and our fakes against the vendors' SDKs. The comparing is done by
//! `xtask/interop`, in Python.

use std::{
    env::{self, consts::EXE_SUFFIX},
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{cargo, failure::Failure, model, output::note, scratch, tree};

/// What is installed, and nothing else but what it depends on.
const REQUIREMENTS: &str = include_str!("../interop/requirements.txt");

const PYTHONS: &[&str] = &["python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"];

/// Exits with 0 if it is a Python that will do, and says which one it is.
const PROBE: &str = "\
import sys
print('.'.join(map(str, sys.version_info[:3])))
assert sys.version_info >= (3, 11)
import ensurepip, venv";

pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let sources = model::root().join("xtask/interop");
    let folder = scratch::folder(&model::root().join("target"), "interop")?;
    let python = environment(&sources, &folder)?;
    let aws_config = aws_config(&folder.join("aws-config"))?;
    let xtask =
        env::current_exe().map_err(|error| Failure::Failed(format!("cannot find this program: {error}")))?;
    let mut command = Command::new(&python);
    cargo::forget_package(&mut command);
    // Without bytecode, which would be written beside the sources.
    command.arg("-B").arg(&sources).arg("--xtask").arg(xtask).arg("--aws-config").arg(aws_config);
    command.arg("--models").arg(model::root().join("model/services")).args(arguments);
    let cannot_run = Failure::io("run", &python);
    let mut child = command.stdin(Stdio::piped()).spawn().map_err(&cannot_run)?;
    // It closes when this program ends, however it ends; by that the other one knows.
    let alive = child.stdin.take();
    let status = child.wait().map_err(&cannot_run)?;
    drop(alive);
    if status.success() { Ok(()) } else { Err(Failure::Failed(format!("interop: {status}"))) }
}

/// The folder of the program that assumes a role by the AWS SDK for Rust.
const AWS_CONFIG: &str = "xtask/interop/aws-config";

/// That program, with a target folder of its own: the workspace shares no build with it.
fn aws_config(target: &Path) -> Result<PathBuf, Failure> {
    let package = model::root().join(AWS_CONFIG);
    if !target.exists() {
        note(format_args!("interop: building {AWS_CONFIG} into {}", target.display()));
    }
    let mut command = cargo::command();
    command.args(["build", "--quiet"]).env("CARGO_INCREMENTAL", "0").current_dir(&package);
    let status = command.arg("--target-dir").arg(target).status();
    match status.map_err(Failure::io("run cargo in", &package))? {
        status if status.success() => {
            Ok(target.join("debug").join(format!("interop-aws-config{EXE_SUFFIX}")))
        }
        status => Err(Failure::Failed(format!("interop: cargo build in {AWS_CONFIG}: {status}"))),
    }
}

/// The Python of a virtual environment in a folder that has what is required; made if there is none.
fn environment(sources: &Path, folder: &Path) -> Result<PathBuf, Failure> {
    let dir = folder.join("venv");
    // Python would empty what a link leads to.
    tree::is_real_folder(&dir)?;
    let python = dir.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == REQUIREMENTS)
        && probe(&python).is_ok()
    {
        return Ok(python);
    }
    let base = suitable_python()?;
    let required = REQUIREMENTS.trim().replace('\n', ", ");
    note(format_args!("interop: installing {required} into {}", dir.display()));
    make(Command::new(base).args(["-m", "venv", "--clear"]).arg(&dir))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    make(Command::new(&python).args(install).arg(sources.join("requirements.txt")))?;
    tree::write(folder, "installed.txt", REQUIREMENTS)?;
    Ok(python)
}

fn make(command: &mut Command) -> Result<(), Failure> {
    let why = match command.status() {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    let hint = "it is needed once, and pip needs its package index for it";
    Err(Failure::Failed(format!("interop: cannot make the virtual environment: {command:?}: {why}; {hint}")))
}

fn suitable_python() -> Result<&'static str, Failure> {
    let probed: Vec<_> = PYTHONS.iter().map(|name| (*name, probe(Path::new(name)))).collect();
    if let Some((name, _)) = probed.iter().find(|(_, probed)| probed.is_ok()) {
        return Ok(name);
    }
    let found: Vec<_> = probed
        .iter()
        .filter_map(|(name, probed)| Some(format!("{name} {}", probed.as_ref().err()?.as_ref()?)))
        .collect();
    let found = if found.is_empty() { "no python3".to_owned() } else { found.join(", ") };
    Err(Failure::Failed(format!(
        "interop: needs Python 3.11 or later, with its modules venv and ensurepip; on PATH: {found}"
    )))
}

/// Whether a Python will do; where not, what is wrong with it, if it runs at all.
fn probe(python: &Path) -> Result<(), Option<String>> {
    let output = Command::new(python).args(["-c", PROBE]).output().map_err(|_| None)?;
    if output.status.success() {
        return Ok(());
    }
    let version = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let complaint = String::from_utf8_lossy(&output.stderr);
    let why = complaint.lines().last().filter(|line| line.contains("Module")).unwrap_or_default();
    if version.is_empty() { Err(None) } else { Err(Some(format!("{version} {why}").trim_end().to_owned())) }
}

//! Python for verbs: virtual environments with what they require, below `target`.

use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::Command,
};

use crate::{failure::Failure, progress::Progress, tree};

const PYTHONS: &[&str] = &["python3", "python3.11", "python3.12", "python3.13", "python3.14", "python"];

/// Exits with 0 if the Python is suitable, and prints its version.
const PROBE: &str = "\
import sys
print('.'.join(map(str, sys.version_info[:3])))
assert sys.version_info >= (3, 11)
import ensurepip, venv";

/// Exits with 0 if the Python has a pip that installs for another Python, which the one of 2022 learned.
const PIP: &str = "import pip; assert int(pip.__version__.split('.')[0]) > 22";

/// The Python of a virtual environment in a folder that has what is required; made if there is none.
pub(crate) fn environment(
    verb: &'static str,
    requirements: &Path,
    folder: &Path,
) -> Result<PathBuf, Failure> {
    let wanted = fs::read_to_string(requirements).map_err(Failure::io("read", requirements))?;
    let dir = folder.join("venv");
    // Python would empty what a link leads to.
    tree::is_real_folder(&dir)?;
    let python = dir.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let installed = folder.join("installed.txt");
    if fs::read_to_string(&installed).is_ok_and(|installed| installed == wanted) && probe(&python).is_ok() {
        return Ok(python);
    }
    match fs::remove_file(&installed) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(Failure::io("remove", &installed)(error));
        }
        Ok(()) | Err(_) => {}
    }
    let base = suitable_python(verb)?;
    let required = wanted.trim().replace('\n', ", ");
    let progress = Progress::new(verb, 1);
    let _step = progress.begin(format_args!("installing {required} into {}", dir.display()));
    // A pip that is there need not be installed, which would take longer than to install botocore.
    let has_pip = Command::new(base).args(["-c", PIP]).output();
    let has_pip = has_pip.is_ok_and(|output| output.status.success());
    let without_pip = has_pip.then_some("--without-pip");
    make(&progress, verb, Command::new(base).args(["-m", "venv", "--clear"]).args(without_pip).arg(&dir))?;
    let mut pip = Command::new(if has_pip { Path::new(base) } else { &python });
    pip.args(["-m", "pip"]);
    if has_pip {
        pip.arg("--python").arg(&python);
    }
    pip.args(["install", "--quiet", "--disable-pip-version-check", "--requirement"]).arg(requirements);
    make(&progress, verb, &mut pip)?;
    tree::write(folder, "installed.txt", &wanted)?;
    Ok(python)
}

fn make(progress: &Progress, verb: &str, command: &mut Command) -> Result<(), Failure> {
    let why = match progress.run(command) {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    let hint = "it is needed once, and pip needs its package index for it";
    Err(Failure::Failed(format!("{verb}: cannot make the virtual environment: {command:?}: {why}; {hint}")))
}

fn suitable_python(verb: &str) -> Result<&'static str, Failure> {
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
        "{verb}: needs Python 3.11 or later, with its modules venv and ensurepip; on PATH: {found}"
    )))
}

/// The folder of botocore's models, in an environment that has botocore.
pub(crate) fn botocore_models(python: &Path) -> Result<PathBuf, Failure> {
    let found = printed(Command::new(python).args(["-c", "import botocore; print(botocore.__path__[0])"]))?;
    Ok(Path::new(found.trim()).join("data"))
}

/// Standard output of a command that succeeds.
pub(crate) fn printed(command: &mut Command) -> Result<String, Failure> {
    let output = command.output().map_err(|error| Failure::Failed(format!("{command:?}: {error}")))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Failure::Failed(format!("{command:?}: {}", said.trim())));
    }
    String::from_utf8(output.stdout).map_err(|error| Failure::Failed(format!("{command:?}: {error}")))
}

/// Whether a Python is suitable; if not, the problem, if it runs at all.
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

//! The crate that makes the cases' calls: generated modules, and the driver.

use std::{
    collections::BTreeMap,
    env, fs, io,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use gatewright_model::{Service, naming};
use serde_json::Value;

use super::report::Report;

/// The built crate.
pub(super) struct Scratch {
    folder: PathBuf,
    program: PathBuf,
}

/// Writes and builds the crate for these services.
pub(super) fn build(services: &[Service]) -> Result<Scratch, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask is a folder of the workspace");
    // The workspace's own folder: dependencies are compiled once for both.
    let target = env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), |dir| root.join(dir));
    let folder = target.join("conformance");
    let at = |error: io::Error| format!("{}: {error}", folder.display());

    let mut files: BTreeMap<_, _> = services
        .iter()
        .flat_map(gatewright_codegen::generate)
        .map(|(path, text)| (format!("src/{path}"), text))
        .collect();
    files.insert("src/main.rs".to_owned(), main_file(services));
    files.insert("Cargo.toml".to_owned(), manifest(root));
    write(&folder, &files).map_err(at)?;
    // The same versions as everywhere else.
    fs::copy(root.join("Cargo.lock"), folder.join("Cargo.lock")).map_err(at)?;

    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let built = Command::new(cargo)
        .args(["build", "--quiet", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(&target)
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo: {error}"))?;
    if !built.status.success() {
        let errors = String::from_utf8_lossy(&built.stderr);
        return Err(format!("the modules of the cases do not compile:\n{errors}"));
    }
    let program = target.join("debug").join(format!("{NAME}{}", env::consts::EXE_SUFFIX));
    Ok(Scratch { folder, program })
}

impl Scratch {
    /// Makes the calls, in order.
    pub(super) fn calls(&self, calls: &[Value]) -> Result<Vec<Value>, String> {
        let file = self.folder.join("calls.jsonl");
        let lines: Vec<_> = calls.iter().map(Value::to_string).collect();
        fs::write(&file, lines.join("\n")).map_err(|error| format!("{}: {error}", file.display()))?;
        self.run("calls", &file)
    }

    /// Runs the signing cases of a folder.
    pub(super) fn sigv4(&self, folder: &Path) -> Result<Report, String> {
        let reports = self.run("sigv4", folder)?;
        reports.first().and_then(Report::from_json).ok_or_else(|| format!("no report: {reports:?}"))
    }

    fn run(&self, verb: &str, path: &Path) -> Result<Vec<Value>, String> {
        let at = |error: &dyn std::fmt::Display| format!("{} {verb}: {error}", self.program.display());
        let output = Command::new(&self.program)
            .arg(verb)
            .arg(path)
            .stdin(Stdio::null())
            .output()
            .map_err(|error| at(&error))?;
        if !output.status.success() {
            return Err(at(&String::from_utf8_lossy(&output.stderr).trim()));
        }
        let text = String::from_utf8(output.stdout).map_err(|error| at(&error))?;
        text.lines().map(|line| serde_json::from_str(line).map_err(|error| at(&error))).collect()
    }
}

const NAME: &str = "gatewright-conformance";

fn manifest(root: &Path) -> String {
    let runtime = root.join("runtime");
    // No workspace of its own would make it a member of ours.
    format!(
        r#"[package]
name = "{NAME}"
edition = "2024"

[workspace]

[features]
dynamic = []

[dependencies]
bytes = "1"
gatewright-runtime = {{ path = {runtime:?} }}
http = "1"
serde_core = {{ version = "1", default-features = false }}
serde_json = {{ version = "1", default-features = false, features = ["std"] }}
tokio = {{ version = "1", default-features = false, features = ["net", "rt", "time"] }}

[profile.dev]
debug = "line-tables-only"
"#
    )
}

fn main_file(services: &[Service]) -> String {
    let driver = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/conformance/driver/mod.rs");
    let mut text = format!(
        "#![allow(dead_code, unused_imports, reason = \"only requests and responses are used\")]\n\n\
         #[path = {driver:?}]\nmod driver;\n"
    );
    for service in services {
        text += &format!("mod {};\n", naming::module(&service.name));
    }
    text += "\nfn main() -> std::process::ExitCode {\n    driver::main(&[\n";
    for service in services {
        let module = naming::module(&service.name);
        for operation in &service.operations {
            let (name, request) = (&operation.name, naming::request_ty(&operation.name));
            text +=
                &format!("        ({:?}, {name:?}, driver::call::<{module}::{request}>),\n", service.name);
        }
    }
    text + "    ])\n}\n"
}

/// Writes what differs, so that cargo compiles no more than that. Files that no longer belong are harmless: no module
/// names them.
fn write(folder: &Path, files: &BTreeMap<String, String>) -> io::Result<()> {
    for (path, text) in files {
        let path = folder.join(path);
        if fs::read_to_string(&path).ok().as_ref() != Some(text) {
            fs::create_dir_all(path.parent().expect("every path is within the folder"))?;
            fs::write(&path, text)?;
        }
    }
    Ok(())
}

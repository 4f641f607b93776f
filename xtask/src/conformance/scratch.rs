//! The crate that makes the cases' calls: generated modules, and the driver.

use std::{
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use gatewright_codegen::Files;
use gatewright_model::{Operation, Service, naming};
use serde_json::Value;

use super::report::Report;
use crate::{
    failure::Failure,
    model, scratch,
    tree::{self, Others},
};

/// The built crate.
pub(super) struct Scratch {
    folder: PathBuf,
    program: PathBuf,
}

/// Writes and builds the crate for these services.
pub(super) fn build(services: &[Service]) -> Result<Scratch, Failure> {
    let root = model::root();
    let target = scratch::target();
    let folder = scratch::folder(&target, "conformance")?;

    let mut files: Files = services.iter().flat_map(gatewright_codegen::generate).collect();
    files.insert("main.rs".to_owned(), main_file(services));
    let sources = folder.join("src");
    // The folder belongs to this verb.
    tree::mend(&tree::compare(&files, &sources)?, &sources, Others::Delete)?;
    tree::write(&folder, "Cargo.toml", &manifest(root))?;
    let program = scratch::build(&folder, &target)
        .map_err(|error| Failure::Failed(format!("the modules of the cases do not compile:\n{error}")))?;
    Ok(Scratch { folder, program })
}

impl Scratch {
    /// Makes the calls, in order.
    pub(super) fn calls(&self, calls: &[Value]) -> Result<Vec<Value>, Failure> {
        let lines: Vec<_> = calls.iter().map(Value::to_string).collect();
        tree::write(&self.folder, "calls.jsonl", &lines.join("\n"))?;
        Ok(self.run("calls", &self.folder.join("calls.jsonl"))?)
    }

    /// Runs the signing cases of a folder.
    pub(super) fn sigv4(&self, folder: &Path) -> Result<Report, String> {
        let reports = self.run("sigv4", folder)?;
        reports.first().and_then(report).ok_or_else(|| format!("no report: {reports:?}"))
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

/// The driver's report.
fn report(json: &Value) -> Option<Report> {
    let pairs = |key: &str| -> Option<Vec<_>> {
        let pair = |pair: &Value| Some((pair[0].as_str()?.to_owned(), pair[1].as_str()?.to_owned()));
        json[key].as_array()?.iter().map(pair).collect()
    };
    Some(Report {
        ran: usize::try_from(json["ran"].as_u64()?).ok()?,
        left_out: pairs("left_out")?,
        failed: pairs("failed")?,
    })
}

const NAME: &str = "gatewright-conformance";

fn manifest(root: &Path) -> String {
    let [runtime, fake] = ["runtime", "runtime/fake"].map(|folder| quoted(&root.join(folder)));
    // A workspace of its own; otherwise it would be a member of ours.
    format!(
        r#"[package]
name = "{NAME}"
edition = "2024"

[workspace]

[features]
dynamic = []
fake = []

[dependencies]
bytes = "1"
gatewright-fake = {{ path = {fake} }}
gatewright-runtime = {{ path = {runtime}, features = ["aws-ec2", "aws-query", "aws-rest-json", "aws-rest-xml", "compression", "dynamic"] }}
http = "1"
serde_core = {{ version = "1", default-features = false }}
serde_json = {{ version = "1", default-features = false, features = ["std"] }}
tokio = {{ version = "1", default-features = false, features = ["net", "rt", "time"] }}

[profile.dev]
debug = false
"#
    )
}

fn main_file(services: &[Service]) -> String {
    let driver = quoted(&model::root().join("xtask/src/conformance/driver/mod.rs"));
    let module = |service: &Service| naming::module(&service.name);
    let modules: Vec<_> = services.iter().map(|service| format!("mod {};", module(service))).collect();
    let operations =
        services.iter().flat_map(|service| service.operations.iter().map(move |op| (service, op)));
    let entry = |(service, operation): (&Service, &Operation)| {
        let module = module(service);
        let request = format!("{module}::{}", naming::request_ty(&operation.name));
        let call = format!("|case| driver::call::<{request}>(case, {module}_ERRORS)");
        format!("        ({:?}, {:?}, {call}),", service.name, operation.name)
    };
    let errors = |service: &Service| {
        let module = module(service);
        // The service's own type may be named otherwise: `AwsEc2` is a protocol's.
        let request = naming::request_ty(&service.operations.first()?.name);
        let marker = format!("<{module}::{request} as gatewright_runtime::Operation>::Service");
        let shapes = service.error_shapes().into_keys().map(|id| naming::ty(&service.shape(id).rust_name));
        let members = shapes.map(|ty| format!("driver::members::<{module}::{ty}>"));
        let members = members.collect::<Vec<_>>().join(", ");
        Some(format!("const {module}_ERRORS: &[driver::Members<{marker}>] = &[{members}];"))
    };
    let errors = services.iter().filter_map(errors).collect::<Vec<_>>().join("\n");
    let entries: Vec<_> = operations.map(entry).collect();
    let (modules, entries) = (modules.join("\n"), entries.join("\n"));
    format!(
        "\
#![allow(dead_code, non_upper_case_globals, unused_imports, reason = \"only requests and responses are used\")]

#[path = {driver}]
mod driver;
{modules}

{errors}

fn main() -> std::process::ExitCode {{
    driver::main(&[
{entries}
    ])
}}
"
    )
}

/// A path as a literal, in Rust and in TOML.
fn quoted(path: &Path) -> String {
    Value::from(path.to_string_lossy()).to_string()
}

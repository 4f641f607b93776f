//! `cargo xtask interop`: tests our clients and fakes with the vendors' SDKs. The Python program in `xtask/interop`
//! compares.

use std::{
    env,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{
    cargo, client::Interop, failure::Failure, import, model, progress::Progress, python, scratch, tools,
};

pub(crate) fn run(arguments: &Interop) -> Result<(), Failure> {
    check_operations(&arguments.operations)?;
    let sources = model::root().join("xtask/interop");
    let folder = scratch::folder(&scratch::target(), "interop")?;
    let python = python::environment("interop", &sources.join("requirements.txt"), &folder)?;
    let aws_config =
        if arguments.without_aws_config { None } else { Some(aws_config(&folder.join("aws-config"))?) };
    let xtask =
        env::current_exe().map_err(|error| Failure::Failed(format!("cannot find this program: {error}")))?;
    let mut command = Command::new(&python);
    cargo::forget_package(&mut command);
    // Without bytecode files next to the sources.
    command.arg("-B").arg(&sources).arg("--xtask").arg(xtask);
    command.arg("--models").arg(model::root().join("model/services"));
    if let Some(aws_config) = aws_config {
        command.arg("--aws-config").arg(aws_config);
    }
    if !arguments.operations.is_empty() {
        command.arg("--operations").arg(arguments.operations.join(","));
    }
    if !arguments.import.is_empty() {
        let (models, tools) = imported(&python, &arguments.import)?;
        command.arg("--imported").arg(models).arg("--tools").arg(tools);
    }
    let cannot_run = Failure::io("run", &python);
    let mut child = command.stdin(Stdio::piped()).spawn().map_err(&cannot_run)?;
    // This pipe closes when this program ends in any way, which ends the other program.
    let alive = child.stdin.take();
    let status = child.wait().map_err(&cannot_run)?;
    drop(alive);
    if status.success() { Ok(()) } else { Err(Failure::Failed(format!("interop: {status}"))) }
}

/// The services whose operations can be selected, `compared` in `xtask/interop/__main__.py`.
const COMPARED: [&str; 2] = ["aws-storage-gateway", "alibaba-csg"];

/// Refuses operations that are not compared, before anything is installed or built.
fn check_operations(names: &[String]) -> Result<(), Failure> {
    if names.is_empty() {
        return Ok(());
    }
    let services = model::all()?;
    let known = || {
        let compared = services.iter().filter(|service| COMPARED.contains(&service.name.as_str()));
        compared.flat_map(|service| &service.operations).map(|operation| operation.name.as_str())
    };
    match names.iter().find(|name| !known().any(|known| known == name.as_str())) {
        Some(unknown) => Err(Failure::unknown("operation", unknown, known())),
        None => Ok(()),
    }
}

/// Imports these services from the botocore that is installed, and builds their clients and fakes: the folder of the models, and
/// the program.
fn imported(python: &Path, services: &[String]) -> Result<(PathBuf, PathBuf), Failure> {
    let models = scratch::empty_folder(&scratch::target(), "interop-models")?;
    let data = python::botocore_models(python)?;
    for service in services {
        import::import(service, &data.join(service), None, &models.join(service))?.write()?;
    }
    let tools = tools::build(&models.to_string_lossy())?;
    Ok((models, tools))
}

/// The folder of a program that assumes a role with the AWS SDK for Rust.
const AWS_CONFIG: &str = "xtask/interop/aws-config";

/// Runs that program, with its own target folder: it shares no build with the workspace.
fn aws_config(target: &Path) -> Result<PathBuf, Failure> {
    let package = model::root().join(AWS_CONFIG);
    let progress = Progress::new("interop", 1);
    let is_new = !target.exists();
    let _step =
        is_new.then(|| progress.begin(format_args!("building {AWS_CONFIG} into {}", target.display())));
    let mut command = cargo::command();
    command.args(["build", "--quiet"]).env("CARGO_INCREMENTAL", "0").current_dir(&package);
    cargo::built(command.arg("--target-dir").arg(target))
        .map_err(|error| Failure::Failed(format!("interop: {AWS_CONFIG} does not compile:\n{error}")))
}

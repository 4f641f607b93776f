//! `call`, `serve` and `explain` for services of other models, by a program that is generated for them.
//!
//! The program has the same code as these verbs, of `gatewright-cli`, with another list of services. It is built again only if
//! the model changed.

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
};

use gatewright_codegen::{Crate, Files, HOME};
use serde_json::Value;

use crate::{
    PROGRAM, cargo,
    codegen::Package,
    failure::Failure,
    model::{self, Models},
    progress::Progress,
    scratch,
    tree::{self, Others},
};

/// Runs this process's verb for the services of a model.
pub(crate) fn run(model: &str) -> Result<(), Failure> {
    let program = build(model)?;
    Err(cargo::replace(Command::new(program).args(env::args_os().skip(1))))
}

/// Writes and builds the program for a model's services.
pub(crate) fn build(model: &str) -> Result<PathBuf, Failure> {
    let services = Models::of(Some(model))?.all()?;
    let whole = Path::new(model).canonicalize().map_err(Failure::io("find", Path::new(model)))?;
    // A folder and a program for each model, so that one does not replace the other's.
    let name = format!("gatewright-tools-{:016x}", digest(whole.to_string_lossy().as_bytes()));
    let target = scratch::target();
    let folder = scratch::folder(&target, &name)?;

    let registry = Crate { name: HOME, services: &services, readme: None, guides: None }.registry();
    let names: Vec<_> = services.iter().map(|service| service.name.clone()).collect();
    let client = Package::new(HOME, services, &folder.join("client"), None)?.update()?;
    let files = Files::from([("main.rs".to_owned(), main_file(model)), ("registry.rs".to_owned(), registry)]);
    // Beside the client: a package within another's folder would belong to its workspace.
    let folder = folder.join("program");
    let sources = folder.join("src");
    let differences = tree::compare(&files, &sources)?;
    tree::mend(&differences, &sources, Others::Delete)?;
    let manifest = manifest(&name);
    let path = folder.join("Cargo.toml");
    if !fs::read_to_string(&path).is_ok_and(|old| old == manifest) {
        tree::write(&folder, "Cargo.toml", &manifest)?;
    }
    let progress = Progress::new("building", 1);
    let is_new = client || !differences.is_empty();
    let _step = is_new.then(|| progress.begin(format_args!("the tools of {}, once", names.join(", "))));
    scratch::build(&folder, &target).map_err(|error| {
        Failure::Failed(format!("the tools of {} do not compile:\n{error}", names.join(", ")))
    })
}

/// A hash of a text, the same on every machine: FNV-1a.
fn digest(text: &[u8]) -> u64 {
    text.iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

fn main_file(model: &str) -> String {
    format!(
        "\
//! The verbs for the services of one model.

mod registry;

fn main() -> std::process::ExitCode {{
    let model = Some({}.to_owned());
    let program = gatewright_cli::services::Program {{ services: registry::SERVICES, command: {PROGRAM:?}, model }};
    gatewright_cli::model::main(&program)
}}
",
        quoted(Path::new(model)),
    )
}

/// The features are those of this program, so that both share what cargo compiled.
fn manifest(name: &str) -> String {
    let cli = quoted(&model::root().join("generated/cli"));
    format!(
        r#"[package]
name = "{name}"
edition = "2024"

[workspace]

[dependencies]
gatewright = {{ path = "../client", default-features = false, features = ["async", "credentials", "fake", "patterns", "ring", "services"] }}
gatewright-cli = {{ path = {cli}, default-features = false, features = ["verbs"] }}

[profile.dev]
debug = false
"#
    )
}

/// A path as a literal, in Rust and in TOML.
fn quoted(path: &Path) -> String {
    Value::from(path.to_string_lossy()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_have_programs_of_their_own() {
        assert_ne!(digest(b"/a"), digest(b"/b"));
        assert_eq!(format!("{:016x}", digest(b"a")), "af63dc4c8601ec8c");
    }
}

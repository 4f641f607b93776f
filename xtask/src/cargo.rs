//! Runs cargo for other builds of this workspace.

#[cfg(not(feature = "client"))]
mod restart;

use std::{
    env,
    ffi::{OsStr, OsString},
    path::PathBuf,
    process::{Command, Output},
};

use serde_json::Value;

#[cfg(not(feature = "client"))]
pub(crate) use self::restart::restart;
use crate::failure::Failure;

/// Cargo, as it would run if this program had not been started by cargo.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_package(&mut command);
    command
}

/// Runs `cargo build`, and returns the program that it built: the user's settings of cargo decide on its folder.
#[cfg(feature = "verbs")]
pub(crate) fn built(build: &mut Command) -> Result<PathBuf, Failure> {
    let output = build.arg(WITH_MESSAGES).output();
    let output = output.map_err(|error| Failure::Failed(format!("cannot run cargo: {error}")))?;
    let program = output.status.success().then(|| executable(&output)).flatten();
    program.ok_or_else(|| Failure::Failed(String::from_utf8_lossy(&output.stderr).into_owned()))
}

/// Makes cargo print messages for programs, and errors for people.
const WITH_MESSAGES: &str = "--message-format=json-render-diagnostics";

/// The program that cargo's messages name.
fn executable(built: &Output) -> Option<PathBuf> {
    let messages = built.stdout.split(|byte| *byte == b'\n').rev();
    let mut messages = messages.filter_map(|line| serde_json::from_slice::<Value>(line).ok());
    messages.find_map(|message| message["executable"].as_str().map(PathBuf::from))
}

/// Whether cargo has a subcommand.
pub(crate) fn has(subcommand: &str) -> bool {
    command().args([subcommand, "--version"]).output().is_ok_and(|output| output.status.success())
}

/// Removes the variables that `cargo run` sets for the package it runs. Build scripts, such as `ring`'s, ask cargo to run them
/// again when one of these variables changes: with them, each verb would rebuild what the last build made, and the next
/// build what the verb made.
pub(crate) fn forget_package(command: &mut Command) {
    for name in of_package(env::vars_os().map(|(name, _)| name)) {
        command.env_remove(name);
    }
}

/// Replaces this process by another program, so that its signals and exit code are the verb's own; returns only if that
/// fails.
pub(crate) fn replace(command: &mut Command) -> Failure {
    let program = PathBuf::from(command.get_program());
    #[cfg(unix)]
    return Failure::io("run", &program)(std::os::unix::process::CommandExt::exec(command));
    #[cfg(not(unix))]
    match command.status() {
        Ok(status) => std::process::exit(status.code().unwrap_or(1)),
        Err(error) => Failure::io("run", &program)(error),
    }
}

/// The variables among `names` that cargo sets for a package, and no user does. Cargo's reference lists them as
/// "Environment variables Cargo sets for crates".
fn of_package(names: impl Iterator<Item = OsString>) -> impl Iterator<Item = OsString> {
    const NAMES: [&str; 5] =
        ["CARGO_BIN_NAME", "CARGO_CRATE_NAME", "CARGO_PRIMARY_PACKAGE", "CARGO_TARGET_TMPDIR", "OUT_DIR"];
    const PREFIXES: [&str; 3] = ["CARGO_BIN_EXE_", "CARGO_MANIFEST_", "CARGO_PKG_"];
    let is_of_package = |name: &OsStr| {
        name.to_str().is_some_and(|name| {
            NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
        })
    };
    names.filter(move |name| is_of_package(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Even if an older build left another program in the usual folder.
    #[cfg(feature = "verbs")]
    #[test]
    fn the_program_is_found_with_every_target_that_the_user_sets() {
        let folder = tempfile::TempDir::new().expect("there is a folder for temporary files");
        let folder = folder.path();
        std::fs::write(
            folder.join("Cargo.toml"),
            "[package]\nname = \"made\"\nedition = \"2024\"\n[workspace]\n",
        )
        .expect("the folder is there");
        std::fs::create_dir(folder.join("src")).expect("the folder is there");
        for target in [None, Some("host-tuple")] {
            let says = format!("made for {target:?}");
            std::fs::write(folder.join("src/main.rs"), format!("fn main() {{ println!({says:?}) }}\n"))
                .expect("the folder is there");
            let mut build = command();
            build.args(["build", "--quiet", "--offline"]).current_dir(folder);
            build.env("CARGO_TARGET_DIR", folder.join("target"));
            if let Some(target) = target {
                build.env("CARGO_BUILD_TARGET", target);
            }
            let program = built(&mut build).expect("it compiles");
            let printed = Command::new(program).output().expect("it was built").stdout;
            assert_eq!(String::from_utf8_lossy(&printed), format!("{says}\n"));
        }
        std::fs::write(folder.join("src/main.rs"), "fn main() { nothing() }\n").expect("the folder is there");
        let broken =
            built(command().args(["build", "--quiet", "--offline"]).current_dir(folder)).unwrap_err();
        assert!(broken.to_string().contains("cannot find function `nothing`"), "{broken}");
    }

    #[test]
    fn a_package_is_forgotten_and_settings_are_kept() {
        let names = [
            "CARGO",
            "CARGO_HOME",
            "CARGO_MANIFEST_DIR",
            "CARGO_NET_OFFLINE",
            "CARGO_PKG_NAME",
            "CARGO_PKG_VERSION_PRE",
            "CARGO_TARGET_DIR",
            "OUT_DIR",
            "PATH",
        ];
        let found: Vec<_> = of_package(names.into_iter().map(Into::into)).collect();
        assert_eq!(found, ["CARGO_MANIFEST_DIR", "CARGO_PKG_NAME", "CARGO_PKG_VERSION_PRE", "OUT_DIR"]);
        // Tests are run by cargo, which sets this one.
        assert!(env::var_os("CARGO_PKG_NAME").is_some());
        let command = command();
        assert!(command.get_envs().any(|(name, value)| name == "CARGO_PKG_NAME" && value.is_none()));
    }
}

//! Runs cargo for other builds of this workspace.

#[cfg(not(feature = "client"))]
mod restart;

use std::{
    env,
    ffi::{OsStr, OsString},
    path::PathBuf,
    process::Command,
};

#[cfg(not(feature = "client"))]
pub(crate) use self::restart::restart;
use crate::failure::Failure;

/// Cargo, as it would run if this program had not been started by cargo.
pub(crate) fn command() -> Command {
    let mut command = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    forget_package(&mut command);
    command
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

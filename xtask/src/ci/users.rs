//! Checks of what users compile: the number of crates, their licenses, and the compiler.

use std::{fs, path::Path, process::Command};

use serde_json::Value;

use super::run::Runner;
use crate::{cargo, failure::Failure, scratch};

/// Maximum number of third-party crates that a user has to compile.
const MOST_CRATES: usize = 42;

/// Calls without an async runtime, of a service.
const BLOCKING: &[&str] =
    &["--no-default-features", "--features", "alibaba-csg,aws-storage-gateway,blocking,ring"];

/// Checks that users compile no proc macro and few crates, and no async runtime for blocking calls.
pub(super) fn dependencies(ci: &Runner<'_>) -> Result<(), String> {
    let crates = third_party(ci.root, &[])?;
    if let Some(macros) = crates.iter().find(|line| line.contains("(proc-macro)")) {
        return Err(format!("{macros}: users must not compile a proc macro because of us"));
    }
    ci.note(format_args!("a user compiles {} third-party crates", crates.len()));
    if crates.len() > MOST_CRATES {
        return Err(format!("{} crates, at most {MOST_CRATES}:\n{}", crates.len(), crates.join("\n")));
    }
    let blocking = third_party(ci.root, BLOCKING)?;
    ci.note(format_args!("{} for blocking calls alone", blocking.len()));
    match blocking.iter().find(|line| line.starts_with("tokio") || line.starts_with("hyper")) {
        Some(found) => Err(format!("{found}: blocking calls need no async runtime")),
        None => Ok(()),
    }
}

/// The third-party crates that a user compiles.
fn third_party(root: &Path, features: &[&str]) -> Result<Vec<String>, String> {
    let arguments = ["tree", "--package", "gatewright", "--edges", "normal,build", "--prefix", "none"];
    let output = cargo::command()
        .args(arguments)
        .args(features)
        .current_dir(root)
        .output()
        .map_err(|error| format!("cargo tree: {error}"))?;
    if !output.status.success() {
        return Err(format!("cargo tree: {}", String::from_utf8_lossy(&output.stderr)));
    }
    let tree = String::from_utf8_lossy(&output.stdout);
    let lines = tree.lines().map(|line| line.trim_end_matches(" (*)").to_owned());
    let mut crates: Vec<_> = lines.filter(|line| !line.starts_with("gatewright")).collect();
    crates.sort_unstable();
    crates.dedup();
    Ok(crates)
}

/// What cargo-deny checks with files of this repository and of cargo alone.
const CHECK_FILES: &[&str] = &["deny", "check", "bans", "licenses", "sources"];

/// Brings the database of advisories here.
const FETCH_ADVISORIES: &[&str] = &["deny", "fetch", "db"];

const CHECK_ADVISORIES: &[&str] = &["deny", "check", "advisories"];

/// Licenses, bans, sources and duplicates by `deny.toml`; advisories where their database can be had.
pub(super) fn supply_chain(ci: &Runner<'_>) -> Result<(), String> {
    if !ci.has("deny", "licenses, bans, sources and advisories of dependencies") {
        return Ok(());
    }
    ci.cargo(CHECK_FILES)?;
    let fetched = cargo::command().args(FETCH_ADVISORIES).current_dir(ci.root).output();
    if fetched.is_ok_and(|output| output.status.success()) {
        return ci.cargo(CHECK_ADVISORIES);
    }
    ci.leave_out(format!(
        "advisories of dependencies: the RustSec database cannot be fetched here; run `cargo {}` where it can, and before \
         a release",
        CHECK_ADVISORIES.join(" ")
    ));
    Ok(())
}

/// Users' crates also build without our lock file, with dependencies resolved anew, for the oldest compiler. The generator and
/// `xtask` are built with the lock file only. If a lock file that is made anew equals ours, nothing is built: the tests had the same
/// versions, and the combinations of features build these crates by themselves.
pub(super) fn fresh_resolve(ci: &Runner<'_>) -> Result<(), String> {
    let copy = copy(ci.root).map_err(|failure| failure.to_string())?;
    let manifest = copy.join("Cargo.toml");
    let mut resolve = cargo::command();
    ci.finish(resolve.args(["generate-lockfile", "--quiet", "--manifest-path"]).arg(&manifest))?;
    let [ours, fresh] = [ci.root, &copy].map(|folder| {
        let lock = folder.join("Cargo.lock");
        fs::read(&lock).map_err(|error| format!("{}: {error}", lock.display()))
    });
    if ours? == fresh? {
        ci.note("the lock file has the newest versions: the tests were built with them");
        return oldest_compiler(ci, &manifest);
    }
    let check = [
        "check",
        "--package",
        "gatewright",
        "--package",
        "gatewright-cli",
        "--features",
        "gatewright/blocking,gatewright/tracing",
    ];
    let mut command = cargo::command();
    command.args(check).arg("--manifest-path").arg(&manifest).arg("--target-dir").arg(scratch::target());
    ci.finish(&mut command)?;
    oldest_compiler(ci, &manifest)
}

/// A copy of the tracked files without the lock file.
fn copy(root: &Path) -> Result<std::path::PathBuf, Failure> {
    let copy = scratch::empty_folder(&root.join("target"), "fresh-resolve")?;
    let failed = |error: std::io::Error| Failure::Failed(format!("{}: {error}", copy.display()));
    let git = |error: &dyn std::fmt::Display| Failure::Failed(format!("git ls-files: {error}"));
    let listing = Command::new("git").args(["ls-files", "-z"]).current_dir(root).output();
    let listing = listing.map_err(|error| git(&error))?;
    if !listing.status.success() {
        return Err(git(&String::from_utf8_lossy(&listing.stderr).trim_end()));
    }
    for file in String::from_utf8_lossy(&listing.stdout).split('\0') {
        if file.is_empty() || file == "Cargo.lock" || !root.join(file).is_file() {
            continue;
        }
        let to = copy.join(file);
        fs::create_dir_all(to.parent().unwrap_or(&copy)).map_err(failed)?;
        fs::copy(root.join(file), to).map_err(failed)?;
    }
    Ok(copy)
}

/// Feature of users' crates whose dependencies need newer compilers than the rest; it says so where it is declared.
const NEWER: &str = "aws-credential-types";

/// Checks that no crate that users compile asks for a newer compiler than `gatewright`.
fn oldest_compiler(ci: &Runner<'_>, manifest: &Path) -> Result<(), String> {
    let mut metadata = cargo::command();
    metadata.args(["metadata", "--format-version", "1", "--manifest-path"]).arg(manifest);
    let output = metadata.output().map_err(|error| format!("cargo metadata: {error}"))?;
    let metadata: Value =
        serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))?;
    let list = |value: &Value, key: &str| value[key].as_array().cloned().unwrap_or_default();
    let (packages, nodes) = (list(&metadata, "packages"), list(&metadata["resolve"], "nodes"));
    let package = |id: &Value| packages.iter().find(|package| package["id"] == *id);
    let version = |package: &Value| -> Vec<u32> {
        let text = package["rust_version"].as_str().unwrap_or_default();
        text.split('.').filter_map(|part| part.parse().ok()).take(2).collect()
    };
    let ours = packages
        .iter()
        .find(|package| package["name"] == "gatewright")
        .ok_or("cargo metadata: no gatewright")?;
    let oldest = version(ours);
    let (mut ahead, mut seen) = (vec![ours["id"].clone()], Vec::new());
    while let Some(id) = ahead.pop() {
        let Some(package) = package(&id).filter(|package| !seen.contains(&id) && package["name"] != NEWER)
        else {
            continue;
        };
        if version(package) > oldest {
            let (name, version, asked) = (&package["name"], &package["version"], &package["rust_version"]);
            return Err(format!(
                "{name} {version} asks for Rust {asked}, gatewright for {}",
                ours["rust_version"]
            ));
        }
        let node = nodes.iter().find(|node| node["id"] == id);
        for dependency in node.map(|node| list(node, "deps")).unwrap_or_default() {
            if list(&dependency, "dep_kinds").iter().any(|kind| kind["kind"] != "dev") {
                ahead.push(dependency["pkg"].clone());
            }
        }
        seen.push(id);
    }
    ci.note(format_args!("Rust {} compiles all {} crates of users", ours["rust_version"], seen.len()));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Few machines can fetch the database, so that CI seldom runs all of these.
    #[test]
    fn cargo_deny_knows_what_it_is_asked_for() {
        if !cargo::has("deny") {
            crate::output::note(
                "SKIPPED: the command lines of cargo-deny: cargo install cargo-deny --locked",
            );
            return;
        }
        for line in [CHECK_FILES, FETCH_ADVISORIES, CHECK_ADVISORIES] {
            // Help is printed only if the words before it are valid.
            let output = cargo::command().args(line).arg("--help").output().unwrap();
            assert!(output.status.success(), "{line:?}: {}", String::from_utf8_lossy(&output.stderr));
        }
    }
}

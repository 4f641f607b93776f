//! `cargo xtask release`: every step of a release except publishing.

mod changelog;

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;
use toml_edit::{DocumentMut, Item, Value};

use crate::{
    diff::{Next, Version, in_manifest},
    failure::Failure,
    model, output, package,
    package::succeed,
    progress::Progress,
    scratch,
};

/// Do every step of a release except publishing
///
/// Sets the version and the changelog, packs the crates, commits and tags; prints the commands that publish.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} release --dry-run
  {program} release --version 1.0.0")]
pub(crate) struct Arguments {
    /// A version later than the one that the changes since the last release require
    #[arg(long, value_name = "VERSION")]
    version: Option<String>,
    /// Work in a copy of the last commit
    #[arg(long)]
    dry_run: bool,
}

pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let is_dry = arguments.dry_run;
    let progress = Progress::new("release", 3);
    let step = progress.begin("comparing with the last release");
    let next = Next::since_the_last_release()?;
    drop(step);
    let version = version(&next, arguments.version.as_deref())?;
    progress.print_line(&next.line)?;
    if next.released == Some(version) {
        return progress.print_line("nothing to release");
    }
    let root = if is_dry { copy(&progress)? } else { model::root().to_owned() };
    let changed = git(&root, &["status", "--porcelain"])?;
    if !changed.is_empty() {
        return Err(Failure::Failed(format!("release: commit or stash these changes first:\n{changed}")));
    }
    let old = in_manifest()?;
    edit(&root, "Cargo.toml", |text| with_version(text, version))?;
    let date = git(&root, &["show", "--no-patch", "--format=%cs", "HEAD"])?;
    edit(&root, "CHANGELOG.md", |text| changelog::released(text, version, date.trim(), &next.entry))?;
    update_locks(&root, old, version)?;

    let crates = package::published(&root)?;
    let step = progress.begin(format_args!("packing {} crates", crates.len()));
    for (krate, bytes) in package::pack(&root, &crates)? {
        progress.print_line(format_args!("packed {}, {} KiB", krate.folder(), bytes.len() / 1024))?;
    }
    drop(step);
    if crates.iter().any(|krate| !krate.has_repository()) {
        progress.note(
            "release: no crate has a `repository`: set the workspace's in Cargo.toml before you publish",
        );
    }
    let step = progress.begin("committing");
    git(&root, &["add", "--all"])?;
    let who = ["-c", "user.name=release", "-c", "user.email=release@localhost"];
    let title = format!("Release {version}");
    git(&root, &[if is_dry { &who[..] } else { &[] }, &["commit", "--quiet", "--message", &title]].concat())?;
    let tag = format!("v{version}");
    git(
        &root,
        &[if is_dry { &who[..] } else { &[] }, &["tag", "--annotate", &tag, "--message", &title]].concat(),
    )?;
    drop(step);
    drop(progress);
    output::print(git(&root, &["show", "--stat", "--format=%s", "HEAD"])?)?;
    if is_dry {
        output::print_line(format_args!(
            "nothing changed here: the commit and the tag {tag} are in {}",
            root.display()
        ))?;
    }
    let publish = crates.iter().map(|krate| format!("  cargo publish --package {}\n", krate.name));
    output::print(format_args!(
        "to publish, in this order:\n{}  git push origin HEAD {tag}\n",
        publish.collect::<String>()
    ))
}

/// The requested version, or else the first that the changes permit.
fn version(next: &Next, wished: Option<&str>) -> Result<Version, Failure> {
    let Some(wished) = wished else { return Ok(next.at_least) };
    match Version::parse(wished) {
        Some(version) if version >= next.at_least => Ok(version),
        Some(_) => {
            Err(Failure::Usage(format!("--version {wished}: {} at least; {}", next.at_least, next.line)))
        }
        None => Err(Failure::Usage(format!("--version takes a version like 1.2.3, not {wished:?}"))),
    }
}

/// A clone of the last commit.
fn copy(progress: &Progress) -> Result<PathBuf, Failure> {
    let folder = scratch::empty_folder(&scratch::target(), "release")?.join("tree");
    let changed = git(model::root(), &["status", "--porcelain"])?;
    if !changed.is_empty() {
        progress.note(format_args!(
            "release: without these changes, which are not committed:\n{}",
            changed.trim_end()
        ));
    }
    succeed(Command::new("git").args(["clone", "--quiet", "--shared"]).arg(model::root()).arg(&folder))?;
    Ok(folder)
}

fn git(root: &Path, arguments: &[&str]) -> Result<String, Failure> {
    succeed(Command::new("git").arg("-C").arg(root).args(arguments))
}

fn edit(root: &Path, name: &str, edit: impl FnOnce(&str) -> Result<String, String>) -> Result<(), Failure> {
    let path = root.join(name);
    let text = fs::read_to_string(&path).map_err(Failure::io("read", &path))?;
    let text = edit(&text).map_err(|error| Failure::Failed(format!("{}: {error}", path.display())))?;
    fs::write(&path, text).map_err(Failure::io("write", &path))
}

/// The workspace's manifest with a version, also where crates depend on each other.
fn with_version(manifest: &str, version: Version) -> Result<String, String> {
    let mut manifest: DocumentMut = manifest.parse().map_err(|error| format!("{error}"))?;
    let set = |item: Option<&mut Item>, text: String| {
        let value = item.and_then(Item::as_value_mut).ok_or("has no version")?;
        let decor = value.decor().clone();
        *value = Value::from(text);
        *value.decor_mut() = decor;
        Ok::<_, String>(())
    };
    let workspace = &mut manifest["workspace"];
    set(workspace["package"].get_mut("version"), version.to_string())?;
    let dependencies = workspace["dependencies"].as_table_like_mut().ok_or("has no dependencies")?;
    for (_, dependency) in dependencies.iter_mut() {
        if dependency.get("path").is_some() && dependency.get("version").is_some() {
            set(dependency.get_mut("version"), format!("={version}"))?;
        }
    }
    Ok(manifest.to_string())
}

/// Lock files have the versions of crates of the workspace, also those of crates outside of it. Not by `cargo update`: some depend on
/// crates that are generated later.
fn update_locks(root: &Path, old: Version, version: Version) -> Result<(), Failure> {
    let locks = git(root, &["grep", "--files-with-matches", "name = \"gatewright", "--", "*Cargo.lock"])?;
    locks.lines().try_for_each(|lock| edit(root, lock, |text| locked(text, old, version)))
}

/// A lock file with a version of the workspace's crates, whose sources are folders. Other crates in folders have versions of their
/// own.
fn locked(lock: &str, old: Version, version: Version) -> Result<String, String> {
    let mut lock: DocumentMut = lock.parse().map_err(|error| format!("{error}"))?;
    let packages = lock["package"].as_array_of_tables_mut().ok_or("has no packages")?;
    for package in packages.iter_mut() {
        let name = package.get("name").and_then(Item::as_str).unwrap_or_default();
        let is_ours = name == "xtask" || name == "gatewright" || name.starts_with("gatewright-");
        let has_old = package.get("version").and_then(Item::as_str) == Some(&old.to_string());
        if is_ours && has_old && !package.contains_key("source") {
            package["version"] = toml_edit::value(version.to_string());
        }
    }
    Ok(lock.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_set_wherever_crates_name_it() {
        let manifest = "[workspace.package]\nversion = \"0.1.0\" # ours\n\n[workspace.dependencies]\n\
            a = { path = \"a\", version = \"=0.1.0\", default-features = false }\nb = { path = \"b\" }\nc = \"0.1.0\"\n";
        let version = Version::parse("0.2.0").unwrap();
        assert_eq!(
            with_version(manifest, version).unwrap(),
            manifest.replace("version = \"0.1.0\"", "version = \"0.2.0\"").replace("=0.1.0", "=0.2.0")
        );
        assert!(with_version("[workspace.package]\n", version).is_err());
    }

    /// Cargo would make the same lock file.
    #[test]
    fn lock_files_have_the_version_of_the_crates() {
        let lock = |version: &str| {
            format!(
                "# This file is automatically @generated by Cargo.\nversion = 4\n\n[[package]]\nname = \"bytes\"\nversion = \
                 \"0.1.0\"\nsource = \"registry\"\n\n[[package]]\nname = \"gatewright-core\"\nversion = \"{version}\"\n\
                 dependencies = [\n \"bytes\",\n]\n\n[[package]]\nname = \"gatewright-fuzz\"\nversion = \"0.0.0\"\n\n[[package]]\nname = \"load\"\nversion = \
                 \"0.1.0\"\n"
            )
        };
        let [old, version] = ["0.1.0", "0.2.0"].map(|version| Version::parse(version).unwrap());
        assert_eq!(locked(&lock("0.1.0"), old, version), Ok(lock("0.2.0")));
        // All crates of the workspace have its version.
        let workspace = fs::read_to_string(model::root().join("Cargo.lock")).unwrap();
        let workspace: DocumentMut =
            locked(&workspace, in_manifest().unwrap(), version).unwrap().parse().unwrap();
        let packages = workspace["package"].as_array_of_tables().unwrap();
        for package in packages.iter().filter(|package| !package.contains_key("source")) {
            assert_eq!(package["version"].as_str(), Some("0.2.0"), "{package}");
        }
    }

    #[test]
    fn a_version_that_the_changes_do_not_permit_is_refused() {
        let next = Next {
            released: Version::parse("0.1.0"),
            at_least: Version::parse("0.2.0").unwrap(),
            line: "something broke".to_owned(),
            entry: Vec::new(),
        };
        let of = |wished| {
            version(&next, wished).map(|version| version.to_string()).map_err(|error| error.to_string())
        };
        assert_eq!(of(None).as_deref(), Ok("0.2.0"));
        assert_eq!(of(Some("0.3.0")).as_deref(), Ok("0.3.0"));
        assert_eq!(of(Some("0.1.1")).unwrap_err(), "--version 0.1.1: 0.2.0 at least; something broke");
        assert!(of(Some("next")).is_err());
    }
}

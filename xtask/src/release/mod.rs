//! `cargo xtask release`: every step of a release except publishing.

mod changelog;
mod edits;

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use clap::Args;
use edits::Edits;

use crate::{
    diff::{Next, Version, in_manifest},
    failure::Failure,
    model, output, package,
    package::{Published, succeed},
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
    // The release is made even if nobody reads.
    let mut printed = progress.print_line(&next.line);
    if next.released == Some(version) {
        return printed.and(progress.print_line("nothing to release"));
    }
    let tag = format!("v{version}");
    if !git(model::root(), &["tag", "--list", &tag])?.is_empty() {
        return Err(Failure::Failed(format!(
            "the tag {tag} is there already; choose a later --version, or delete the tag"
        )));
    }
    let changed = git(model::root(), &["status", "--porcelain"])?;
    if !is_dry && !changed.is_empty() {
        return Err(Failure::Failed(format!("release: commit or stash these changes first:\n{changed}")));
    }
    // What takes long is done in a copy: if it fails or is stopped, nothing is half done here.
    let copy = copy(&changed, &progress)?;
    let now = in_manifest()?;
    let edits = Edits::new(&copy, now, version, &next.entry)?;
    edits.write()?;
    let crates = package::published(&copy)?;
    printed = printed.and(progress.print(pack(&copy, &crates, &progress)?));
    let title = format!("Release {version}");
    let (root, who): (&Path, &[_]) = if is_dry {
        (&copy, &["-c", "user.name=release", "-c", "user.email=release@localhost"])
    } else {
        (model::root(), &[])
    };
    let step = progress.begin("committing");
    if is_dry {
        edits.commit(who, &title)?
    } else {
        let edits = Edits::new(root, now, version, &next.entry)?;
        edits.apply(|| edits.commit(who, &title))?
    };
    drop(step);
    let tagged = git(root, &[who, &["tag", "--annotate", &tag, "--message", &title]].concat());
    tagged.map_err(|failure| {
        Failure::Failed(format!(
            "{failure}\nthe release is committed, and has no tag: git tag --annotate {tag} --message {title:?}"
        ))
    })?;
    drop(progress);
    printed = printed.and(output::print(git(root, &["show", "--stat", "--format=%s", "HEAD"])?));
    if is_dry {
        printed = printed.and(output::print_line(format_args!(
            "nothing changed here: the commit and the tag {tag} are in {}",
            root.display()
        )));
    }
    let publish = crates.iter().map(|krate| format!("  cargo publish --package {}\n", krate.name));
    printed.and(output::print(format_args!(
        "to publish, in this order:\n{}  git push origin HEAD {tag}\n",
        publish.collect::<String>()
    )))
}

/// Packs the crates; returns a line for each.
fn pack(root: &Path, crates: &[Published], progress: &Progress) -> Result<String, Failure> {
    let _step = progress.begin(format_args!("packing {} crates", crates.len()));
    let packed = package::pack(root, crates)?.into_iter();
    let lines =
        packed.map(|(krate, bytes)| format!("packed {}, {} KiB\n", krate.folder(), bytes.len() / 1024));
    let lines: Vec<_> = lines.collect();
    if crates.iter().any(|krate| !krate.has_repository()) {
        progress.note(
            "release: no crate has a `repository`: set the workspace's in Cargo.toml before you publish",
        );
    }
    Ok(lines.concat())
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

/// A clone of the last commit, without what `changed` lists.
fn copy(changed: &str, progress: &Progress) -> Result<PathBuf, Failure> {
    let folder = scratch::empty_folder(&scratch::target(), "release")?.join("tree");
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
    // Whatever the user's settings add to what git prints.
    let plain = ["-c", "color.ui=false", "-c", "color.grep=false", "-c", "log.showSignature=false"];
    succeed(Command::new("git").args(plain).arg("-C").arg(root).args(arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

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

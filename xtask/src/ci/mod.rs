//! Everything that CI runs.

mod features;
mod run;
mod users;

use std::{
    env, fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{Mutex, mpsc},
    thread,
    time::Instant,
};

use clap::Args;

use self::run::{Program, Runner};
use crate::{cargo, corpus, failure::Failure, fuzz, model};

/// Run everything that CI runs
///
/// What a machine or a clone lacks is left out; the last lines list it.
#[derive(Args, Debug)]
#[command(after_help = "\
Examples:
  {program} ci
  {program} ci ../shared/conformance")]
pub(crate) struct Arguments {
    /// Folder of the conformance cases; default: ../shared/conformance, if it exists
    cases: Option<PathBuf>,
}

/// Default folder of the cases, next to a checkout.
const CASES: &str = "../shared/conformance";

/// Executions of each target; the seed is fixed, so that the result does not depend on chance. Without optimization, ten times as many
/// would take longer than the build.
const FUZZ_RUNS: &str = "1000";

/// A step: its name, and what it runs.
type Step<'a> = (&'a str, &'a (dyn Fn(&Runner<'_>) -> Result<(), String> + Sync));

/// Runs the steps; stops at the first that fails.
pub(crate) fn run(arguments: &Arguments) -> Result<(), Failure> {
    // Steps run in another folder, and this one comes late.
    let found = |cases: &PathBuf| {
        fs::canonicalize(cases).map_err(|error| Failure::io("find", cases)(error).of_input())
    };
    let cases = arguments.cases.as_ref().map(found).transpose()?;
    let cases = cases.as_deref();
    let first: [Step<'_>; 5] = [
        ("format", &format),
        ("generated code is fresh", &|ci| ci.xtask(&["codegen", "--check"])),
        ("the step of the version", &|ci| {
            in_clone(ci, "the step of the version", || ci.xtask(&["diff", "--check"]))
        }),
        ("users' dependencies", &users::dependencies),
        ("supply chain", &users::supply_chain),
    ];
    // These replace programs in the target folder, or run what is there, so that they follow each other.
    let builds: [Step<'_>; 4] = [
        ("tests", &tests),
        ("examples", &examples),
        ("packages", &|ci| ci.verb(Program::Built, &["package"])),
        ("a release, without publishing", &|ci| {
            in_clone(ci, "a release", || ci.verb(Program::Built, &["release", "--dry-run"]))
        }),
    ];
    // These need nothing that the tests build, and have target folders of their own: cargo locks one while it builds.
    let apart: [Step<'_>; 2] = [("fuzzing", &fuzzing), ("features, with ring", &features::with_ring)];
    // These use the program with all verbs, which the tests built. What they compile in the workspace's target folder waits for
    // the other lane's builds.
    let others: [Step<'_>; 3] = [
        ("interoperability", &|ci| interoperability(ci, corpus::today())),
        ("corpus", &|ci| ci.verb(Program::Built, &["corpus", "--sample"])),
        ("features", &features::check),
    ];
    // Each in the lane that has nothing else to do.
    let rest: [Step<'_>; 7] = [
        ("lints", &|ci| ci.clippy(&["--workspace", "--all-targets"])),
        ("conformance", &|ci| conformance(ci, cases)),
        ("a fresh resolve", &|ci| in_clone(ci, "a fresh resolve", || users::fresh_resolve(ci))),
        ("docs", &docs),
        ("lints, fewest features", &features::lint_fewest),
        // Both without tests; the first also without clap, the second without the verbs of `gatewright-cli`.
        ("lints, codegen alone", &|ci| ci.clippy(&["--package", "xtask", "--no-default-features"])),
        ("lints, xtask without the client", &|ci| {
            ci.clippy(&["--package", "xtask", "--no-default-features", "--features", "verbs"])
        }),
    ];
    let start = Instant::now();
    let steps = first.len() + 1 + builds.len() + apart.len() + others.len() + rest.len();
    let ci = Runner::new(model::root(), steps);
    let rest = Mutex::new(rest.iter());
    let done = Runner::keep_running()
        .map_err(|error| Failure::Failed(format!("ci: {error}")))
        .and_then(|()| ci.in_order(&first));
    let done = done.and_then(|()| {
        let lane = ci.of_lane();
        let beside = lane.clone();
        // `is_ready` receives a message when the tests are built; it is closed without one if the build fails.
        let (ready, is_ready) = mpsc::channel();
        thread::scope(|scope| {
            let rest = &rest;
            let beside = scope.spawn(move || {
                beside.in_order(&apart)?;
                if is_ready.recv().is_err() {
                    return Ok(());
                }
                beside.in_order(&others)?;
                beside.share(rest)
            });
            let done = lane.in_order(&[("build of the tests", &|ci| build(ci, &ready))]);
            drop(ready);
            let done = done.and_then(|()| lane.in_order(&builds)).and_then(|()| lane.share(rest));
            done.and(beside.join().expect("a step returns its error"))
        })
    });
    for (name, taken) in ci.taken() {
        ci.note(format_args!("{:>4.0} s  {name}", taken.as_secs_f64()));
    }
    done?;
    for left_out in ci.left_out() {
        ci.note(format_args!("NOT CHECKED: {left_out}"));
    }
    ci.note(format_args!("all of it: {:.0} s", start.elapsed().as_secs_f64()));
    Ok(())
}

/// Compares with the vendors' SDKs. What takes a minute of CPU to compile has its turn on some days: the client and fake of a service
/// of REST JSON, those of one of REST XML, and a program with the AWS SDK for Rust.
fn interoperability(ci: &Runner<'_>, day: usize) -> Result<(), String> {
    const TURNS: [(&[&str], &str); 3] = [
        (
            &["--without-aws-config", "--import", "lambda"],
            "aws-config and imported services other than lambda",
        ),
        (
            &["--without-aws-config", "--import", "route53"],
            "aws-config and imported services other than route53",
        ),
        (&[], "imported services"),
    ];
    let (options, left_out) = TURNS[day % TURNS.len()];
    ci.leave_out(format!("interoperability of {left_out}, which have their turn on other days"));
    ci.verb(Program::Built, &[&["interop"], options].concat())
}

/// Of the workspace, and of crates outside the workspace.
fn format(ci: &Runner<'_>) -> Result<(), String> {
    ci.cargo(&["fmt", "--all", "--check"])?;
    fuzz::CRATES.iter().chain([&"xtask/interop/aws-config"]).try_for_each(|folder| {
        ci.cargo(&["fmt", "--check", "--manifest-path", &format!("{folder}/Cargo.toml")])
    })
}

/// Runs what needs git, unless the sources are an archive, which has no revisions.
fn in_clone(ci: &Runner<'_>, name: &str, check: impl FnOnce() -> Result<(), String>) -> Result<(), String> {
    if ci.root.ancestors().any(|folder| folder.join(".git").exists()) {
        return check();
    }
    ci.leave_out(format!("{name}: this is not a clone"));
    Ok(())
}

fn build(ci: &Runner<'_>, ready: &mpsc::Sender<()>) -> Result<(), String> {
    ci.cargo(&["test", "--workspace", "--no-run", "--quiet"])?;
    Runner::keep_built()?;
    // A lane that has failed does not wait for it.
    let _ = ready.send(());
    Ok(())
}

/// With cargo-nextest, tests of all programs run at the same time.
fn tests(ci: &Runner<'_>) -> Result<(), String> {
    if cargo::has("nextest") {
        ci.cargo(&["nextest", "run", "--workspace", "--no-fail-fast", "--status-level", "slow"])?;
        ci.cargo(&["test", "--workspace", "--doc", "--quiet"])
    } else {
        ci.cargo(&["test", "--workspace"])
    }
}

/// Runs every example, against the fakes, as the tests built it. `packages` compiles the examples with the features of their crate
/// alone.
fn examples(ci: &Runner<'_>) -> Result<(), String> {
    let folder = ci.root.join("generated/examples");
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        names.extend(path.file_stem().map(|stem| stem.to_string_lossy().into_owned()));
    }
    names.sort_unstable();
    ci.cargo(&["build", "--quiet", "--workspace", "--examples"])?;
    let built = run::beside("examples")?;
    names.iter().try_for_each(|name| {
        let program = built.join(format!("{name}{}", env::consts::EXE_SUFFIX));
        ci.finish(&mut Command::new(program))
    })
}

fn docs(ci: &Runner<'_>) -> Result<(), String> {
    // Without the name of a package, which cargo ignores here: `gatewright/tracing` would not be enabled.
    let features = "aws-credential-types,blocking,credentials,dynamic,fake,patterns,services,tracing";
    let arguments = ["doc", "--workspace", "--no-deps", "--features", features];
    ci.finish(cargo::command().args(arguments).env("RUSTDOCFLAGS", "-D warnings"))
}

/// Third-party cases; they are not in this repository.
fn conformance(ci: &Runner<'_>, cases: Option<&Path>) -> Result<(), String> {
    match cases {
        None if !ci.root.join(CASES).is_dir() => {
            ci.leave_out(format!("conformance: there is no {CASES}; `cargo xtask ci <folder>` names one"));
            Ok(())
        }
        cases => {
            let cases = cases.unwrap_or(Path::new(CASES)).to_string_lossy();
            ci.verb(Program::Built, &["conformance", &cases])
        }
    }
}

/// Fuzzes every parser of input from outside for a short time; `cargo xtask fuzz` runs longer.
fn fuzzing(ci: &Runner<'_>) -> Result<(), String> {
    if !ci.has("fuzz", "parsers, by fuzzing") {
        return Ok(());
    }
    // cargo-fuzz would bring an old lock file up to date.
    fuzz::CRATES.iter().try_for_each(|folder| {
        ci.cargo(&["fetch", "--quiet", "--locked", "--manifest-path", &format!("{folder}/Cargo.toml")])
    })?;
    ci.verb(Program::Running, &["fuzz", "--dev", "--runs", FUZZ_RUNS])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_git_is_left_out_without_a_clone() {
        let archive = tempfile::tempdir().unwrap();
        let ci = Runner::new(archive.path(), 1);
        let check = || in_clone(&ci, "a release", || Err("no tag".to_owned()));
        assert_eq!(check(), Ok(()));
        assert_eq!(ci.left_out(), ["a release: this is not a clone"]);
        // As a file, too: a work tree of git has one.
        fs::write(archive.path().join(".git"), "gitdir: elsewhere").unwrap();
        assert_eq!(check(), Err("no tag".to_owned()));
        assert_eq!(ci.left_out().len(), 1);
    }

    #[test]
    fn what_git_says_is_the_error_of_a_fresh_resolve() {
        let broken = tempfile::tempdir().unwrap();
        fs::write(broken.path().join(".git"), "gitdir: elsewhere").unwrap();
        let error = users::fresh_resolve(&Runner::new(broken.path(), 1)).unwrap_err();
        assert!(error.starts_with("git ls-files: fatal: "), "{error}");
    }
}

//! Runs the commands of steps.

use std::{
    env::consts::EXE_SUFFIX,
    fmt::Display,
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::Step;
use crate::{cargo, failure::Failure, progress::Progress, scratch};

/// Runs the commands of steps, and knows what was left out.
#[derive(Clone)]
pub(super) struct Runner<'a> {
    pub(super) root: &'a Path,
    /// Whether another lane prints at the same time: what a command prints is shown when it ends.
    shares_output: bool,
    progress: Arc<Progress>,
    taken: Arc<Mutex<Vec<(String, Duration)>>>,
    left_out: Arc<Mutex<Vec<String>>>,
    has_failed: Arc<AtomicBool>,
}

impl<'a> Runner<'a> {
    pub(super) fn new(root: &'a Path, steps: usize) -> Self {
        let progress = Arc::new(Progress::new("ci", steps));
        let (taken, left_out, has_failed) = (Arc::default(), Arc::default(), Arc::default());
        Self { root, shares_output: false, progress, taken, left_out, has_failed }
    }

    /// The same, for lanes that run at the same time.
    pub(super) fn of_lane(&self) -> Self {
        Self { shares_output: true, ..self.clone() }
    }

    /// Runs steps one after the other; stops at the first that fails, here or in another lane.
    pub(super) fn in_order(&self, steps: &[Step<'_>]) -> Result<(), Failure> {
        for (name, step) in steps {
            if self.has_failed.load(Ordering::Relaxed) {
                return Ok(());
            }
            let running = self.progress.begin(name);
            let began = Instant::now();
            step(self).map_err(|error| {
                self.has_failed.store(true, Ordering::Relaxed);
                Failure::Failed(format!("ci: {name}: {error}"))
            })?;
            let taken = began.elapsed();
            drop(running);
            self.note(format_args!("{name}: {:.0} s", taken.as_secs_f64()));
            let mut list = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            list.push(((*name).to_owned(), taken));
        }
        Ok(())
    }

    /// Prints a line for people.
    pub(super) fn note(&self, line: impl Display) {
        self.progress.note(format_args!("ci: {line}"));
    }

    pub(super) fn cargo(&self, arguments: &[&str]) -> Result<(), String> {
        // Not by a variable, which tests would also see.
        let colour = self.progress.is_in_colour().then_some("--color=always");
        self.finish(cargo::command().args(colour).args(arguments))
    }

    /// Builds without a warning of the compiler.
    pub(super) fn without_warnings(&self, arguments: &[&str]) -> Result<(), String> {
        let mut command = cargo::command();
        let output = command.args(arguments).current_dir(self.root).output();
        let output = output.map_err(|error| format!("cargo {}: {error}", arguments.join(" ")))?;
        let said = String::from_utf8_lossy(&output.stderr);
        if output.status.success() && !said.lines().any(|line| line.starts_with("warning")) {
            return Ok(());
        }
        Err(format!("cargo {}: {}\n{said}", arguments.join(" "), output.status))
    }

    /// Lints without a warning.
    pub(super) fn clippy(&self, arguments: &[&str]) -> Result<(), String> {
        self.cargo(&[&["clippy"], arguments, &["--", "-D", "warnings"]].concat())
    }

    /// A verb of this program, as a user starts it.
    pub(super) fn xtask(&self, arguments: &[&str]) -> Result<(), String> {
        self.cargo(&[&["xtask"], arguments].concat())
    }

    /// Keeps the program with all verbs that the tests built, since the next `cargo xtask` replaces it.
    pub(super) fn keep_built() -> Result<(), String> {
        let built = scratch::target().join("debug").join(format!("xtask{EXE_SUFFIX}"));
        let kept = Self::kept().map_err(|failure| failure.to_string())?;
        fs::copy(&built, kept).map(drop).map_err(|error| format!("{}: {error}", built.display()))
    }

    /// A verb of the program that the tests built: `cargo xtask` would build the client again, with other features.
    pub(super) fn built(&self, arguments: &[&str]) -> Result<(), String> {
        let kept = Self::kept().map_err(|failure| failure.to_string())?;
        let mut command = Command::new(kept);
        cargo::forget_package(&mut command);
        self.finish(command.args(arguments))
    }

    fn kept() -> Result<PathBuf, Failure> {
        Ok(scratch::folder(&scratch::target(), "ci")?.join(format!("xtask{EXE_SUFFIX}")))
    }

    /// Whether cargo has a subcommand; if not, what it would check is left out.
    pub(super) fn has(&self, subcommand: &str, checks: &str) -> bool {
        let has = cargo::has(subcommand);
        if !has {
            self.leave_out(format!("{checks}: cargo install cargo-{subcommand} --locked"));
        }
        has
    }

    /// Reports that something is not checked, now and at the end.
    pub(super) fn leave_out(&self, what: String) {
        self.note(format_args!("SKIPPED: {what}"));
        self.left_out.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }

    /// The steps that passed, and the time of each.
    pub(super) fn taken(&self) -> Vec<(String, Duration)> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn left_out(&self) -> Vec<String> {
        self.left_out.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn finish(&self, command: &mut Command) -> Result<(), String> {
        command.current_dir(self.root);
        let status = if self.shares_output {
            command.output().map(|output| {
                let text =
                    [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
                // A reader that is gone ends nothing.
                let _ = self.progress.print(text.concat());
                output.status
            })
        } else {
            self.progress.run(command)
        };
        // Not `Debug` of the command, which also lists removed variables.
        let words = std::iter::once(command.get_program()).chain(command.get_args());
        let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{line}: {status}")),
            Err(error) => Err(format!("{line}: {error}")),
        }
    }
}

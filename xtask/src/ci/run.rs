//! Runs the commands of steps.

use std::{
    env::{self, consts::EXE_SUFFIX},
    fmt::Display,
    fs, iter,
    path::{Path, PathBuf},
    process::Command,
    slice,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use super::Step;
use crate::{cargo, failure::Failure, progress::Progress, scratch};

/// A build of this program.
#[derive(Clone, Copy)]
pub(super) enum Program {
    /// The one that runs: it need not have the verbs that call services.
    Running,
    /// The one that the tests built, with all verbs.
    Built,
}

impl Program {
    fn kept(self) -> Result<PathBuf, String> {
        let name = match self {
            Self::Running => "running",
            Self::Built => "built",
        };
        let folder = scratch::folder(&scratch::target(), "ci").map_err(|failure| failure.to_string())?;
        Ok(folder.join(format!("{name}{EXE_SUFFIX}")))
    }

    fn keep(self, program: &Path) -> Result<(), String> {
        let kept = self.kept()?;
        // Not over the file itself, which may run.
        let copy = kept.with_extension("new");
        fs::copy(program, &copy)
            .and_then(|_| fs::rename(&copy, &kept))
            .map_err(|error| format!("{} to {}: {error}", program.display(), kept.display()))
    }
}

fn running() -> Result<PathBuf, String> {
    env::current_exe().map_err(|error| format!("cannot find this program: {error}"))
}

/// The path of what cargo builds beside this program: the user's settings of cargo decide on the folder.
pub(super) fn beside(name: &str) -> Result<PathBuf, String> {
    Ok(running()?.with_file_name(name))
}

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
            if let Err(error) = step(self) {
                let failure = format!("{name}: {error}");
                if self.has_failed.swap(true, Ordering::Relaxed) {
                    // The failure of the other lane is returned.
                    self.note(format_args!("FAILED: {failure}"));
                    return Ok(());
                }
                return Err(Failure::Failed(format!("ci: {failure}")));
            }
            let taken = began.elapsed();
            drop(running);
            self.note(format_args!("{name}: {:.0} s", taken.as_secs_f64()));
            let mut list = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
            list.push(((*name).to_owned(), taken));
        }
        Ok(())
    }

    /// Runs the steps that no other lane has begun.
    pub(super) fn share(&self, steps: &Mutex<slice::Iter<'_, Step<'_>>>) -> Result<(), Failure> {
        let next = || steps.lock().unwrap_or_else(PoisonError::into_inner).next();
        iter::from_fn(next).try_for_each(|step| self.in_order(slice::from_ref(step)))
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

    /// Keeps the program that runs, since the build of the tests replaces it.
    pub(super) fn keep_running() -> Result<(), String> {
        Program::Running.keep(&running()?)
    }

    /// Keeps the program with all verbs that the tests built, since the next `cargo xtask` replaces it.
    pub(super) fn keep_built() -> Result<(), String> {
        Program::Built.keep(&beside(&format!("xtask{EXE_SUFFIX}"))?)
    }

    /// A verb of a program that was kept: `cargo xtask` would build it again, with other features.
    pub(super) fn verb(&self, program: Program, arguments: &[&str]) -> Result<(), String> {
        let mut command = Command::new(program.kept()?);
        cargo::forget_package(&mut command);
        self.finish(command.args(arguments))
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
        let words = iter::once(command.get_program()).chain(command.get_args());
        let line = words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ");
        match status {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("{line}: {status}")),
            Err(error) => Err(format!("{line}: {error}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model;

    #[test]
    fn the_failure_of_the_lane_that_fails_first_is_returned() {
        let ci = Runner::new(model::root(), 2).of_lane();
        let beside = ci.clone();
        let later = |_: &Runner<'_>| {
            let first = ci.in_order(&[("one", &|_| Err("broken".to_owned()))]);
            assert!(matches!(first, Err(Failure::Failed(failure)) if failure == "ci: one: broken"));
            Err("also broken".to_owned())
        };
        assert!(beside.in_order(&[("two", &later)]).is_ok());
        assert!(ci.in_order(&[("three", &|_| panic!("nothing begins after a failure"))]).is_ok());
    }

    #[test]
    fn lanes_share_steps_and_none_begins_after_a_failure() {
        let ci = Runner::new(model::root(), 3).of_lane();
        let steps: [Step<'_>; 3] =
            [("one", &|_| Ok(())), ("two", &|_| Err("broken".to_owned())), ("three", &|_| panic!("began"))];
        let steps = Mutex::new(steps.iter());
        ci.in_order(&[("a step of the lane", &|_| Ok(()))]).unwrap();
        assert!(ci.share(&steps).is_err());
        assert!(ci.clone().share(&steps).is_ok());
        let taken: Vec<_> = ci.taken().into_iter().map(|(name, _)| name).collect();
        assert_eq!(taken, ["a step of the lane", "one"]);
    }
}

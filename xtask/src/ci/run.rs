//! Runs the commands of steps.

use std::{
    path::Path,
    process::Command,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use super::Step;
use crate::{
    cargo,
    failure::Failure,
    output::{self, note},
    progress::Progress,
};

/// Runs the commands of steps, and knows what was left out.
#[derive(Clone)]
pub(super) struct Runner<'a> {
    pub(super) root: &'a Path,
    /// Whether another lane prints at the same time: what a command prints is shown when it ends.
    shares_output: bool,
    progress: Arc<Progress>,
    left_out: Arc<Mutex<Vec<String>>>,
    has_failed: Arc<AtomicBool>,
}

impl<'a> Runner<'a> {
    pub(super) fn new(root: &'a Path, steps: usize) -> Self {
        let progress = Arc::new(Progress::of_programs("ci", steps));
        Self { root, shares_output: false, progress, left_out: Arc::default(), has_failed: Arc::default() }
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
            self.progress.begin(name);
            let began = Instant::now();
            step(self).map_err(|error| {
                self.has_failed.store(true, Ordering::Relaxed);
                Failure::Failed(format!("ci: {name}: {error}"))
            })?;
            note(format_args!("ci: {name}: {:.0} s", began.elapsed().as_secs_f64()));
        }
        Ok(())
    }

    pub(super) fn cargo(&self, arguments: &[&str]) -> Result<(), String> {
        self.finish(cargo::command().args(arguments))
    }

    /// Lints without a warning.
    pub(super) fn clippy(&self, arguments: &[&str]) -> Result<(), String> {
        self.cargo(&[&["clippy"], arguments, &["--", "-D", "warnings"]].concat())
    }

    /// A verb of this program, as a user starts it.
    pub(super) fn xtask(&self, arguments: &[&str]) -> Result<(), String> {
        self.cargo(&[&["xtask"], arguments].concat())
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
        note(format_args!("ci: SKIPPED: {what}"));
        self.left_out.lock().unwrap_or_else(PoisonError::into_inner).push(what);
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
                let _ = output::print(text.concat());
                output.status
            })
        } else {
            command.status()
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

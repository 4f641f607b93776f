//! Progress of long work: a bar on a terminal, plain lines elsewhere.

#[cfg(feature = "verbs")]
mod terminal;

use std::{
    fmt::Display,
    sync::{Mutex, PoisonError},
};

use crate::{
    failure::Failure,
    output::{self, note},
};

/// Number of quick steps from which they take long together.
const MANY: usize = 20;

/// The progress of work in steps.
pub(crate) struct Progress {
    /// What is done, such as the name of a verb.
    what: &'static str,
    total: usize,
    steps: Mutex<Steps>,
    shown: Shown,
}

#[derive(Default)]
struct Steps {
    begun: usize,
    ended: usize,
    /// Numbers and names of those that are under way.
    current: Vec<(usize, String)>,
}

/// A step, which ends when this is dropped.
#[must_use = "the step ends when this is dropped"]
pub(crate) struct Step<'a> {
    progress: &'a Progress,
    number: usize,
}

/// Where the progress is shown.
enum Shown {
    #[cfg(feature = "verbs")]
    Bar(indicatif::ProgressBar),
    Lines,
    Nowhere,
}

impl Progress {
    /// Work in steps that each take long enough to be listed.
    pub(crate) fn new(what: &'static str, total: usize) -> Self {
        // Programs read standard error then, too.
        let elsewhere = if output::is_json() { Shown::Nowhere } else { Shown::Lines };
        Self::on_a_terminal_or(elsewhere, what, total)
    }

    /// Work in quick steps, which are shown only if there are many.
    pub(crate) fn of_quick_steps(what: &'static str, total: usize) -> Self {
        if total < MANY {
            return Self { what, total, steps: Mutex::default(), shown: Shown::Nowhere };
        }
        Self::new(what, total)
    }

    /// Work of a program that prints its own steps.
    #[cfg(feature = "verbs")]
    pub(crate) fn of_program(what: &'static str) -> Self {
        Self::on_a_terminal_or(Shown::Nowhere, what, 1)
    }

    fn on_a_terminal_or(elsewhere: Shown, what: &'static str, total: usize) -> Self {
        #[cfg(feature = "verbs")]
        let elsewhere = terminal::bar(total).map_or(elsewhere, Shown::Bar);
        Self { what, total, steps: Mutex::default(), shown: elsewhere }
    }

    /// Begins a step, beside those that have not ended.
    pub(crate) fn begin(&self, step: impl Display) -> Step<'_> {
        Step { progress: self, number: self.start(step) }
    }

    /// Ends the steps before, and begins the next, which ends with the one after it or with the work.
    pub(crate) fn next(&self, step: impl Display) {
        self.change(|steps| {
            steps.ended = steps.begun;
            steps.current.clear();
        });
        self.start(step);
    }

    /// Returns the number of the step that begins.
    fn start(&self, step: impl Display) -> usize {
        self.change(|steps| {
            steps.begun += 1;
            #[cfg(feature = "verbs")]
            if let Shown::Bar(bar) = &self.shown
                && steps.begun == 1
            {
                terminal::show(bar);
            }
            if matches!(self.shown, Shown::Lines) {
                note(self.line(steps.begun, &step));
            }
            steps.current.push((steps.begun, step.to_string()));
            steps.begun
        })
    }

    /// Changes the steps, and shows them in the bar.
    fn change<R>(&self, change: impl FnOnce(&mut Steps) -> R) -> R {
        let mut steps = self.steps.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = change(&mut steps);
        #[cfg(feature = "verbs")]
        if let Shown::Bar(bar) = &self.shown {
            let current: Vec<_> = steps.current.iter().map(|(_, step)| step.as_str()).collect();
            bar.set_position(steps.ended as u64);
            bar.set_message(format!("{}: {}", self.what, current.join(", ")));
        }
        changed
    }

    /// Prints a part of the result, above the bar.
    pub(crate) fn print(&self, text: impl Display) -> Result<(), Failure> {
        self.above_the_bar(|| output::print(text))
    }

    /// Prints a line of the result, above the bar.
    pub(crate) fn print_line(&self, line: impl Display) -> Result<(), Failure> {
        self.above_the_bar(|| output::print_line(line))
    }

    /// Prints a line for people, above the bar.
    pub(crate) fn note(&self, line: impl Display) {
        self.above_the_bar(|| note(line));
    }

    fn above_the_bar<R>(&self, print: impl FnOnce() -> R) -> R {
        match &self.shown {
            #[cfg(feature = "verbs")]
            Shown::Bar(_) => terminal::above_bars(print),
            Shown::Lines | Shown::Nowhere => print(),
        }
    }

    fn line(&self, number: usize, step: impl Display) -> String {
        match self.total {
            1 => format!("{}: {step}", self.what),
            total => format!("{}: {number} of {total}: {step}", self.what),
        }
    }
}

impl Drop for Step<'_> {
    fn drop(&mut self) {
        self.progress.change(|steps| {
            steps.ended += 1;
            steps.current.retain(|(number, _)| *number != self.number);
        });
    }
}

/// Ends the progress, and removes its bar.
#[cfg(feature = "verbs")]
impl Drop for Progress {
    fn drop(&mut self) {
        if let Shown::Bar(bar) = &self.shown {
            terminal::remove(bar);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_and_few_quick_ones_are_not_shown() {
        let progress = Progress::of_quick_steps("corpus", 12);
        assert!(matches!(progress.shown, Shown::Nowhere));
        assert_eq!(progress.line(3, "kms"), "corpus: 3 of 12: kms");
        let kms = progress.begin("kms");
        let sqs = progress.begin("sqs");
        assert_eq!(progress.change(|steps| (steps.begun, steps.ended)), (2, 0));
        drop(kms);
        assert_eq!(progress.change(|steps| steps.current.clone()), [(2, "sqs".to_owned())]);
        drop(sqs);
        assert_eq!(progress.change(|steps| (steps.ended, steps.current.len())), (2, 0));
        progress.next("sns");
        progress.next("mq");
        assert_eq!(
            progress.change(|steps| (steps.ended, steps.current.clone())),
            (3, vec![(4, "mq".to_owned())])
        );
    }
}

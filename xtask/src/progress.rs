//! Progress of long work: a bar on a terminal, plain lines elsewhere.

use std::{
    fmt::Display,
    sync::atomic::{AtomicUsize, Ordering},
};
#[cfg(feature = "verbs")]
use std::{
    io::{self, IsTerminal as _},
    time::Duration,
};

#[cfg(feature = "verbs")]
use indicatif::{ProgressBar, ProgressStyle};

use crate::output::note;

/// Number of quick steps from which they take long together.
const MANY: usize = 20;

/// The progress of work in steps.
pub(crate) struct Progress {
    /// What is done, such as the name of a verb.
    what: &'static str,
    total: usize,
    begun: AtomicUsize,
    shown: Shown,
}

/// Where the progress is shown.
enum Shown {
    #[cfg(feature = "verbs")]
    Bar(ProgressBar),
    Lines,
    Nowhere,
}

impl Progress {
    /// Work in steps that each take long enough to be listed.
    pub(crate) fn new(what: &'static str, total: usize) -> Self {
        #[cfg(feature = "verbs")]
        let shown = if io::stderr().is_terminal() { Shown::Bar(bar(what, total)) } else { Shown::Lines };
        #[cfg(not(feature = "verbs"))]
        let shown = Shown::Lines;
        Self { what, total, begun: AtomicUsize::new(0), shown }
    }

    /// Work in quick steps, which are shown only if there are many.
    pub(crate) fn of_quick_steps(what: &'static str, total: usize) -> Self {
        if total < MANY {
            return Self { what, total, begun: AtomicUsize::new(0), shown: Shown::Nowhere };
        }
        Self::new(what, total)
    }

    /// Work by other programs, which print to the same terminal: each step is a line there, too.
    pub(crate) fn of_programs(what: &'static str, total: usize) -> Self {
        Self { what, total, begun: AtomicUsize::new(0), shown: Shown::Lines }
    }

    /// Begins the next step; several may be under way.
    pub(crate) fn begin(&self, step: impl Display) {
        let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.shown {
            #[cfg(feature = "verbs")]
            Shown::Bar(bar) => {
                bar.set_position((number - 1) as u64);
                bar.set_message(step.to_string());
            }
            Shown::Lines => note(self.line(number, step)),
            Shown::Nowhere => {}
        }
    }

    fn line(&self, number: usize, step: impl Display) -> String {
        format!("{}: {number} of {}: {step}", self.what, self.total)
    }
}

/// Ends the progress, and removes its bar.
#[cfg(feature = "verbs")]
impl Drop for Progress {
    fn drop(&mut self) {
        if let Shown::Bar(bar) = &self.shown {
            bar.finish_and_clear();
        }
    }
}

#[cfg(feature = "verbs")]
/// A bar that also moves while a step is under way.
fn bar(what: &'static str, total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{prefix}: {bar:30} {pos}/{len} {elapsed} {wide_msg}");
    let style = style.expect("the template is valid");
    let bar = ProgressBar::new(total as u64).with_style(style).with_prefix(what);
    bar.enable_steady_tick(Duration::from_millis(200));
    bar
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_numbered_and_few_quick_ones_are_not_shown() {
        let progress = Progress::of_programs("corpus", 12);
        assert_eq!(progress.line(3, "kms"), "corpus: 3 of 12: kms");
        progress.begin("kms");
        progress.begin("sqs");
        assert_eq!(progress.begun.load(Ordering::Relaxed), 2);
        assert!(matches!(Progress::of_quick_steps("codegen", 5).shown, Shown::Nowhere));
    }
}

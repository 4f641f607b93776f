//! Progress of long work: a bar on a terminal, plain lines elsewhere.

#[cfg(feature = "verbs")]
use std::{
    env,
    io::{self, IsTerminal as _},
    time::Duration,
};
use std::{
    fmt::Display,
    sync::atomic::{AtomicUsize, Ordering},
};

#[cfg(feature = "verbs")]
use indicatif::{ProgressBar, ProgressStyle};

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
    begun: AtomicUsize,
    /// Number of steps that are under way at the same time.
    lanes: usize,
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
        let shown = if is_drawn_on() { Shown::Bar(bar(total)) } else { Shown::Lines };
        #[cfg(not(feature = "verbs"))]
        let shown = Shown::Lines;
        // Programs read standard error then, too.
        let shown = if matches!(shown, Shown::Lines) && output::is_json() { Shown::Nowhere } else { shown };
        Self::shown(what, total, shown)
    }

    /// Work in quick steps, which are shown only if there are many.
    pub(crate) fn of_quick_steps(what: &'static str, total: usize) -> Self {
        if total < MANY {
            return Self::shown(what, total, Shown::Nowhere);
        }
        Self::new(what, total)
    }

    /// Work by other programs, which print to the same terminal: each step is a line there, too.
    pub(crate) fn of_programs(what: &'static str, total: usize) -> Self {
        Self::shown(what, total, Shown::Lines)
    }

    fn shown(what: &'static str, total: usize, shown: Shown) -> Self {
        Self { what, total, begun: AtomicUsize::new(0), lanes: 1, shown }
    }

    /// The same, with this number of steps at the same time.
    pub(crate) fn in_lanes(mut self, lanes: usize) -> Self {
        self.lanes = lanes;
        self
    }

    /// Begins the next step; the step before it in its lane has ended.
    pub(crate) fn begin(&self, step: impl Display) {
        let number = self.begun.fetch_add(1, Ordering::Relaxed) + 1;
        match &self.shown {
            #[cfg(feature = "verbs")]
            Shown::Bar(bar) => {
                bar.set_position(number.saturating_sub(self.lanes) as u64);
                bar.set_message(format!("{}: {step}", self.what));
            }
            Shown::Lines => note(self.line(number, step)),
            Shown::Nowhere => {}
        }
    }

    /// Prints a line of the result, above the bar.
    pub(crate) fn print_line(&self, line: impl Display) -> Result<(), Failure> {
        match &self.shown {
            #[cfg(feature = "verbs")]
            Shown::Bar(bar) => bar.suspend(|| output::print_line(line)),
            Shown::Lines | Shown::Nowhere => output::print_line(line),
        }
    }

    fn line(&self, number: usize, step: impl Display) -> String {
        match self.total {
            1 => format!("{}: {step}", self.what),
            total => format!("{}: {number} of {total}: {step}", self.what),
        }
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
/// Whether standard error is a terminal that lines can be drawn over on.
fn is_drawn_on() -> bool {
    io::stderr().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb")
}

#[cfg(feature = "verbs")]
/// A bar that also moves while a step is under way. Only its end is cut off on a narrow terminal.
fn bar(total: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:16} {pos}/{len} {elapsed} {wide_msg}");
    let style = style.expect("the template is valid");
    let bar = ProgressBar::new(total as u64).with_style(style);
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

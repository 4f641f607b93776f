//! The bar, and programs that print above it.

use std::{
    env,
    io::{self, BufRead as _, BufReader, IsTerminal as _, PipeReader, Write as _},
    process::{Command, ExitStatus, Stdio},
    sync::{LazyLock, mpsc},
    thread,
    time::Duration,
};

use indicatif::{MultiProgress, ProgressBar, ProgressStyle};

use super::{Progress, Shown};

/// How long the last lines of a program that has ended may take.
const LAST_LINES: Duration = Duration::from_secs(2);

/// All bars, so that one is below the other while a step has steps of its own.
static BARS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// A bar, if standard error is a terminal that can be drawn over.
pub(super) fn bar(total: usize) -> Option<ProgressBar> {
    let is_drawn_on = io::stderr().is_terminal() && env::var_os("TERM").is_none_or(|term| term != "dumb");
    if !is_drawn_on {
        return None;
    }
    // Only the end of the message is cut off on a narrow terminal.
    let style = ProgressStyle::with_template(match total {
        1 => "{spinner} {elapsed} {wide_msg}",
        _ => "{bar:16} {pos}/{len} {elapsed} {wide_msg}",
    });
    let bar = ProgressBar::new(total as u64).with_style(style.expect("the template is valid"));
    Some(BARS.add(bar))
}

/// Shows a bar, which also moves while a step is under way.
pub(super) fn show(bar: &ProgressBar) {
    bar.enable_steady_tick(Duration::from_millis(200));
}

/// Prints while no bar is shown.
pub(super) fn above_bars<R>(print: impl FnOnce() -> R) -> R {
    BARS.suspend(print)
}

/// Removes a bar.
pub(super) fn remove(bar: &ProgressBar) {
    bar.finish_and_clear();
    BARS.remove(bar);
}

impl Progress {
    /// Whether a program that [`Self::run`] runs should print in colour, which it does not find out by itself.
    pub(crate) fn is_in_colour(&self) -> bool {
        let is_unset = |name| env::var_os(name).is_none_or(|value| value.is_empty());
        matches!(self.shown, Shown::Bar(_)) && is_unset("NO_COLOR") && is_unset("CARGO_TERM_COLOR")
    }

    /// Runs a program, whose lines are shown above the bar. A standard input that is a pipe closes when the program or this process
    /// ends, in any way.
    pub(crate) fn run(&self, command: &mut Command) -> io::Result<ExitStatus> {
        let lines = match &self.shown {
            Shown::Bar(_) => Some(piped(command)?),
            Shown::Lines | Shown::Nowhere => None,
        };
        let mut child = command.spawn()?;
        let alive = child.stdin.take();
        let shown = lines.map(|lines| {
            // Without this end of the pipe, which else would not end with the program.
            command.stdout(Stdio::inherit()).stderr(Stdio::inherit());
            let (sender, shown) = mpsc::channel::<()>();
            thread::spawn(move || {
                let _ = show_lines(lines);
                drop(sender);
            });
            shown
        });
        let status = child.wait();
        drop(alive);
        if let Some(shown) = shown {
            // What the program left running may keep the pipe open.
            let _ = shown.recv_timeout(LAST_LINES);
        }
        status
    }
}

fn show_lines(mut lines: BufReader<PipeReader>) -> io::Result<()> {
    let mut line = Vec::new();
    while lines.read_until(b'\n', &mut line)? > 0 {
        if !line.ends_with(b"\n") {
            line.push(b'\n');
        }
        // Nothing depends on what people see.
        let _ = above_bars(|| io::stderr().write_all(&line));
        line.clear();
    }
    Ok(())
}

/// Redirects to a pipe what a program would print on the terminal. Standard output that goes elsewhere already stays as it is.
fn piped(command: &mut Command) -> io::Result<BufReader<PipeReader>> {
    // One pipe keeps the order of both.
    let (reader, writer) = io::pipe()?;
    if io::stdout().is_terminal() {
        command.stdout(writer.try_clone()?);
    }
    command.stderr(writer);
    Ok(BufReader::new(reader))
}

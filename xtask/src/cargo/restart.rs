//! This program, built with more features.

use std::{
    env,
    io::{self, IsTerminal as _},
    path::PathBuf,
    process::{Command, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

use super::{WITH_MESSAGES, command, executable, replace};
use crate::{
    failure::Failure,
    model,
    output::{self, note},
};

/// How long people wait without a line: cargo's bar comes after half a second on a terminal, too.
const SOON_ON_A_TERMINAL: Duration = Duration::from_millis(400);

/// How long they wait elsewhere, where a line that is not needed would stay.
const SOON: Duration = Duration::from_secs(5);

/// Goes on as a build of this program with a feature, with the same command line; returns only if that fails. `verbs` says what the
/// feature adds.
pub(crate) fn restart(feature: &str, verbs: &str) -> Failure {
    match build(feature, verbs) {
        Ok(program) => replace(Command::new(program).args(env::args_os().skip(1))),
        Err(failure) => failure,
    }
}

/// Builds the program; returns its path. A build that takes long is announced, and has cargo's own bar on a terminal.
fn build(feature: &str, verbs: &str) -> Result<PathBuf, Failure> {
    let is_terminal = io::stderr().is_terminal();
    let mut cargo = command();
    cargo.args(["build", "--quiet", WITH_MESSAGES, "--manifest-path"]);
    cargo.arg(model::root().join("xtask/Cargo.toml")).args(["--no-default-features", "--features", feature]);
    let columns = is_terminal.then(columns).flatten();
    if let Some(columns) = &columns {
        // Only so, `--quiet` has a bar. Without it, cargo prints lines even if it has nothing to build.
        cargo.env("CARGO_TERM_PROGRESS_WHEN", "always").env("CARGO_TERM_PROGRESS_WIDTH", columns);
    }
    let (sender, built) = mpsc::channel();
    thread::spawn(move || sender.send(cargo.stdin(Stdio::null()).stderr(Stdio::inherit()).output()));
    let built = built.recv_timeout(if is_terminal { SOON_ON_A_TERMINAL } else { SOON }).or_else(|_| {
        if is_terminal || !output::is_json() {
            // On top of the bar, if that was quicker.
            let clear = if columns.is_some() { "\x1b[K" } else { "" };
            note(format_args!("{clear}xtask: building {verbs}, once"));
        }
        built.recv()
    });
    let built = built.expect("the thread sends before it ends");
    let built = built.map_err(|error| Failure::Failed(format!("cannot run cargo: {error}")))?;
    let program = built.status.success().then(|| executable(&built)).flatten();
    program.ok_or_else(|| Failure::Failed(format!("cannot build {verbs}: cargo: {}", built.status)))
}

/// The width of the terminal, if that can be found out.
fn columns() -> Option<String> {
    if env::var_os("TERM").is_some_and(|term| term == "dumb") {
        return None;
    }
    #[cfg(unix)]
    {
        use std::os::fd::AsFd as _;

        let terminal = io::stderr().as_fd().try_clone_to_owned().ok()?;
        let size = Command::new("stty").arg("size").stdin(terminal).output().ok()?;
        let size = String::from_utf8(size.stdout).ok()?;
        size.split_whitespace().nth(1).map(str::to_owned).filter(|columns| columns != "0")
    }
    #[cfg(not(unix))]
    None
}

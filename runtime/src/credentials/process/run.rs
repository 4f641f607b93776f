//! Running a program on its own thread.

use std::{
    future::poll_fn,
    io::{self, Read},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        mpsc::{self, RecvTimeoutError, Sender},
    },
    task::{Poll, Waker},
    thread,
    time::{Duration, Instant},
};

use zeroize::Zeroizing;

use crate::time::deadline;

/// The most bytes that a program may print; of its errors, far fewer are shown.
const MAX_OUTPUT: u64 = 1 << 20;
const MAX_ERRORS: u64 = 4096;

/// How often the supervising thread checks whether a caller still waits.
const TICK: Duration = Duration::from_millis(20);

/// How long to wait for the readers of output and errors after the program's end, also beyond the time limit. Of errors,
/// no longer: its child processes may hold the pipe.
const GRACE: Duration = Duration::from_millis(200);

/// A program that runs on a separate thread, which blocks no caller. It is killed when this is dropped.
pub(super) struct Run(Arc<Mutex<Progress>>);

#[derive(Default)]
struct Progress {
    output: Option<Output>,
    waker: Option<Waker>,
}

/// The output of a program, or why there is none.
type Output = Result<Zeroizing<Vec<u8>>, String>;

impl Run {
    pub(super) fn start(program: &str, arguments: &[String], timeout: Duration) -> Result<Self, String> {
        let mut command = Command::new(program);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let progress = Arc::new(Mutex::new(Progress::default()));
        let shared = Arc::clone(&progress);
        let run = move || {
            let output = supervise(&mut command, timeout, || Arc::strong_count(&shared) > 1);
            let mut progress = locked(&shared);
            progress.output = Some(output.map(Zeroizing::new));
            if let Some(waker) = progress.waker.take() {
                waker.wake();
            }
        };
        let thread = thread::Builder::new().name("credential process".to_owned());
        thread.spawn(run).map_err(|error| format!("no thread to run it: {error}"))?;
        Ok(Self(progress))
    }

    /// Whether the program has ended.
    pub(super) fn is_over(&self) -> bool {
        locked(&self.0).output.is_some()
    }

    /// Waits for the program's end. If a caller stops waiting, the run remains for the next.
    pub(super) async fn output(&self) -> Output {
        poll_fn(|task| {
            let mut progress = locked(&self.0);
            if let Some(output) = &progress.output {
                return Poll::Ready(output.clone());
            }
            progress.waker = Some(task.waker().clone());
            Poll::Pending
        })
        .await
    }
}

fn locked(progress: &Mutex<Progress>) -> MutexGuard<'_, Progress> {
    // Nothing that could panic runs while the lock is held.
    progress.lock().unwrap_or_else(PoisonError::into_inner)
}

fn supervise(
    command: &mut Command,
    timeout: Duration,
    is_awaited: impl Fn() -> bool,
) -> Result<Vec<u8>, String> {
    let deadline = deadline(Instant::now(), timeout);
    let mut child = command.spawn().map_err(|error| format!("it cannot be run: {error}"))?;
    let response = listen(&mut child, deadline, timeout, is_awaited);
    if response.is_err() {
        // The program may have ended by itself; in any case it must not remain a zombie.
        let _ = child.kill();
        let _ = child.wait();
    }
    response
}

fn listen(
    child: &mut Child,
    deadline: Instant,
    timeout: Duration,
    is_awaited: impl Fn() -> bool,
) -> Result<Vec<u8>, String> {
    let (sender, receiver) = mpsc::channel();
    let no_thread = |error| format!("no thread to read its output: {error}");
    read(child.stdout.take(), MAX_OUTPUT, Text::Output, sender.clone()).map_err(no_thread)?;
    read(child.stderr.take(), MAX_ERRORS, Text::Errors, sender).map_err(no_thread)?;
    let (mut output, mut ended) = (None, None);
    let mut errors: Option<Vec<u8>> = None;
    loop {
        let now = Instant::now();
        let status = child.try_wait().map_err(|error| format!("it cannot be waited for: {error}"))?;
        let is_over = status.is_some() && now - *ended.get_or_insert(now) > GRACE;
        match (status, &output, &errors) {
            (Some(status), Some(_), _) if status.success() => return Ok(output.unwrap_or_default()),
            (Some(status), _, Some(errors)) if !status.success() => {
                return Err(failed(&status.to_string(), errors));
            }
            (Some(status), _, None) if is_over && !status.success() => {
                return Err(failed(&status.to_string(), &[]));
            }
            (Some(_), None, _) if is_over && now >= deadline => {
                return Err(format!(
                    "it has ended, but its output is still open after {timeout:?}: a program that it started holds it; redirect that program's output"
                ));
            }
            (None, ..) if now >= deadline => return Err(format!("it did not end within {timeout:?}")),
            _ if !is_awaited() => return Err("all callers stopped waiting for it".to_owned()),
            _ => {}
        }
        match receiver.recv_timeout(TICK) {
            Ok((Text::Output, read)) => {
                let read = read.map_err(|error| format!("its output cannot be read: {error}"))?;
                if u64::try_from(read.len()).is_ok_and(|length| length > MAX_OUTPUT) {
                    return Err("it printed more than 1 MiB".to_owned());
                }
                output = Some(read);
            }
            Ok((Text::Errors, read)) => errors = Some(read.unwrap_or_default()),
            Err(RecvTimeoutError::Timeout) => {}
            // Both texts are complete; only the program's end is missing.
            Err(RecvTimeoutError::Disconnected) => thread::sleep(TICK / 10),
        }
    }
}

enum Text {
    Output,
    Errors,
}

/// Reads a text on a separate thread, up to one byte more than it may have; the rest of errors is drained.
fn read(
    pipe: Option<impl Read + Send + 'static>,
    max: u64,
    text: Text,
    sender: Sender<(Text, io::Result<Vec<u8>>)>,
) -> io::Result<()> {
    let Some(mut pipe) = pipe else { return Ok(()) };
    let read = move || {
        let mut bytes = Vec::new();
        let read = pipe.by_ref().take(max + 1).read_to_end(&mut bytes);
        // A program that writes more must not wait for a reader.
        let drained = matches!(text, Text::Errors).then(|| io::copy(&mut pipe, &mut io::sink()));
        drop(drained);
        // The receiver may be gone.
        let _ = sender.send((text, read.map(|_| bytes)));
    };
    thread::Builder::new().spawn(read).map(drop)
}

/// How the program ended, and the beginning of its standard error; secrets with names are masked when this is shown.
fn failed(status: &str, errors: &[u8]) -> String {
    let errors = String::from_utf8_lossy(errors);
    match errors.trim() {
        "" => format!("it ended with {status}"),
        errors => {
            format!("it ended with {status}, and wrote: {}", errors.chars().take(300).collect::<String>())
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    /// A program that ends at the last moment has its output, which another thread reads.
    #[test]
    fn a_program_that_has_ended_in_time_is_not_late() {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", "echo x"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        while child.try_wait().unwrap().is_none() {
            thread::sleep(TICK);
        }
        let output = listen(&mut child, Instant::now(), Duration::ZERO, || true);
        assert_eq!(output, Ok(b"x\n".to_vec()));
    }
}

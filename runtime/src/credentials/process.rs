//! Credentials from the output of programs.

mod run;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use self::run::Run;
use super::{
    CachedCredentials, Credentials, CredentialsError, Setup,
    credentials_json::{self, CredentialsJson},
    io::{Io, Source},
    policy::{PROCESS, Policy},
    profile::Finder,
    provide,
};
use crate::{BoxFuture, context::Context, profile::Profile, words};

/// Credentials from the output of a program, as in `credential_process` of profiles.
///
/// The output is JSON with `Version` 1, `AccessKeyId`, `SecretAccessKey` and, for temporary ones, `SessionToken` and
/// `Expiration`. It is cached until shortly before it expires, or for ever if it does not.
///
/// The program is run without a shell, with this process's environment and no input. It may take one minute unless
/// [`with_timeout`](Self::with_timeout) sets another limit, and print at most 1 MiB.
///
/// A program that takes longer than a call waits for its credentials continues until that limit: the next call waits
/// for the same run, or uses its output. The program is killed when this source is dropped.
#[derive(Debug)]
pub struct ProcessCredentials(CachedCredentials);

impl ProcessCredentials {
    /// A program and its arguments in one line, separated by spaces.
    ///
    /// Quotes and backslashes have the meaning of a POSIX shell or, on Windows, of its command lines; no other
    /// character is special.
    pub fn new(context: Arc<dyn Context>, command: &str) -> Self {
        Self::of(Setup::new(context, None), command, PROCESS)
    }

    /// Sets the time that the program may take.
    pub fn with_timeout(context: Arc<dyn Context>, command: &str, timeout: Duration) -> Self {
        Self::of(Setup::new(context, None), command, Policy { attempt: timeout, ..PROCESS })
    }

    pub(super) fn of(setup: Setup, command: &str, policy: Policy) -> Self {
        let process =
            Process { command: command.to_owned(), timeout: policy.attempt, running: Mutex::default() };
        Self(CachedCredentials::of(policy, setup, process))
    }
}

provide!(ProcessCredentials, |source, driver| source.0.ask(driver));

impl Finder<'_> {
    /// The program of a profile.
    pub(super) fn process(&self, profile: &Profile<'_>) -> ProcessCredentials {
        let command = profile.get("credential_process").map_or("", |command| command.value.as_str());
        ProcessCredentials::of(self.setup.clone(), command, PROCESS)
    }
}

const SOURCE: &str = PROCESS.source;

/// Arguments may be secrets: they are not shown.
struct Process {
    command: String,
    timeout: Duration,
    /// The run of the program that callers wait for, or have stopped waiting for.
    running: Mutex<Option<Arc<Run>>>,
}

impl Process {
    async fn run(&self, io: Io<'_>) -> Result<Credentials, CredentialsError> {
        let split = if cfg!(windows) { words::windows } else { words::posix };
        let words = split(&self.command).map_err(|problem| fail(format!("the command {problem}")))?;
        let Some((program, arguments)) = words.split_first() else {
            return Err(fail("the command is empty".to_owned()));
        };
        let source = format!("{SOURCE} `{}`", program.escape_debug());
        let left = self.running().clone();
        if let Some(run) = left {
            let was_over = run.is_over();
            let is_valid =
                |credentials: &Credentials| credentials.expires_at().is_none_or(|end| io.setup.now() < end);
            match self.wait_for(&run, &source).await {
                Ok(credentials) if is_valid(&credentials) => return Ok(credentials),
                Err(error) if !was_over => return Err(error),
                // Nobody has waited since then, and the output may differ now.
                _ => {}
            }
        }
        let run = Run::start(program, arguments, self.timeout);
        let run = Arc::new(run.map_err(|problem| CredentialsError::new(&source, problem))?);
        *self.running() = Some(Arc::clone(&run));
        self.wait_for(&run, &source).await
    }

    async fn wait_for(&self, run: &Run, source: &str) -> Result<Credentials, CredentialsError> {
        let output = run.output().await;
        *self.running() = None;
        let output = output.map_err(|problem| CredentialsError::new(source, problem))?;
        let json = credentials_json::parse(source, &output)?;
        match json.get("Version").and_then(serde_json::Value::as_i64) {
            Some(1) => DOCUMENT.read(source, &json),
            _ => Err(CredentialsError::new(source, "its output has no Version 1")),
        }
    }

    fn running(&self) -> MutexGuard<'_, Option<Arc<Run>>> {
        // Nothing that could panic runs while the lock is held.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for Process {
    fn ask<'a>(&'a self, io: Io<'a>) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(self.run(io))
    }
}

impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Process").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

fn fail(problem: String) -> CredentialsError {
    CredentialsError::new(SOURCE, problem)
}

static DOCUMENT: CredentialsJson = CredentialsJson::usual(&["SessionToken"], false);

//! Credentials from the output of programs.

mod run;

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use serde_json::Value;

use self::run::Run;
use super::{
    CachedCredentials, Credentials, CredentialsError, ProvideCredentials, Setup,
    credentials_json::{self, CredentialsJson},
    io::{Io, source},
    policy::{PROCESS, Policy, UNSTATED_LIFE},
    profile::{Finder, Found},
    provide,
    static_keys::Names,
};
use crate::{context::Context, profile::Profile, words};

/// Credentials from the output of a program, as in `credential_process` of profiles.
///
/// The output is JSON with `Version` 1, `AccessKeyId`, `SecretAccessKey` and, for temporary ones, `SessionToken` and
/// `Expiration`. It is cached until shortly before it expires, or for ever if it does not.
///
/// The program is run without a shell, with this process's environment and no input. It may take one minute unless
/// [`with_timeout`](Self::with_timeout) sets another limit, and print at most 1 MiB.
///
/// A program that takes longer than a call waits for its credentials continues until that limit: the next call waits
/// for the same run, or uses its output. The program is killed at its time limit, and when this source is dropped; programs
/// that it has started are not. A script should start its last program by `exec`, which replaces the shell.
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

    /// Like [`new`](Self::new), with this time limit of the program instead of one minute.
    pub fn with_timeout(context: Arc<dyn Context>, command: &str, timeout: Duration) -> Self {
        Self::of(Setup::new(context, None), command, Policy { attempt: timeout, ..PROCESS })
    }

    pub(super) fn of(setup: Setup, command: &str, policy: Policy) -> Self {
        Self(CachedCredentials::of(policy, setup, Process::new(command, policy.attempt, Output::Versioned)))
    }
}

/// The program of a profile of Alibaba Cloud's command line tool.
pub(super) fn of_alibaba_cloud(setup: &Setup, command: &str) -> Arc<dyn ProvideCredentials> {
    let process = Process::new(command, PROCESS.attempt, Output::Profile);
    Arc::new(ProcessCredentials(CachedCredentials::of(PROCESS, setup.clone(), process)))
}

provide!(ProcessCredentials, |source, driver| source.0.ask(driver));

impl Finder<'_> {
    /// The program of a profile.
    #[expect(clippy::unnecessary_wraps, reason = "fails if the feature is disabled")]
    pub(super) fn process(&self, profile: &Profile<'_>) -> Found {
        let command = profile.get("credential_process").map_or("", |command| command.value.as_str());
        Ok(Arc::new(ProcessCredentials::of(self.setup.clone(), command, PROCESS)))
    }
}

const SOURCE: &str = PROCESS.source;

/// Arguments may be secrets: they are not shown.
struct Process {
    command: String,
    timeout: Duration,
    output: Output,
    /// The run of the program that callers wait for, or have stopped waiting for.
    running: Mutex<Option<Arc<Run>>>,
}

/// The form of what a program prints.
#[derive(Clone, Copy, Debug)]
enum Output {
    /// Version 1 of what AWS tools read.
    Versioned,
    /// A profile of Alibaba Cloud's command line tool.
    Profile,
}

impl Output {
    fn read(self, source: &str, json: &Value, now: SystemTime) -> Result<Credentials, CredentialsError> {
        match self {
            Self::Versioned => match json.get("Version").and_then(Value::as_i64) {
                Some(1) => DOCUMENT.read(source, json),
                _ => Err(CredentialsError::new(source, "its output does not have `Version` 1")),
            },
            Self::Profile => {
                let keys = PROFILE.read(source, json)?;
                match keys.session_token() {
                    None if json.get("mode").and_then(Value::as_str) == Some("StsToken") => {
                        Err(CredentialsError::new(source, "its output has no token, which its mode needs"))
                    }
                    Some(_) if keys.expires_at().is_none() => Ok(keys.with_expiry(now + UNSTATED_LIFE)),
                    _ => Ok(keys),
                }
            }
        }
    }
}

impl Process {
    fn new(command: &str, timeout: Duration, output: Output) -> Self {
        Self { command: command.to_owned(), timeout, output, running: Mutex::default() }
    }

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
            match self.wait_for(io, &run, &source).await {
                Ok(credentials) if is_valid(&credentials) => return Ok(credentials),
                Err(error) if !was_over => return Err(error),
                // Nobody has waited since then, and the output may differ now.
                _ => {}
            }
        }
        let run = Run::start(program, arguments, self.timeout);
        let run = Arc::new(run.map_err(|problem| CredentialsError::new(&source, problem))?);
        *self.running() = Some(Arc::clone(&run));
        self.wait_for(io, &run, &source).await
    }

    async fn wait_for(&self, io: Io<'_>, run: &Run, source: &str) -> Result<Credentials, CredentialsError> {
        let output = run.output().await;
        *self.running() = None;
        let output = output.map_err(|problem| CredentialsError::new(source, problem))?;
        let json =
            credentials_json::parse(&output).map_err(|problem| CredentialsError::new(source, problem))?;
        self.output.read(source, &json, io.setup.now())
    }

    fn running(&self) -> MutexGuard<'_, Option<Arc<Run>>> {
        // Nothing that could panic runs while the lock is held.
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

source!(Process, |process, io| process.run(io));

impl std::fmt::Debug for Process {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Process").field("timeout", &self.timeout).finish_non_exhaustive()
    }
}

fn fail(problem: String) -> CredentialsError {
    CredentialsError::new(SOURCE, problem)
}

static DOCUMENT: CredentialsJson = CredentialsJson::usual(&["SessionToken"], false);

static PROFILE: CredentialsJson = CredentialsJson {
    names: Names {
        access_key_id: "access_key_id",
        secret_access_key: "access_key_secret",
        session_tokens: &["sts_token"],
    },
    expiry: "expiration",
    has_millis: false,
    is_temporary: false,
};

//! A context whose time, environment, files and randomness a test sets.

use std::{
    collections::BTreeMap,
    fmt, io,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant, SystemTime},
};

use crate::context::{Context, SystemContext};

type Random = dyn Fn(&mut [u8]) + Send + Sync;
type OnSleep = dyn Fn(Duration) + Send + Sync;
type OnRead = dyn Fn(&Path) + Send + Sync;

/// A [`Context`] for tests, which set its time, environment, files and randomness.
///
/// Clones share all state, so that a test can keep one and change the time of a client that has the other. `Debug`
/// shows the names of variables and files, but no content.
///
/// ```
/// # mod gatewright {
/// #     pub use gatewright_fake as fake;
/// #     pub use gatewright_runtime::*;
/// # }
/// use std::{
///     path::Path,
///     time::{Duration, SystemTime},
/// };
///
/// use gatewright::{
///     context::Context as _,
///     credentials::{ProfileCredentials, ProvideCredentials as _},
///     fake::TestContext,
/// };
///
/// let context = TestContext::new()
///     .at(SystemTime::UNIX_EPOCH + Duration::from_secs(24 * 60 * 60))
///     .variable("HOME", "/home/me")
///     .file("/home/me/.aws/credentials", "[default]\naws_access_key_id = A\naws_secret_access_key = b\n");
/// let source = ProfileCredentials::new(context.shared(), None);
/// # tokio::runtime::Builder::new_current_thread().build()?.block_on(async {
/// let credentials = source.provide().await?;
/// assert_eq!(credentials.access_key_id(), "A");
/// # Ok::<_, gatewright::credentials::CredentialsError>(())
/// # })?;
///
/// // Each of the two files that AWS tools share was read once, although the first is missing.
/// assert_eq!(context.reads(), ["/home/me/.aws/config", "/home/me/.aws/credentials"].map(Path::new));
///
/// // Later, for all clones.
/// context.advance(Duration::from_secs(60 * 60));
/// assert_eq!(context.now(), SystemTime::UNIX_EPOCH + Duration::from_secs(25 * 60 * 60));
/// # Ok::<_, Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct TestContext(Arc<Mutex<State>>);

struct State {
    /// The wall clock and the clock of timeouts, at the beginning.
    start: (SystemTime, Instant),
    is_running: bool,
    /// Time that the test added to both clocks.
    added: Duration,
    /// Time that sleeps added to the clock of timeouts.
    slept: Duration,
    random: Arc<Random>,
    on_sleep: Arc<OnSleep>,
    on_read: Arc<OnRead>,
    variables: BTreeMap<String, String>,
    files: BTreeMap<PathBuf, Result<Vec<u8>, io::ErrorKind>>,
    is_read_only: bool,
    reads: Vec<PathBuf>,
}

impl State {
    fn elapsed(&self) -> Duration {
        let real = if self.is_running { self.start.1.elapsed() } else { Duration::ZERO };
        self.added + real
    }
}

impl TestContext {
    /// A machine without environment and files, whose clocks stand still at 1970. Random bytes are zeros.
    ///
    /// Sleeping takes no time: it returns immediately and moves the clock that timeouts are measured by. The wall clock moves only
    /// when the test moves it, as in tests that await calls in tokio's paused time.
    #[must_use]
    pub fn new() -> Self {
        Self::starting(SystemTime::UNIX_EPOCH, false, |bytes| bytes.fill(0))
    }

    /// A machine without environment and files, with the time and randomness of this machine.
    ///
    /// For tests whose requests take real time, such as those to a [`Fake`](super::Fake) that verifies when they were signed.
    #[must_use]
    pub fn isolated() -> Self {
        Self::starting(SystemContext.now(), true, |bytes| SystemContext.random(bytes))
    }

    fn starting(time: SystemTime, is_running: bool, random: fn(&mut [u8])) -> Self {
        Self(Arc::new(Mutex::new(State {
            start: (time, Instant::now()),
            is_running,
            added: Duration::ZERO,
            slept: Duration::ZERO,
            random: Arc::new(random),
            on_sleep: Arc::new(|_| ()),
            on_read: Arc::new(|_| ()),
            variables: BTreeMap::new(),
            files: BTreeMap::new(),
            is_read_only: false,
            reads: Vec::new(),
        })))
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with(self, change: impl FnOnce(&mut State)) -> Self {
        change(&mut self.state());
        self
    }

    /// The context in the type that sources of credentials take.
    #[must_use]
    pub fn shared(&self) -> Arc<dyn Context> {
        Arc::new(self.clone())
    }

    /// Sets the wall clock, as [`set_time`](Self::set_time) does later.
    #[must_use]
    pub fn at(self, time: SystemTime) -> Self {
        self.set_time(time);
        self
    }

    /// Sets an environment variable.
    #[must_use]
    pub fn variable(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.with(|state| drop(state.variables.insert(name.into(), value.into())))
    }

    /// Sets environment variables.
    #[must_use]
    pub fn variables(
        self,
        variables: impl IntoIterator<Item = (impl Into<String>, impl Into<String>)>,
    ) -> Self {
        variables.into_iter().fold(self, |context, (name, value)| context.variable(name, value))
    }

    /// Adds a file. [`Context::replace_file`] changes files later.
    #[must_use]
    pub fn file(self, path: impl Into<PathBuf>, content: impl Into<Vec<u8>>) -> Self {
        self.with(|state| drop(state.files.insert(path.into(), Ok(content.into()))))
    }

    /// Adds a file that cannot be read.
    #[must_use]
    pub fn unreadable_file(self, path: impl Into<PathBuf>, kind: io::ErrorKind) -> Self {
        self.with(|state| drop(state.files.insert(path.into(), Err(kind))))
    }

    /// Sets how random bytes are made.
    #[must_use]
    pub fn random(self, fill: impl Fn(&mut [u8]) + Send + Sync + 'static) -> Self {
        self.with(|state| state.random = Arc::new(fill))
    }

    /// Calls a function at the beginning of every sleep. For example, the function lets a server recover in the
    /// meantime.
    #[must_use]
    pub fn on_sleep(self, then: impl Fn(Duration) + Send + Sync + 'static) -> Self {
        self.with(|state| state.on_sleep = Arc::new(then))
    }

    /// Calls a function before every read of a file. For example, the function changes the file as another process
    /// would.
    #[must_use]
    pub fn on_read(self, first: impl Fn(&Path) + Send + Sync + 'static) -> Self {
        self.with(|state| state.on_read = Arc::new(first))
    }

    /// Sets the wall clock; the clock that timeouts are measured by does not change.
    pub fn set_time(&self, time: SystemTime) {
        let mut state = self.state();
        state.start.0 = time - state.elapsed();
    }

    /// Moves both clocks forward.
    pub fn advance(&self, by: Duration) {
        self.state().added += by;
    }

    /// Refuses to replace files from now on.
    pub fn set_read_only(&self) {
        self.state().is_read_only = true;
    }

    /// The paths of the files that were read, in order, one entry per read.
    ///
    /// Every call of [`Context::read_file`] counts, by whichever clone, also if the file is missing or unreadable.
    #[must_use]
    pub fn reads(&self) -> Vec<PathBuf> {
        self.state().reads.clone()
    }
}

impl Default for TestContext {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for TestContext {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let now = self.now();
        let state = self.state();
        let mut shown = f.debug_struct("TestContext");
        shown.field("now", &now);
        shown.field("variables", &state.variables.keys()).field("files", &state.files.keys());
        shown.finish_non_exhaustive()
    }
}

impl Context for TestContext {
    fn now(&self) -> SystemTime {
        let state = self.state();
        state.start.0 + state.elapsed()
    }

    fn random(&self, bytes: &mut [u8]) {
        // Not under the lock: a function of the test may use the context.
        let random = Arc::clone(&self.state().random);
        random(bytes);
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.state().variables.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        let on_read = Arc::clone(&self.state().on_read);
        on_read(path);
        let mut state = self.state();
        state.reads.push(path.to_owned());
        match state.files.get(path) {
            Some(Ok(content)) => Ok(content.clone()),
            Some(Err(kind)) => Err((*kind).into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    fn replace_file(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut state = self.state();
        if state.is_read_only {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        state.files.insert(path.to_owned(), Ok(content.to_owned()));
        Ok(())
    }

    fn instant(&self) -> Instant {
        let state = self.state();
        state.start.1 + state.elapsed() + state.slept
    }

    fn sleep(&self, duration: Duration) {
        let on_sleep = Arc::clone(&self.state().on_sleep);
        on_sleep(duration);
        let mut state = self.state();
        if state.is_running {
            drop(state);
            SystemContext.sleep(duration);
        } else {
            state.slept += duration;
        }
    }
}

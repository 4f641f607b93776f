//! What a client takes from the machine it runs on: time, randomness, environment variables and files.
//!
//! It comes in through one trait, so that every test is exact.

use std::{
    fmt, io,
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime},
};

/// The machine, as a client sees it.
pub trait Context: fmt::Debug + Send + Sync + 'static {
    /// The wall clock.
    fn now(&self) -> SystemTime;

    /// Fills `bytes` with unpredictable values.
    fn random(&self, bytes: &mut [u8]);

    /// An environment variable; `None` where it is unset, empty or not Unicode.
    fn variable(&self, name: &str) -> Option<String>;

    /// The content of a file.
    ///
    /// # Errors
    /// Those of [`std::fs::read`].
    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// The clock that timeouts of blocking calls are measured by; it never goes back. Those of awaited calls are measured
    /// by tokio's, which tests can pause.
    fn instant(&self) -> Instant {
        Instant::now()
    }

    /// Blocks the thread between the attempts of a blocking call.
    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }
}

/// Several may share a machine.
impl<C: Context + ?Sized> Context for Arc<C> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }

    fn random(&self, bytes: &mut [u8]) {
        (**self).random(bytes);
    }

    fn variable(&self, name: &str) -> Option<String> {
        (**self).variable(name)
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        (**self).read_file(path)
    }

    fn instant(&self) -> Instant {
        (**self).instant()
    }

    fn sleep(&self, duration: Duration) {
        (**self).sleep(duration);
    }
}

/// The machine itself.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemContext;

impl Context for SystemContext {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn random(&self, bytes: &mut [u8]) {
        crate::crypto::fill_random(bytes);
    }

    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok().filter(|value| !value.is_empty())
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

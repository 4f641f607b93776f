//! Time, randomness, environment variables and files of the machine that a client runs on.
//!
//! One trait provides all of it, so that tests control it exactly.

use std::{
    fmt, fs,
    io::{self, Read as _, Write as _},
    path::Path,
    sync::Arc,
    thread,
    time::{Duration, Instant, SystemTime},
};

/// The machine on which a client runs: time, randomness, environment and files.
pub trait Context: fmt::Debug + Send + Sync + 'static {
    /// The wall clock.
    fn now(&self) -> SystemTime;

    /// Fills `bytes` with unpredictable values.
    fn random(&self, bytes: &mut [u8]);

    /// An environment variable; `None` if it is unset or empty. What is not Unicode becomes U+FFFD, so that an unreadable
    /// setting is an error and not ignored.
    fn variable(&self, name: &str) -> Option<String>;

    /// The content of a file.
    ///
    /// # Errors
    /// The errors of [`std::fs::read`].
    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Replaces a file atomically, with a file that only its owner can read. Used for renewed sign-ins.
    ///
    /// # Errors
    /// The errors of [`std::fs`]; `Unsupported` unless implemented. Sign-ins that cannot be written are kept in memory.
    fn replace_file(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let _ = (path, content);
        Err(io::ErrorKind::Unsupported.into())
    }

    /// The clock that measures timeouts of blocking calls; it never goes back. Timeouts of async calls use tokio's
    /// clock, which tests can pause.
    fn instant(&self) -> Instant {
        Instant::now()
    }

    /// Blocks the thread between the attempts of a blocking call.
    fn sleep(&self, duration: Duration) {
        thread::sleep(duration);
    }
}

/// Several clients may share a machine.
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

    fn replace_file(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        (**self).replace_file(path, content)
    }

    fn instant(&self) -> Instant {
        (**self).instant()
    }

    fn sleep(&self, duration: Duration) {
        (**self).sleep(duration);
    }
}

/// The largest file that settings and credentials are read from. A profile file with a profile per role of thousands of accounts has a
/// few MiB.
pub(crate) const MOST_FILE_BYTES: usize = 16 << 20;

/// This machine. Of a file, it reads at most 16 MiB and one byte, which settings and credentials refuse as too large.
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
        std::env::var_os(name)
            .map(|value| value.to_string_lossy().into_owned())
            .filter(|value| !value.is_empty())
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        let file = fs::File::open(path)?;
        // One more byte than readers accept: what has no end, such as a device, is too large for them, too. In one allocation, since
        // others that the content outgrows would not be wiped.
        let most = MOST_FILE_BYTES + 1;
        let size = usize::try_from(file.metadata()?.len()).unwrap_or(most);
        let mut content = Vec::with_capacity(size.saturating_add(1).min(most));
        file.take(most as u64).read_to_end(&mut content)?;
        Ok(content)
    }

    fn replace_file(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let mut random = [0; 8];
        self.random(&mut random);
        let mut name = path.as_os_str().to_owned();
        name.push(format!(".{:016x}.tmp", u64::from_be_bytes(random)));
        let written = write_private(Path::new(&name), content).and_then(|()| fs::rename(&name, path));
        if written.is_err() {
            // The file may not have been created.
            let _ = fs::remove_file(&name);
        }
        written
    }
}

/// Creates a file that only its owner can read.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(content)?;
    file.sync_all()
}

#[cfg(all(test, unix))]
mod tests;

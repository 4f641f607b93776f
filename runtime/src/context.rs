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

    /// An environment variable; `None` if it is unset or empty. What is not Unicode in it becomes U+FFFD, so that a setting
    /// which cannot be read is refused rather than passed over.
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
        std::env::var_os(name)
            .map(|value| value.to_string_lossy().into_owned())
            .filter(|value| !value.is_empty())
    }

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        std::fs::read(path)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _, process::Command};

    use super::*;
    use crate::transport::HttpTransportBuilder;

    const PROXY: &str = "HTTPS_PROXY";
    const INNER: &str = "GATEWRIGHT_TEST_OF_VARIABLES";

    /// Passed over, requests would go past the proxy.
    #[test]
    fn a_variable_that_is_not_unicode_is_not_passed_over() {
        if std::env::var_os(INNER).is_some() {
            assert_eq!(SystemContext.variable(PROXY).as_deref(), Some("http://caf\u{fffd}"));
            let transport = format!("{:?}", HttpTransportBuilder::new(&SystemContext));
            assert!(transport.contains("HTTPS_PROXY: not of the form"), "{transport}");
            return;
        }
        // Variables of a running process cannot be set safely: another one has them from its start.
        let name = "context::tests::a_variable_that_is_not_unicode_is_not_passed_over";
        let mut inner = Command::new(std::env::current_exe().unwrap());
        inner.args(["--exact", name]).env(INNER, "1").env(PROXY, OsStr::from_bytes(b"http://caf\xe9"));
        for other in ["https_proxy", "all_proxy", "ALL_PROXY"] {
            inner.env_remove(other);
        }
        let output = inner.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && text.contains("1 passed"), "{text}");
    }
}

//! A machine made of tables.

use std::{
    collections::BTreeMap,
    io,
    path::Path,
    sync::{
        Arc, Mutex, MutexGuard,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::{Duration, SystemTime},
};

use gatewright_runtime::context::Context;

type Files = BTreeMap<String, Result<Vec<u8>, io::ErrorKind>>;

/// Variables and files; `HOME` is `/home/me` unless set otherwise, and the clock stands at 1970 unless it is put ahead.
#[derive(Debug, Default)]
pub(crate) struct Machine {
    variables: BTreeMap<String, String>,
    files: Mutex<Files>,
    is_read_only: AtomicBool,
    reads: Mutex<Vec<String>>,
    seconds: AtomicU64,
}

impl Machine {
    pub(crate) fn new(variables: &[(&str, &str)], files: &[(&str, &str)]) -> Self {
        let mut machine = Self::default().variable("HOME", "/home/me");
        for (name, value) in variables {
            machine = machine.variable(name, value);
        }
        for (path, text) in files {
            machine = machine.file(path, text);
        }
        machine
    }

    pub(crate) fn variable(mut self, name: &str, value: &str) -> Self {
        self.variables.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        self.files().insert(path.to_owned(), Ok(content.as_ref().to_owned()));
        self
    }

    pub(crate) fn broken_file(self, path: &str, kind: io::ErrorKind) -> Self {
        self.files().insert(path.to_owned(), Err(kind));
        self
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().expect("nothing panics while it is held")
    }

    /// How often files were read.
    pub(crate) fn reads(&self) -> usize {
        self.read().len()
    }

    /// How often this file was read.
    pub(crate) fn reads_of(&self, path: &str) -> usize {
        self.read().iter().filter(|read| *read == path).count()
    }

    fn read(&self) -> MutexGuard<'_, Vec<String>> {
        self.reads.lock().expect("nothing panics while it is held")
    }

    /// Puts the clock ahead.
    pub(crate) fn advance(&self, seconds: u64) {
        self.seconds.fetch_add(seconds, Ordering::Relaxed);
    }

    /// Refuses to write files from now on.
    pub(crate) fn read_only(&self) {
        self.is_read_only.store(true, Ordering::Relaxed);
    }

    pub(crate) fn shared(self) -> Arc<Self> {
        Arc::new(self)
    }
}

impl Context for Machine {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_secs(self.seconds.load(Ordering::Relaxed))
    }

    fn random(&self, bytes: &mut [u8]) {
        bytes.fill(0);
    }

    fn variable(&self, name: &str) -> Option<String> {
        self.variables.get(name).filter(|value| !value.is_empty()).cloned()
    }

    fn replace_file(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        if self.is_read_only.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::ReadOnlyFilesystem.into());
        }
        let path = path.to_str().expect("paths in tests are Unicode").to_owned();
        self.files().insert(path, Ok(content.to_vec()));
        Ok(())
    }

    /// Time is what a test says it is.
    fn sleep(&self, _: Duration) {}

    fn read_file(&self, path: &Path) -> io::Result<Vec<u8>> {
        let path = path.to_str().expect("paths in tests are Unicode");
        self.read().push(path.to_owned());
        match self.files().get(path) {
            Some(Ok(content)) => Ok(content.clone()),
            Some(Err(kind)) => Err((*kind).into()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

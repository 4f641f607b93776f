//! What fuzz targets share.

use std::{io, path::Path, time::SystemTime};

use gatewright_runtime::{Explanation, context::Context};

/// Checks that each text of an explanation is one line, whatever it quotes.
///
/// # Panics
/// If a text breaks its line.
pub fn check_lines(explanation: &Explanation) {
    let Explanation { summary, evidence, causes, remedies, .. } = explanation;
    for line in [summary].into_iter().chain(evidence).chain(causes).chain(remedies) {
        assert!(!line.chars().any(char::is_control), "{line:?}");
    }
}

/// A machine on which every variable that ends in `variables.0` is `variables.1`, and every file is `file`.
#[derive(Debug, Default)]
pub struct Machine {
    /// End of the variables' names, in lower case, and their value.
    pub variables: Option<(&'static str, String)>,
    /// Content of every file.
    pub file: Option<Vec<u8>>,
}

impl Context for Machine {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    fn random(&self, _: &mut [u8]) {}

    fn variable(&self, name: &str) -> Option<String> {
        match &self.variables {
            Some((end, value)) if name.to_ascii_lowercase().ends_with(end) => Some(value.clone()),
            _ => (name == "HOME").then(|| "/home/fuzz".to_owned()),
        }
    }

    fn read_file(&self, _: &Path) -> io::Result<Vec<u8>> {
        self.file.clone().ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

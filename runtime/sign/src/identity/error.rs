//! Why there are no credentials.

use std::fmt;

use crate::text::{Labelled, OneLine};

/// No credentials: the sources tried, in order, and why each was skipped or failed. Contains no secrets.
#[derive(Clone, Debug)]
pub struct CredentialsError {
    attempts: Vec<Attempt>,
    absent: bool,
    transient: bool,
}

/// A source that was tried and has no credentials.
#[derive(Clone, Debug)]
struct Attempt {
    source: String,
    reason: String,
    fault: SourceFault,
}

/// Kind of failure of a source, if its explanation differs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceFault {
    /// It is not set up.
    Absent,
    /// It is set up, and failed.
    #[default]
    Failed,
    /// It holds a secret in the place of the access key id.
    KeysSwapped,
}

impl CredentialsError {
    /// One source that is set up but failed; a chain ends with it.
    pub fn new(source: impl Into<String>, reason: impl Into<String>) -> Self {
        // Texts of others, such as a credential process's, stay readable in one line.
        let line = |text: String| OneLine(&text).to_string();
        let attempt =
            Attempt { source: line(source.into()), reason: line(reason.into()), fault: SourceFault::Failed };
        Self { attempts: vec![attempt], absent: false, transient: false }
    }

    /// One source that is not set up; a chain asks the next.
    pub fn absent(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { absent: true, ..Self::new(source, reason).with(SourceFault::Absent) }
    }

    /// One source that holds a secret in the place of the access key id.
    pub fn swapped(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new(source, reason).with(SourceFault::KeysSwapped)
    }

    fn with(mut self, fault: SourceFault) -> Self {
        self.attempts.iter_mut().for_each(|attempt| attempt.fault = fault);
        self
    }

    /// Whether no source was set up.
    pub fn is_absent(&self) -> bool {
        self.absent
    }

    /// The same error, of a failure that may not happen again.
    #[must_use]
    pub fn transient_if(self, transient: bool) -> Self {
        Self { transient, ..self }
    }

    /// Whether the source may succeed when it is asked again.
    pub fn is_transient(&self) -> bool {
        self.transient
    }

    /// Appends what another source said.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.attempts.extend(other.attempts);
        self.absent &= other.absent;
        self.transient |= other.transient;
        self
    }

    /// The same for a source that a setting selects: if it has no credentials, that is a failure.
    #[must_use]
    pub fn of_use(mut self, user: &str) -> Self {
        self.absent = false;
        for Attempt { source, fault, .. } in &mut self.attempts {
            *source = format!("{user}: {source}");
            if *fault == SourceFault::Absent {
                *fault = SourceFault::Failed;
            }
        }
        self
    }

    /// Sources tried, in order, and why each was skipped or failed.
    pub fn attempts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.tried().map(|(source, reason, _)| (source, reason))
    }

    /// The same, and how each of them failed.
    pub fn tried(&self) -> impl Iterator<Item = (&str, &str, SourceFault)> {
        self.attempts.iter().map(|attempt| (attempt.source.as_str(), attempt.reason.as_str(), attempt.fault))
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no credentials")?;
        let said = self.attempts().filter(|attempt| *attempt != ("", ""));
        for (index, (source, reason)) in said.enumerate() {
            write!(f, "{} {}", if index == 0 { ":" } else { ";" }, Labelled(source, reason))?;
        }
        Ok(())
    }
}

impl std::error::Error for CredentialsError {}

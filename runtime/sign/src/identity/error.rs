//! The error of sources that have no credentials.

use std::{error::Error, fmt, sync::Arc};

use crate::text::{Labelled, OneLine};

/// The error of a search for credentials. Lists each source tried, in order, and why it was skipped or failed. Contains
/// no secrets.
#[derive(Clone)]
pub struct CredentialsError {
    attempts: Vec<Attempt>,
    absent: bool,
    transient: bool,
    causes: Vec<String>,
    remedies: Vec<String>,
    reason: Option<Arc<dyn Error + Send + Sync>>,
}

/// A source that was tried and has no credentials.
#[derive(Clone, Debug)]
struct Attempt {
    source: String,
    reason: String,
    fault: SourceFault,
}

/// The kind of a source's failure, if that kind has its own explanation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum SourceFault {
    /// The source is not configured.
    Absent,
    /// The source is configured, but failed.
    #[default]
    Failed,
    /// The source has a secret instead of the access key id.
    KeysSwapped,
    /// The source gave nothing within the call's time limit.
    TimedOut,
}

impl CredentialsError {
    /// An error of one source that is configured but failed. A chain ends with it.
    pub fn new(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::of(&source.into(), &reason.into())
    }

    fn of(source: &str, reason: &str) -> Self {
        // Foreign texts, such as the output of a credential process, stay readable on one line.
        let [source, reason] = [source, reason].map(|text| OneLine(text).to_string());
        let attempt = Attempt { source, reason, fault: SourceFault::Failed };
        Self {
            attempts: vec![attempt],
            absent: false,
            transient: false,
            causes: Vec::new(),
            remedies: Vec::new(),
            reason: None,
        }
    }

    /// An error of one source that is not configured. A chain asks the next source.
    pub fn absent(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { absent: true, ..Self::new(source, reason).with(SourceFault::Absent) }
    }

    /// An error of one source whose access key id is a secret. Access key id and secret are probably swapped; a chain
    /// ends with it.
    pub fn swapped(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new(source, reason).with(SourceFault::KeysSwapped)
    }

    /// An error of one source that gave nothing within the call's time limit.
    pub fn timed_out(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self::new(source, reason).with(SourceFault::TimedOut)
    }

    fn with(mut self, fault: SourceFault) -> Self {
        self.attempts.iter_mut().for_each(|attempt| attempt.fault = fault);
        self
    }

    /// Whether no source was configured.
    pub fn is_absent(&self) -> bool {
        self.absent
    }

    /// Marks the failure as transient.
    #[must_use]
    pub fn transient_if(self, transient: bool) -> Self {
        Self { transient, ..self }
    }

    /// Whether the failure is transient, so that the source may succeed later.
    pub fn is_transient(&self) -> bool {
        self.transient
    }

    /// Adds why the source failed and what to do, likeliest first. Explanations of calls that need the credentials show
    /// both.
    #[must_use]
    pub fn with_advice(self, causes: Vec<String>, remedies: Vec<String>) -> Self {
        Self { causes, remedies, ..self }
    }

    /// Sets the error behind the failure, as [`Error::source`]. `Debug` leaves it out, since it may contain secrets.
    #[must_use]
    pub fn with_reason(self, reason: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self { reason: Some(Arc::from(reason.into())), ..self }
    }

    /// Why the last source failed, likeliest first. Empty if no more is known than its reason.
    pub fn causes(&self) -> &[String] {
        &self.causes
    }

    /// What to do about the last source's failure, in this order. Empty if no more is known than its reason.
    pub fn remedies(&self) -> &[String] {
        &self.remedies
    }

    /// Appends the sources of another error, the later one.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.attempts.extend(other.attempts);
        (self.causes, self.remedies, self.reason) = (other.causes, other.remedies, other.reason);
        self.absent &= other.absent;
        self.transient |= other.transient;
        self
    }

    /// Turns missing configuration into a failure, for a source that a setting selects.
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

    /// Like [`attempts`](Self::attempts), with the kind of each failure.
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

impl fmt::Debug for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { attempts, absent, transient, causes, remedies, reason: _ } = self;
        f.debug_struct("CredentialsError")
            .field("attempts", attempts)
            .field("absent", absent)
            .field("transient", transient)
            .field("causes", causes)
            .field("remedies", remedies)
            .finish_non_exhaustive()
    }
}

impl Error for CredentialsError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.reason.as_deref().map(|reason| reason as _)
    }
}

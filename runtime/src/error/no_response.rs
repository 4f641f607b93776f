//! Calls that ended without a response.

use std::{error::Error, fmt};

use super::Called;
use crate::text::OneLine;

/// A call that ended without a response.
#[derive(Debug)]
pub struct CallFailure<T> {
    pub(crate) called: Called,
    pub(crate) attempts: u32,
    pub(crate) error: T,
}

impl<T> CallFailure<T> {
    /// What failed, at the last attempt.
    pub fn error(&self) -> &T {
        &self.error
    }

    /// How often the request was sent, or was about to be.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl<T: fmt::Display> fmt::Display for CallFailure<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.called, OneLine(&self.error.to_string()))?;
        match self.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " ({attempts} attempts)"),
        }
    }
}

impl<T: Error> Error for CallFailure<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.error.source()
    }
}

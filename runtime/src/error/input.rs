//! Requests that are refused before sending.

use std::{error::Error as StdError, fmt};

use super::Called;
use crate::validate::Violation;

/// Violations that are shown in one line; [`InputError::violations`] has them all.
const SHOWN: usize = 20;

/// A request that was refused before sending: every constraint that does not hold.
#[derive(Clone)]
pub struct InputError {
    pub(crate) called: Called,
    violations: Vec<Violation>,
}

impl InputError {
    pub(crate) fn new(called: impl Into<Called>, violations: Vec<Violation>) -> Self {
        Self { called: called.into(), violations }
    }

    /// Every constraint that does not hold.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Debug for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("InputError")
            .field("operation", &self.called)
            .field("violations", &self.violations.iter().take(SHOWN).collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: refused before sending", self.called)?;
        for (index, violation) in self.violations.iter().take(SHOWN).enumerate() {
            write!(f, "{} {violation}", if index == 0 { ":" } else { ";" })?;
        }
        match self.violations.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "; and {more} more"),
        }
    }
}

impl StdError for InputError {}

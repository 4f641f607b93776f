//! The error of a hook that stops a call.

use std::{error::Error as StdError, fmt};

use super::CallFailure;

/// Why a hook stops a call. Any error converts to it by `?`.
pub struct HookError {
    error: Box<dyn StdError + Send + Sync>,
    is_transient: bool,
}

impl HookError {
    /// Stops the call for good, with an error or a text as the reason.
    pub fn new(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self { error: reason.into(), is_transient: false }
    }

    /// Permits further attempts, as after a transient failure. The hook runs again before each attempt.
    #[must_use]
    pub fn transient(mut self) -> Self {
        self.is_transient = true;
        self
    }

    /// Whether further attempts may follow.
    pub fn is_transient(&self) -> bool {
        self.is_transient
    }

    /// The reason, to be read or downcast.
    pub fn reason(&self) -> &(dyn StdError + Send + Sync + 'static) {
        &*self.error
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for HookError {
    fn from(error: E) -> Self {
        Self::new(error)
    }
}

impl StdError for CallFailure<HookError> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        Some(self.error.reason())
    }
}

impl fmt::Debug for HookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HookError")
            .field("error", &self.error)
            .field("is_transient", &self.is_transient)
            .finish_non_exhaustive()
    }
}

/// What happened; the reason is the source of the call's error.
impl fmt::Display for HookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a hook stopped the call before it was signed")
    }
}

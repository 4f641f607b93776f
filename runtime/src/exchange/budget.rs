//! The token bucket of the standard retry mode.

use std::sync::atomic::{AtomicU32, Ordering};

const CAPACITY: u32 = 500;

/// Retries that the calls of one client may spend together, so that an outage does not cause a flood of requests.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl Budget {
    /// Takes a retry's cost, where there is enough.
    pub(super) fn take(&self, cost: u32) -> bool {
        let taken = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(cost));
        taken.is_ok()
    }

    /// Gives tokens back.
    pub(super) fn refund(&self, tokens: u32) {
        // A full budget is the common case, and stays unwritten.
        if self.left() < CAPACITY {
            let refill = |left: u32| Some((left + tokens).min(CAPACITY));
            let _ = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, refill);
        }
    }

    /// Tokens that are left: 0 to 500.
    pub(crate) fn left(&self) -> u32 {
        self.0.load(Ordering::Acquire)
    }
}

//! The token bucket of the standard retry mode.

use std::sync::atomic::{AtomicU32, Ordering};

const CAPACITY: u32 = 500;

/// A budget of retries, shared by the calls of a client, so that an outage does not cause a flood of requests.
#[derive(Debug)]
pub(crate) struct Budget(AtomicU32);

impl Default for Budget {
    fn default() -> Self {
        Self(AtomicU32::new(CAPACITY))
    }
}

impl Budget {
    /// Takes the cost of a retry, if there are enough tokens.
    pub(super) fn take(&self, cost: u32) -> bool {
        let taken = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, |left| left.checked_sub(cost));
        taken.is_ok()
    }

    /// Returns tokens.
    pub(super) fn refund(&self, tokens: u32) {
        // A full budget is the common case, and needs no write.
        if self.left() < CAPACITY {
            let refill = |left: u32| Some((left + tokens).min(CAPACITY));
            let _ = self.0.fetch_update(Ordering::AcqRel, Ordering::Acquire, refill);
        }
    }

    /// The remaining tokens: 0 to 500.
    pub(crate) fn left(&self) -> u32 {
        self.0.load(Ordering::Acquire)
    }
}

//! Calls by a transport without a network, in simulated time.

use std::time::Duration;

use gatewright_fake::TestContext;
use gatewright_runtime::{Call, Operation, context::Context as _};
use tokio::{runtime, time::Instant};

use crate::drivers::{Driver, Outcome};

impl Driver {
    /// Makes a call: waiting takes no real time.
    pub(crate) fn make<R: Operation>(self, call: Call<R>) -> Outcome<R> {
        self.time(&TestContext::new(), call).0
    }

    /// Makes a call, and gives the time that it seemed to take to the client of this context.
    pub(crate) fn time<R: Operation>(self, context: &TestContext, call: Call<R>) -> (Outcome<R>, Duration) {
        match self {
            Self::Awaiting => {
                let paused = runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
                paused.unwrap().block_on(async {
                    let start = Instant::now();
                    (call.with_metadata().await, start.elapsed())
                })
            }
            Self::Blocking => {
                let start = context.instant();
                (call.with_metadata_blocking(), context.instant() - start)
            }
        }
    }
}

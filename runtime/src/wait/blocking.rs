//! The blocking driver of waits.

use serde_core::Serialize;

use super::{Ended, Event, Machine, Step, Wait};
use crate::Operation;

impl<R> Wait<R>
where
    R: Operation + Clone,
    R::Output: Serialize,
{
    /// Waits and blocks the thread until the wait ends. Not for threads that run async tasks.
    ///
    /// # Errors
    /// [`WaitError`](super::WaitError), as for async waits.
    pub fn send_blocking(self) -> Ended<R> {
        let client = self.call.client().clone();
        let context = &*client.shared().context;
        let mut machine = Machine::new(self.delays, self.limit, context.instant());
        let mut last = None;
        let mut event = Event::Ready;
        loop {
            event = match machine.next(&event, context.instant(), || client.shared().jitter()) {
                Step::Call(limit) => {
                    let outcome = self.call.within(limit).with_metadata_blocking();
                    let seen = self.seen(&outcome);
                    last = Some(outcome);
                    Event::Called(seen)
                }
                Step::Rest(delay) => {
                    context.sleep(delay);
                    Event::Ready
                }
                Step::Done(end) => {
                    let waited = machine.waited(context.instant());
                    return self.finish(&end, last, &machine, waited);
                }
            };
        }
    }
}

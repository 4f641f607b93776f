//! The async driver of waits, on tokio.

use std::{future::IntoFuture, pin::Pin};

use serde_core::Serialize;
use tokio::time::{Instant, sleep};

use super::{Ended, Event, Machine, Step, Wait};
use crate::Operation;

impl<R> Wait<R>
where
    R: Operation + Clone,
    R::Output: Serialize,
{
    async fn drive(self) -> Ended<R> {
        let client = self.call.client().clone();
        let now = || Instant::now().into_std();
        let mut machine = Machine::new(self.delays, self.limit, now());
        let mut last = None;
        let mut event = Event::Ready;
        loop {
            event = match machine.next(&event, now(), || client.shared().jitter()) {
                Step::Call(limit) => {
                    let outcome = self.call.within(limit).with_metadata().await;
                    let seen = self.seen(&outcome);
                    last = Some(outcome);
                    Event::Called(seen)
                }
                Step::Rest(delay) => {
                    sleep(delay).await;
                    Event::Ready
                }
                Step::Done(end) => {
                    return self.finish(&end, last, &machine, machine.waited(now()));
                }
            };
        }
    }
}

impl<R> IntoFuture for Wait<R>
where
    R: Operation + Clone,
    R::Output: Serialize,
{
    type Output = Ended<R>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.drive())
    }
}

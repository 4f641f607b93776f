//! Drives calls by blocking the thread.

use std::{
    cell::Cell,
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use super::{Client, Prepared};
#[cfg(feature = "raw-http")]
use crate::identity::{Credentials, CredentialsError};
use crate::{
    exchange::{Decode, Event, Exchange, Outcome, Step},
    time::deadline,
};

impl Client {
    /// Makes a call: attempts until a response is decoded or no further attempt helps.
    pub(crate) fn execute_blocking(&self, call: &Prepared, decode: Decode<'_>) -> Outcome {
        #[cfg(feature = "tracing")]
        let _entered =
            crate::trace::span(self.shared.service.title, call.operation.name, &self.shared.region).entered();
        let context = &*self.shared.context;
        let mut exchange = Exchange::new(&self.shared, call, decode, context.instant());
        let mut event = Event::Ready;
        loop {
            event = match exchange.next(event, context.instant()) {
                Step::Provide(bound) => Event::Provided(wait(self.shared.credentials.provide(), bound)),
                Step::Send(request, bound) => {
                    Event::Answered(Some(self.shared.blocking_transport.send(request, bound)))
                }
                Step::Rest(delay) => {
                    context.sleep(delay);
                    Event::Ready
                }
                Step::Done(outcome) => return outcome,
            };
        }
    }
}

thread_local! {
    /// Sources of credentials ask, which are polled by either driver.
    static IS_WAITING: Cell<bool> = const { Cell::new(false) };
}

/// Whether this thread is within [`wait`].
#[cfg(all(feature = "async", any(feature = "assume-role", feature = "instance", feature = "sso")))]
pub(super) fn is_waiting() -> bool {
    IS_WAITING.get()
}

#[cfg(feature = "raw-http")]
impl Client {
    /// Asks for credentials, for what is signed but not sent.
    pub(crate) fn provide_blocking(&self, bound: Duration) -> Option<Result<Credentials, CredentialsError>> {
        wait(self.shared.credentials.provide(), bound)
    }
}

/// Polls a future on this thread until it is ready or the time is over.
pub(crate) fn wait<T>(future: impl Future<Output = T>, bound: Duration) -> Option<T> {
    let deadline = deadline(Instant::now(), bound);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        let outer = IS_WAITING.replace(true);
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        IS_WAITING.set(outer);
        if let Poll::Ready(value) = polled {
            return Some(value);
        }
        let left = deadline.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return None;
        }
        thread::park_timeout(left);
    }
}

/// Wakes the thread that waits.
struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

#[cfg(test)]
mod tests {
    use std::{future::pending, sync::mpsc};

    use super::*;

    #[test]
    fn waits_for_another_thread_or_the_time() {
        let (send, receive) = mpsc::channel::<Waker>();
        let other = thread::spawn(move || receive.recv().unwrap().wake());
        let mut send = Some(send);
        let woken = wait(
            std::future::poll_fn(|cx| match send.take() {
                Some(send) => {
                    send.send(cx.waker().clone()).unwrap();
                    Poll::Pending
                }
                None => Poll::Ready(1),
            }),
            Duration::from_mins(1),
        );
        other.join().unwrap();
        assert_eq!(woken, Some(1));
        assert_eq!(wait(pending::<()>(), Duration::from_millis(5)), None);
        assert_eq!(wait(async { 1 }, Duration::MAX), Some(1));
    }
}

//! Blocks the thread.

use std::{
    pin::pin,
    sync::Arc,
    task::{self, Poll, Wake, Waker},
    thread::{self, Thread},
    time::{Duration, Instant},
};

use super::Wait;
use crate::{
    BoxFuture,
    context::Context,
    time::deadline,
    transport::{Request, Response, TransportError, Transports},
};

pub(super) struct Blocking {
    pub(super) until: Option<Instant>,
}

impl Wait for Blocking {
    fn now(&self, context: &dyn Context) -> Instant {
        context.instant()
    }

    fn left(&self) -> Duration {
        self.until.map_or(Duration::MAX, |until| until.saturating_duration_since(Instant::now()))
    }

    fn sleep<'a>(&self, context: &'a dyn Context, duration: Duration) -> BoxFuture<'a, ()> {
        Box::pin(async move { context.sleep(duration) })
    }

    fn send<'a>(
        &self,
        transports: &'a Transports,
        request: Request,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Response, TransportError>> {
        Box::pin(async move { transports.blocking.send(request, timeout) })
    }
}

/// Polls a future on this thread until it is ready or the time is over.
pub(crate) fn block_on<T>(future: impl Future<Output = T>, bound: Duration) -> Option<T> {
    let deadline = deadline(Instant::now(), bound);
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut task::Context::from_waker(&waker)) {
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
        let woken = block_on(
            std::future::poll_fn(|cx| match send.take() {
                Some(send) => {
                    send.send(cx.waker().clone()).unwrap();
                    Poll::Pending
                }
                None => Poll::Ready(1),
            }),
            Duration::from_secs(60),
        );
        other.join().unwrap();
        assert_eq!(woken, Some(1));
        assert_eq!(block_on(pending::<()>(), Duration::from_millis(5)), None);
        assert_eq!(block_on(async { 1 }, Duration::MAX), Some(1));
    }
}

//! The two ways to wait for calls and sources of credentials, for tests that both must pass.

use std::{
    pin::pin,
    sync::Arc,
    task::{self, Poll, Wake, Waker},
    thread::{self, Thread},
    time::Duration,
};

use gatewright_runtime::{
    Call, Error, Operation, WithMetadata,
    context::Context as _,
    credentials::{Credentials, CredentialsError, ProvideCredentials},
    fake::TestContext,
};
use tokio::runtime;

/// Who waits: a task of tokio, or the thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Driver {
    Async,
    Blocking,
}

pub(crate) const DRIVERS: [Driver; 2] = [Driver::Async, Driver::Blocking];

type Outcome<R> = Result<WithMetadata<<R as Operation>::Output>, Error<<R as Operation>::Error>>;

impl Driver {
    /// Makes a call whose transport uses no network: waiting takes no real time.
    pub(crate) fn make<R: Operation>(self, call: Call<R>) -> Outcome<R> {
        match self {
            Self::Async => paused().block_on(call.with_metadata()),
            Self::Blocking => call.with_metadata_blocking(),
        }
    }

    /// Makes such a call, and gives the time that it seemed to take.
    pub(crate) fn time<R: Operation>(self, context: &TestContext, call: Call<R>) -> (Outcome<R>, Duration) {
        match self {
            Self::Async => paused().block_on(async {
                let start = tokio::time::Instant::now();
                (call.with_metadata().await, start.elapsed())
            }),
            Self::Blocking => {
                let start = context.instant();
                (call.with_metadata_blocking(), context.instant() - start)
            }
        }
    }

    /// Gets credentials.
    pub(crate) fn provide(self, source: &dyn ProvideCredentials) -> Result<Credentials, CredentialsError> {
        match self {
            Self::Async => {
                let tokio = runtime::Builder::new_current_thread().enable_all().build().unwrap();
                tokio.block_on(source.provide())
            }
            Self::Blocking => block_on(source.provide()),
        }
    }
}

fn paused() -> runtime::Runtime {
    runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap()
}

/// Blocks the thread, outside a runtime.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut task::Context::from_waker(&waker)) {
            return value;
        }
        thread::park();
    }
}

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

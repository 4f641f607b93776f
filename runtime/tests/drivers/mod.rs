//! The two ways to wait for calls and sources of credentials, for tests that both must pass.

use std::{
    pin::pin,
    sync::Arc,
    task::{self, Poll, Wake, Waker},
    thread::{self, Thread},
};

use gatewright_runtime::{
    Call, Error, Operation, Service, WithMetadata,
    credentials::{Credentials, CredentialsError, ProvideCredentials},
};
use tokio::{runtime, task::spawn_blocking};

/// The driver: a task of tokio, or the thread.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Driver {
    Awaiting,
    Blocking,
}

pub(crate) const DRIVERS: [Driver; 2] = [Driver::Awaiting, Driver::Blocking];

pub(crate) type Outcome<R> =
    Result<WithMetadata<<R as Operation>::Output>, Error<<<R as Operation>::Service as Service>::ErrorCode>>;

impl Driver {
    /// Makes a call over a real network.
    pub(crate) async fn send<R: Operation>(self, call: Call<R>) -> Outcome<R> {
        match self {
            Self::Awaiting => call.with_metadata().await,
            Self::Blocking => spawn_blocking(|| call.with_metadata_blocking()).await.unwrap(),
        }
    }

    /// Gets credentials.
    pub(crate) fn provide(self, source: &dyn ProvideCredentials) -> Result<Credentials, CredentialsError> {
        match self {
            Self::Awaiting => {
                let tokio = runtime::Builder::new_current_thread().enable_all().build().unwrap();
                tokio.block_on(source.provide())
            }
            Self::Blocking => block_on(source.provide()),
        }
    }
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

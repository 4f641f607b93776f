//! How calls wait for time and responses: by awaiting on tokio, or by blocking the thread.

#[cfg(feature = "async-driver")]
mod awaiting;
#[cfg(feature = "blocking-driver")]
pub(crate) mod blocking;

use std::time::{Duration, Instant};

use crate::{
    BoxFuture,
    context::Context,
    transport::{Request, Response, TransportError, Transports},
};

/// How a call waits. What it asks for credentials waits in the same way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Driver {
    /// Awaits, within a tokio runtime.
    #[cfg(feature = "async-driver")]
    Awaiting,
    /// Blocks the thread, and needs no runtime.
    #[cfg(feature = "blocking-driver")]
    Blocking {
        /// When the call stops waiting; `None` is never. Nothing interrupts a source that blocks: it must look at the
        /// time itself.
        until: Option<Instant>,
    },
}

impl Driver {
    /// The driver for a source that is asked directly: awaits within a runtime, and blocks outside of one if it can.
    pub(crate) fn of_thread() -> Self {
        #[cfg(all(feature = "async-driver", feature = "blocking-driver"))]
        if tokio::runtime::Handle::try_current().is_err() {
            return Self::Blocking { until: None };
        }
        #[cfg(feature = "async-driver")]
        return Self::Awaiting;
        #[cfg(not(feature = "async-driver"))]
        Self::Blocking { until: None }
    }

    /// The way to wait.
    pub(crate) fn wait(self) -> Box<dyn Wait> {
        match self {
            #[cfg(feature = "async-driver")]
            Self::Awaiting => Box::new(awaiting::Awaiting),
            #[cfg(feature = "blocking-driver")]
            Self::Blocking { until } => Box::new(blocking::Blocking { until }),
        }
    }

    /// How long the call still waits. Unlimited for async calls, which drop what takes too long.
    pub fn left(self) -> Duration {
        self.wait().left()
    }
}

/// What sources of credentials do while they wait.
pub(crate) trait Wait: Send + Sync {
    /// The time that limits are measured by.
    fn now(&self, context: &dyn Context) -> Instant;

    /// How long the call still waits.
    fn left(&self) -> Duration {
        Duration::MAX
    }

    /// Waits.
    fn sleep<'a>(&self, context: &'a dyn Context, duration: Duration) -> BoxFuture<'a, ()>;

    /// Sends a request once.
    fn send<'a>(
        &self,
        transports: &'a Transports,
        request: Request,
        timeout: Duration,
    ) -> BoxFuture<'a, Result<Response, TransportError>>;
}

//! How calls wait for time and responses: by awaiting on tokio, or by blocking the thread.

#[cfg(feature = "blocking")]
mod block;

use std::time::{Duration, Instant};

#[cfg(feature = "blocking")]
pub(crate) use self::block::block_on;
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
    #[cfg(feature = "async")]
    Awaiting,
    /// Blocks the thread, and needs no runtime.
    #[cfg(feature = "blocking")]
    Blocking,
}

impl Driver {
    /// The driver for a source that is asked directly: awaits within a runtime, and blocks outside of one if it can.
    pub(crate) fn of_thread() -> Self {
        #[cfg(all(feature = "async", feature = "blocking"))]
        if tokio::runtime::Handle::try_current().is_err() {
            return Self::Blocking;
        }
        #[cfg(feature = "async")]
        return Self::Awaiting;
        #[cfg(not(feature = "async"))]
        Self::Blocking
    }
}

/// What sources of credentials do while they wait.
impl Driver {
    /// The time that limits are measured by.
    pub(crate) fn now(self, context: &dyn Context) -> Instant {
        match self {
            #[cfg(feature = "async")]
            Self::Awaiting => {
                let _ = context;
                tokio::time::Instant::now().into_std()
            }
            #[cfg(feature = "blocking")]
            Self::Blocking => context.instant(),
        }
    }

    /// Waits.
    pub(crate) fn sleep(self, context: &dyn Context, duration: Duration) -> BoxFuture<'_, ()> {
        match self {
            #[cfg(feature = "async")]
            Self::Awaiting => {
                let _ = context;
                Box::pin(tokio::time::sleep(duration))
            }
            #[cfg(feature = "blocking")]
            Self::Blocking => Box::pin(async move { context.sleep(duration) }),
        }
    }

    /// Sends a request once.
    pub(crate) fn send(
        self,
        transports: &Transports,
        request: Request,
        timeout: Duration,
    ) -> BoxFuture<'_, Result<Response, TransportError>> {
        match self {
            #[cfg(feature = "async")]
            Self::Awaiting => {
                Box::pin(crate::transport::nonblocking::send_once(&*transports.awaited, request, timeout))
            }
            #[cfg(feature = "blocking")]
            Self::Blocking => Box::pin(async move { transports.blocking.send(request, timeout) }),
        }
    }
}

//! The base of every service's `Client`: shared state, and the drivers of calls.

#[cfg(feature = "async-driver")]
mod awaiting;
#[cfg(feature = "blocking-driver")]
mod blocking;
mod parts;
mod signed;

use std::{fmt, sync::Arc};

use http::Uri;

pub(crate) use self::parts::{Parts, user_agent};
use crate::exchange::{CallOptions, Shared};

/// State shared by the clones of a client: connections, credentials, retry budget. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

impl Client {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// The URL that requests are sent to.
    pub fn endpoint(&self) -> &Uri {
        &self.shared.destination.endpoint
    }

    /// The region that requests are signed for.
    pub fn region(&self) -> &str {
        &self.shared.destination.region
    }

    /// Seconds added to this machine's clock for signatures, after the service found it wrong. 0 if the clock was not
    /// corrected; negative if it is ahead.
    pub fn clock_offset(&self) -> i64 {
        self.shared.clock.seconds()
    }

    /// Tokens left for retries, of 500 unless the builder set another [`RetryBudget`](crate::retry::RetryBudget).
    pub fn retry_tokens(&self) -> u32 {
        self.shared.budget.left()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) fn options(&self) -> &CallOptions {
        &self.shared.options
    }

    /// Makes a client token: a random UUID (RFC 9562, version 4).
    pub(crate) fn token(&self) -> String {
        let mut bytes = [0; 16];
        self.shared.context.random(&mut bytes);
        let number = u128::from_be_bytes(bytes) & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let hex = format!("{number:032x}");
        let mut rest = hex.as_str();
        let groups = [8, 4, 4, 4, 12].map(|length| {
            let (group, tail) = rest.split_at(length);
            rest = tail;
            group
        });
        groups.join("-")
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.shared.service.title)
            .field("endpoint", &self.shared.destination.endpoint)
            .field("region", &self.shared.destination.region)
            .field("credentials", &self.shared.destination.credentials)
            .field("transports", &self.shared.transports)
            .field("options", &self.shared.options)
            .field("hooks", &self.shared.hooks)
            .finish_non_exhaustive()
    }
}

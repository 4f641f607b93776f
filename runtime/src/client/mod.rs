//! The client beneath every service's `Client`: what calls share, and what drives them.

#[cfg(feature = "async")]
mod awaiting;
#[cfg(feature = "blocking")]
mod blocking;
mod parts;

use std::{fmt, sync::Arc};

use http::Uri;

pub(crate) use self::parts::{Parts, user_agent};
use crate::exchange::{CallOptions, Shared};

/// What calls of a service share: connections, credentials, retry budget. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

impl Client {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// Where requests go.
    pub fn endpoint(&self) -> &Uri {
        &self.shared.endpoint
    }

    /// The region that requests are signed for.
    pub fn region(&self) -> &str {
        &self.shared.region
    }

    /// Seconds that are added to this machine's clock when requests are signed, since the service found it off: 0 unless
    /// it did, negative where the clock is ahead.
    pub fn clock_offset(&self) -> i64 {
        self.shared.clock.seconds()
    }

    /// Tokens left for retries, of 500: each retry takes 14, or 5 after throttling; successes give them back. Calls are
    /// not retried while there are too few, so that an outage does not cause a flood of requests.
    pub fn retry_tokens(&self) -> u32 {
        self.shared.budget.left()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
    }

    pub(crate) fn options(&self) -> &CallOptions {
        &self.shared.options
    }

    /// A fresh client token: a random UUID (RFC 9562, version 4).
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
            .field("endpoint", &self.shared.endpoint)
            .field("region", &self.shared.region)
            .field("credentials", &self.shared.credentials)
            .field("transports", &self.shared.transports)
            .field("options", &self.shared.options)
            .field("hooks", &self.shared.hooks)
            .finish_non_exhaustive()
    }
}

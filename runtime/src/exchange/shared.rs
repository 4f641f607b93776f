//! State that the calls of a client share.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, Uri};

use super::{ClockOffset, Destination, RateLimit, Route};
use crate::{
    ServiceInfo,
    context::Context,
    hook::Hook,
    protocol::Choices,
    provider::ProvideCredentials,
    retry::{Backoff, Classifier, RetryBudget},
    settings::Settings,
    sign::Auth,
    transport::Transports,
};

/// State that the calls of a client share.
pub(crate) struct Shared {
    pub(crate) service: &'static ServiceInfo,
    /// The settings that other regions' endpoints are resolved from.
    pub(crate) settings: Settings,
    pub(crate) destination: Destination,
    pub(crate) transports: Transports,
    pub(crate) context: Arc<dyn Context>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) options: CallOptions,
    pub(crate) hooks: Vec<Arc<dyn Hook>>,
    pub(crate) auth: Auth,
    pub(crate) budget: RetryBudget,
    /// Only in the adaptive retry mode.
    pub(crate) rate: Option<RateLimit>,
    pub(crate) clock: Arc<ClockOffset>,
    pub(crate) route: Route,
}

/// Settings of a single call.
#[derive(Clone, Debug)]
pub(crate) struct CallOptions {
    pub(crate) operation_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_attempts: u32,
    pub(crate) retry_everything: bool,
    /// The service accepts the request only once, even if it accepts others of the operation again.
    pub(crate) accepted_once: bool,
    pub(crate) backoff: Backoff,
    pub(crate) classifier: Option<Classifier>,
    /// The call's own region, instead of the client's.
    pub(crate) region: Option<String>,
    /// The call's own source of credentials, instead of the client's.
    pub(crate) credentials: Option<Arc<dyn ProvideCredentials>>,
    pub(crate) check_constraints: bool,
    pub(crate) choices: Choices,
    pub(crate) headers: HeaderMap,
}

/// The setters of [`CallOptions`] that every kind of call has.
macro_rules! call_options {
    () => {
        /// Limits the time of the whole call, including all attempts and waits between them.
        pub fn operation_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.operation_timeout = timeout;
            self
        }

        /// Limits the time of each attempt.
        pub fn attempt_timeout(mut self, timeout: std::time::Duration) -> Self {
            self.options.attempt_timeout = timeout;
            self
        }

        /// Limits the number of attempts, including the first. 1 disables retries, and 0 counts as 1. Without
        /// [`retry_everything`](Self::retry_everything) a request that changes something is sent again only if it
        /// cannot have been executed.
        pub fn max_attempts(mut self, attempts: u32) -> Self {
            self.options.max_attempts = attempts;
            self
        }

        /// Whether to retry every transient failure, as the AWS SDKs do. The request may then be executed twice.
        pub fn retry_everything(mut self, everything: bool) -> Self {
            self.options.retry_everything = everything;
            self
        }

        /// Signs this call with these credentials, or with credentials of this source. The client's are not used. The
        /// source is asked for each attempt: share one that caches.
        pub fn credentials(mut self, credentials: impl $crate::provider::ProvideCredentials) -> Self {
            self.options.credentials = Some(std::sync::Arc::new(credentials));
            self
        }

        /// Sets the delays between attempts.
        pub fn backoff(mut self, backoff: $crate::retry::Backoff) -> Self {
            self.options.backoff = backoff;
            self
        }

        /// Classifies the failures of this call, instead of the client's classifier.
        pub fn retry_classifier(
            mut self,
            classify: impl Fn(&$crate::retry::FailedAttempt<'_>) -> $crate::retry::Classification
            + Send
            + Sync
            + 'static,
        ) -> Self {
            self.options.classifier = Some($crate::retry::Classifier::new(classify));
            self
        }
    };
}
pub(crate) use call_options;

impl Shared {
    /// Host and port of a request.
    pub(crate) fn peer<'a>(&'a self, request: &'a Uri) -> &'a str {
        let address = self.route.address(request);
        address.authority().map_or("", |authority| authority.as_str())
    }

    /// A uniform random number from 0 to 1.
    pub(crate) fn jitter(&self) -> f64 {
        let mut bytes = [0; 4];
        self.context.random(&mut bytes);
        f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX)
    }
}

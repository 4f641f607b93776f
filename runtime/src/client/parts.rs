//! The step from settings to the state of a client.

use std::{sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, header::InvalidHeaderValue};

use crate::{
    ServiceInfo,
    context::Context,
    endpoint::{Endpoint, EndpointError},
    exchange::{CallOptions, ClockOffset, Destination, MAX_ATTEMPTS, RateLimit, Route, Shared},
    protocol::Choices,
    provider::ProvideCredentials,
    retry::{Backoff, RetryBudget},
    settings::{RetryMode, Settings},
    sign::Auth,
    transport::Transports,
};

/// The required parts of every client. All other parts have defaults, which can be replaced in [`Shared`].
pub(crate) struct Parts<'a> {
    pub(crate) service: &'static ServiceInfo,
    pub(crate) auth: Auth,
    pub(crate) settings: &'a Settings,
    pub(crate) endpoint: Endpoint,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transports: Transports,
    pub(crate) context: Arc<dyn Context>,
    pub(crate) clock: Arc<ClockOffset>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) attempt_timeout: Duration,
    pub(crate) operation_timeout: Duration,
}

impl Parts<'_> {
    /// Makes the state of a client.
    ///
    /// # Errors
    /// [`EndpointError`] if signatures need a region, and the endpoint has none.
    pub(crate) fn share(self) -> Result<Shared, EndpointError> {
        let destination = Destination::new(self.endpoint, self.auth, self.credentials)?;
        let mode = self.settings.retry_mode.as_ref().map(|mode| mode.value);
        Ok(Shared {
            service: self.service,
            settings: self.settings.clone(),
            destination,
            transports: self.transports,
            user_agent: self.user_agent,
            rate: (mode == Some(RetryMode::Adaptive)).then(|| RateLimit::new(self.context.instant())),
            context: self.context,
            options: CallOptions {
                operation_timeout: self.operation_timeout,
                attempt_timeout: self.attempt_timeout,
                max_attempts: self.settings.max_attempts.as_ref().map_or(MAX_ATTEMPTS, |max| max.value.get()),
                retry_everything: false,
                backoff: Backoff::default(),
                classifier: None,
                region: None,
                credentials: None,
                check_constraints: true,
                choices: Choices::default(),
                headers: HeaderMap::new(),
            },
            hooks: Vec::new(),
            auth: self.auth,
            budget: RetryBudget::default(),
            clock: self.clock,
            route: Route::default(),
        })
    }
}

/// The `User-Agent` of requests: the name of this client, and a suffix.
pub(crate) fn user_agent(
    suffix: Option<&str>,
    settings: &Settings,
) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut agent = concat!("gatewright/", env!("CARGO_PKG_VERSION")).to_owned();
    let app_id = settings.app_id.as_ref().map(|id| id.value.as_str());
    if let Some(suffix) = suffix.or(app_id) {
        agent.extend([" ", suffix]);
    }
    HeaderValue::try_from(agent)
}

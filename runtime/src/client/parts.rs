//! The step from settings to the state of a client.

use std::{
    env::consts::{ARCH, OS},
    sync::Arc,
    time::Duration,
};

use http::{HeaderMap, HeaderValue};

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
                accepted_once: false,
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

/// The `User-Agent` of requests, in the form of the AWS SDKs: this client, operating system, architecture, language, and
/// the application.
///
/// The language has no version: only a build script can know the compiler's. `None` if the suffix has other characters
/// than visible ASCII and spaces.
pub(crate) fn user_agent(suffix: Option<&str>, settings: &Settings) -> Option<HeaderValue> {
    let os = match OS {
        "android" | "ios" | "linux" | "macos" | "windows" => OS,
        _ => "other",
    };
    let client = concat!("gatewright/", env!("CARGO_PKG_VERSION"), " ua/2.1 os/");
    let mut agent = [client, os, " md/arch#", ARCH, " lang/rust"].concat();
    if let Some(suffix) = suffix {
        agent.extend([" ", suffix]);
    } else if let Some(id) = &settings.app_id {
        agent.push_str(" app/");
        agent.extend(id.value.chars().map(|char| if is_of_token(char) { char } else { '-' }));
    }
    let is_plain = agent.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic());
    HeaderValue::try_from(agent).ok().filter(|_| is_plain)
}

/// Whether a part of a user agent can contain a character (RFC 9110, 5.6.2; `#` separates a name from its version).
fn is_of_token(char: char) -> bool {
    char.is_ascii_alphanumeric() || "!$%&'*+-.^_`|~".contains(char)
}

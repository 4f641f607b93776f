//! The step from settings to a client.

use std::sync::Arc;

use http::uri::Scheme;

use super::{Aim, BuildError, ClientBuilder, ServiceClient};
use crate::{
    Client, Service,
    client::{Parts, user_agent},
    credentials::{CredentialsChain, Setup},
    settings::Settings,
};

impl<C: ServiceClient> ClientBuilder<C> {
    /// Builds the client.
    ///
    /// # Errors
    /// [`BuildError`] if a setting is missing or cannot be used. Credentials are requested by the first call.
    pub fn build(mut self) -> Result<C, BuildError> {
        let service = C::Service::INFO;
        let Aim { headers, route } = self.target.aim(service, &mut self.setup.explicit, &mut self.auth)?;
        self.http.reach_sources(&mut self.setup)?;
        let Setup { context, files, clock, explicit, .. } = &self.setup;
        let settings = Settings::resolve(&**context, files, service, explicit.clone())?;
        let endpoint = service.endpoints.resolve(&settings.endpoint_params())?;
        let credentials = self
            .credentials
            .clone()
            .unwrap_or_else(|| Arc::new(CredentialsChain::of(service.auth.vendor(), self.setup.clone())));
        let is_https = endpoint.url.scheme() == Some(&Scheme::HTTPS);
        let parts = Parts {
            service,
            auth: self.auth.unwrap_or(service.auth),
            settings: &settings,
            credentials,
            transports: self.http.transports(&self.setup, &settings, is_https)?,
            context: Arc::clone(context),
            clock: clock.for_sender(route.address(&endpoint.url)),
            endpoint,
            user_agent: user_agent(self.user_agent_suffix.as_deref(), &settings)
                .ok_or(BuildError::UserAgent)?,
            attempt_timeout: self.attempt_timeout,
            operation_timeout: self.operation_timeout,
        };
        let mut shared = parts.share()?;
        shared.options.retry_everything = self.retry_everything;
        shared.options.backoff = self.backoff;
        shared.options.classifier = self.classifier;
        shared.budget = self.budget;
        shared.options.check_constraints = self.check_constraints;
        shared.options.choices = self.choices;
        shared.hooks = self.hooks;
        shared.options.headers = headers;
        shared.route = route;
        Ok(C::from_client(Client::new(shared)))
    }
}

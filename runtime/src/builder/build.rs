//! The step from settings to a client.

use std::sync::Arc;

use http::uri::Scheme;

use super::{Aim, BuildError, ClientBuilder, ServiceClient};
use crate::{
    Client, Service,
    client::{Parts, user_agent},
    credentials::{CredentialsChain, Setup},
    settings::Settings,
    transport::{Authorities, HttpTransportBuilder},
};

impl<C: ServiceClient> ClientBuilder<C> {
    /// Builds the client.
    ///
    /// # Errors
    /// [`BuildError`] if a setting is missing or cannot be used. Credentials are requested by the first call.
    pub fn build(mut self) -> Result<C, BuildError> {
        let service = C::Service::INFO;
        let Aim { headers, route } = self.target.aim(service, &mut self.setup.explicit, &mut self.auth)?;
        let Setup { context, files, clock, explicit, .. } = &self.setup;
        let settings = Settings::resolve(&**context, files, service, explicit.clone())?;
        let endpoint = service.endpoints.resolve(&settings.endpoint_params())?;
        let authorities = self.root_certificates.as_deref().map(Authorities::parse).transpose()?;
        let credentials = self.credentials.clone().unwrap_or_else(|| {
            Arc::new(CredentialsChain::of(service.auth.vendor(), self.setup.trusting(authorities.clone())))
        });
        let is_https = endpoint.url.scheme() == Some(&Scheme::HTTPS);
        let http = || self.http(&settings, authorities.as_ref(), is_https);
        let parts = Parts {
            service,
            auth: self.auth.unwrap_or(service.auth),
            settings: &settings,
            credentials,
            transports: self.setup.own_transports.clone().or_default(http)?,
            context: Arc::clone(context),
            clock: clock.for_sender(route.address(&endpoint.url)),
            endpoint,
            user_agent: user_agent(self.user_agent_suffix.as_deref(), &settings)
                .map_err(|_| BuildError::UserAgent)?,
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

    /// The settings of the default transport. For `http://` no certificates are read: reading a bundle takes longer
    /// than a call.
    fn http(
        &self,
        settings: &Settings,
        authorities: Option<&Authorities>,
        is_https: bool,
    ) -> Result<HttpTransportBuilder, BuildError> {
        let context = &*self.setup.context;
        let mut builder = HttpTransportBuilder::new(context)
            .allow_http_to_any_host(self.http_to_any_host)
            .cryptography(self.setup.cryptography);
        if let Some(timeout) = self.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(bytes) = self.max_body_bytes {
            builder = builder.max_body_bytes(bytes);
        }
        if let Some(authorities) = authorities {
            builder = builder.trust(authorities.clone());
        } else if let Some(bundle) = settings.ca_bundle.as_ref().filter(|_| is_https) {
            builder = bundle.trusted_by(context, builder)?;
        }
        Ok(builder)
    }
}

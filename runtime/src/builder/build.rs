//! From settings to a client.

use std::sync::Arc;

#[cfg(not(feature = "raw-http"))]
use http::HeaderMap;
use http::{HeaderValue, uri::Scheme};

use super::{BuildError, ClientBuilder, ServiceClient};
#[cfg(feature = "raw-http")]
use crate::raw_http::Aim;
use crate::{
    Client, Service,
    client::{CallOptions, Shared},
    credentials::{CredentialsChain, Setup},
    exchange::{MAX_ATTEMPTS, RateLimit},
    settings::{RetryMode, Settings},
    sign::sigv4::SigningKeys,
    transport::{Authorities, HttpTransportBuilder, is_authentic},
};

impl<C: ServiceClient> ClientBuilder<C> {
    /// The client.
    ///
    /// # Errors
    /// [`BuildError`] where a setting is missing or cannot be used. Credentials are first asked for by a call.
    #[cfg_attr(not(feature = "raw-http"), expect(unused_mut, reason = "only a target changes settings"))]
    pub fn build(mut self) -> Result<C, BuildError> {
        let service = C::Service::INFO;
        #[cfg(feature = "raw-http")]
        let Aim { headers, route } = self.target.aim(service, &mut self.explicit, &mut self.auth)?;
        #[cfg(not(feature = "raw-http"))]
        let headers = HeaderMap::new();
        let settings = Settings::resolve(&*self.context, &self.files, service, self.explicit.clone())?;
        let endpoint = service.endpoints.resolve(&settings.endpoint_params())?;
        let authorities = self.root_certificates.as_deref().map(Authorities::parse).transpose()?;
        let credentials = self.credentials.clone().unwrap_or_else(|| {
            let setup = Setup {
                #[cfg(feature = "assume-role")]
                region: self.explicit.region.clone(),
                #[cfg(feature = "assume-role")]
                mfa_code: self.mfa_code.clone(),
                files: self.files.clone(),
                clock: Arc::clone(&self.clock),
                #[cfg(any(feature = "assume-role", feature = "sso"))]
                use_fips: self.explicit.use_fips,
                #[cfg(any(feature = "assume-role", feature = "sso"))]
                use_dual_stack: self.explicit.use_dual_stack,
                #[cfg(any(feature = "assume-role", feature = "instance", feature = "sso"))]
                authorities: authorities.clone(),
                ..Setup::new(Arc::clone(&self.context), self.explicit.profile.clone())
            };
            Arc::new(CredentialsChain::of(service.auth.vendor(), setup))
        });
        let auth = self.auth.unwrap_or(service.auth);
        let is_https = endpoint.url.scheme() == Some(&Scheme::HTTPS);
        // Anyone on the way of `http://` may claim to know the time, and is believed for this host alone.
        let sender = &endpoint.url;
        #[cfg(feature = "raw-http")]
        let sender = route.address(sender);
        let clock = if is_authentic(sender) { Arc::clone(&self.clock) } else { Arc::default() };
        let options = CallOptions {
            operation_timeout: self.operation_timeout,
            attempt_timeout: self.attempt_timeout,
            max_attempts: settings.max_attempts.as_ref().map_or(MAX_ATTEMPTS, |max| max.value.get()),
            retry_everything: self.retry_everything,
            check_constraints: self.check_constraints,
            choices: self.choices,
            headers,
        };
        let mode = settings.retry_mode.as_ref().map(|mode| mode.value);
        let rate = (mode == Some(RetryMode::Adaptive)).then(|| RateLimit::new(self.context.instant()));
        // One for both, since it may read and parse a bundle of certificates; none for transports of the user's own.
        let mut shared = None;
        let mut http = || match &shared {
            Some(builder) => Ok(HttpTransportBuilder::clone(builder)),
            None => self
                .http(&settings, authorities.as_ref(), is_https)
                .inspect(|builder| shared = Some(builder.clone())),
        };
        #[cfg(feature = "async")]
        let transport = match &self.transport {
            Some(transport) => Arc::clone(transport),
            None => Arc::new(http()?.build()),
        };
        #[cfg(feature = "blocking")]
        let blocking_transport = match &self.blocking_transport {
            Some(transport) => Arc::clone(transport),
            None => Arc::new(http()?.build_blocking()),
        };
        Ok(C::from_client(Client::new(Shared {
            service,
            region: match endpoint.signing_region() {
                Ok(region) => region.to_owned(),
                Err(_) if !auth.has_scope() => String::new(),
                Err(error) => return Err(error.into()),
            },
            endpoint: endpoint.url,
            credentials,
            #[cfg(feature = "async")]
            transport,
            #[cfg(feature = "blocking")]
            blocking_transport,
            user_agent: self.make_user_agent(&settings)?,
            context: self.context,
            options,
            hooks: self.hooks,
            auth,
            keys: SigningKeys::default(),
            budget: Arc::default(),
            rate,
            clock,
            #[cfg(feature = "raw-http")]
            route,
        })))
    }

    /// The default transport's settings. `http://` trusts no one, and reading a bundle takes longer than a call.
    fn http(
        &self,
        settings: &Settings,
        authorities: Option<&Authorities>,
        is_https: bool,
    ) -> Result<HttpTransportBuilder, BuildError> {
        let mut builder = HttpTransportBuilder::new(&*self.context)
            .allow_http_to_any_host(self.http_to_any_host)
            .trust_also(self.more_authorities.clone());
        if let Some(timeout) = self.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if let Some(bytes) = self.max_body_bytes {
            builder = builder.max_body_bytes(bytes);
        }
        if let Some(authorities) = authorities {
            builder = builder.trust(authorities.clone());
        } else if let Some(bundle) = settings.ca_bundle.as_ref().filter(|_| is_https) {
            builder = bundle.trusted_by(&*self.context, builder)?;
        }
        Ok(builder)
    }

    fn make_user_agent(&self, settings: &Settings) -> Result<HeaderValue, BuildError> {
        let mut agent = concat!("gatewright/", env!("CARGO_PKG_VERSION")).to_owned();
        let app_id = settings.app_id.as_ref().map(|id| id.value.as_str());
        if let Some(suffix) = self.user_agent_suffix.as_deref().or(app_id) {
            agent.extend([" ", suffix]);
        }
        HeaderValue::try_from(agent).map_err(|_| BuildError::UserAgent)
    }
}

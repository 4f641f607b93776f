//! Settings that sources of credentials are built from.

use std::{sync::Arc, time::SystemTime};

#[cfg(any(feature = "assume-role", feature = "instance", feature = "sso"))]
use crate::transport::Authorities;
use crate::{
    context::Context,
    exchange::ClockOffset,
    profile::{Profile, ProfileFiles, SharedFiles},
    settings::SettingsError,
};
#[cfg(any(feature = "assume-role", feature = "sso"))]
use crate::{
    service::ServiceInfo,
    settings::{ExplicitSettings, Settings},
};
#[cfg(any(feature = "instance", feature = "sso"))]
use crate::{settings::Sources, transport::HttpTransportBuilder};

/// The machine, and what the caller chose.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) context: Arc<dyn Context>,
    /// What is known of the machine's clock; the client that uses the sources knows the same.
    pub(crate) clock: Arc<ClockOffset>,
    /// Profile of the shared files that was named by the caller, not by the environment.
    pub(crate) profile: Option<String>,
    pub(crate) files: SharedFiles,
    /// What the caller chose for the endpoints of the services that sources call.
    #[cfg(any(feature = "assume-role", feature = "sso"))]
    pub(crate) use_fips: Option<bool>,
    #[cfg(any(feature = "assume-role", feature = "sso"))]
    pub(crate) use_dual_stack: Option<bool>,
    /// Authorities that the caller trusts; sources trust them, too, next to those of the settings or the system: the
    /// caller may have meant the private authority of one host, which no public service has.
    #[cfg(any(feature = "assume-role", feature = "instance", feature = "sso"))]
    pub(crate) authorities: Option<Authorities>,
    /// Region of the service that gives roles, else the settings'.
    #[cfg(feature = "assume-role")]
    pub(crate) region: Option<String>,
    #[cfg(feature = "assume-role")]
    pub(crate) mfa_code: Option<Arc<dyn super::ProvideMfaCode>>,
}

impl Setup {
    pub(crate) fn new(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self {
            context,
            clock: Arc::default(),
            profile,
            files: SharedFiles::default(),
            #[cfg(any(feature = "assume-role", feature = "sso"))]
            use_fips: None,
            #[cfg(any(feature = "assume-role", feature = "sso"))]
            use_dual_stack: None,
            #[cfg(any(feature = "assume-role", feature = "instance", feature = "sso"))]
            authorities: None,
            #[cfg(feature = "assume-role")]
            region: None,
            #[cfg(feature = "assume-role")]
            mfa_code: None,
        }
    }

    /// The time, as services see it.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.correct(self.context.now())
    }

    /// The shared files, and the profile that is used.
    pub(super) fn profile(&self) -> Result<(&ProfileFiles, Profile<'_>), SettingsError> {
        let files = self.files.get(&*self.context)?;
        Ok((files, files.choose(&*self.context, self.profile.as_deref())?))
    }

    /// Where settings are looked for.
    #[cfg(any(feature = "instance", feature = "sso"))]
    pub(super) fn sources(&self) -> Result<Sources<'_>, SettingsError> {
        Sources::new(&*self.context, &self.files, self.profile.as_deref())
    }

    /// Settings of a service that a source calls.
    #[cfg(any(feature = "assume-role", feature = "sso"))]
    pub(super) fn settings(
        &self,
        service: &ServiceInfo,
        region: Option<String>,
        endpoint_url: Option<String>,
    ) -> Result<Settings, SettingsError> {
        let mut explicit = ExplicitSettings::default();
        explicit.profile.clone_from(&self.profile);
        (explicit.region, explicit.endpoint_url) = (region, endpoint_url);
        (explicit.use_fips, explicit.use_dual_stack) = (self.use_fips, self.use_dual_stack);
        Settings::resolve(&*self.context, &self.files, service, explicit)
    }

    /// A transport with the proxies and the trust of every other. Trust matters to `https://` alone, and reading a
    /// bundle of certificates takes longer than a request.
    #[cfg(any(feature = "instance", feature = "sso"))]
    pub(super) fn http(&self, url: &http::Uri) -> Result<HttpTransportBuilder, SettingsError> {
        let http = HttpTransportBuilder::new(&*self.context);
        if url.scheme() != Some(&http::uri::Scheme::HTTPS) {
            return Ok(http);
        }
        let http = http.trust_also(self.authorities.clone());
        match self.sources()?.ca_bundle(None)? {
            Some(bundle) => bundle.trusted_by(&*self.context, http),
            None => Ok(http),
        }
    }
}

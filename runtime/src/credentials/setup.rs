//! Settings that sources of credentials are built from.

use std::{sync::Arc, time::SystemTime};

use super::{mfa::ProvideMfaCode, transports::SourceTransports};
use crate::{
    context::Context,
    exchange::ClockOffset,
    profile::{Profile, ProfileFiles, SharedFiles},
    service::ServiceInfo,
    settings::{ExplicitSettings, Settings, SettingsError, Sources},
    vendor::Vendor,
};

/// The machine and the caller's settings, shared by a client and its sources.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) context: Arc<dyn Context>,
    /// The correction of the machine's clock, shared with the client that uses the sources.
    pub(crate) clock: Arc<ClockOffset>,
    pub(crate) files: SharedFiles,
    /// Whose settings apply to requests of sources.
    pub(super) vendor: Vendor,
    /// The caller's settings. Profile, region, FIPS and dual stack also apply to services that sources call.
    pub(crate) explicit: ExplicitSettings,
    pub(crate) mfa_code: Option<Arc<dyn ProvideMfaCode>>,
    pub(crate) transports: SourceTransports,
}

/// How requests of a source reach a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// Through proxies, if set; by `http://` only to this machine.
    Configured,
    /// As a [`MetadataRequest`](crate::transport::MetadataRequest), whose address is checked elsewhere.
    Metadata,
}

impl Setup {
    pub(crate) fn new(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self {
            context,
            clock: Arc::default(),
            files: SharedFiles::default(),
            vendor: Vendor::Aws,
            explicit: ExplicitSettings { profile, ..ExplicitSettings::default() },
            mfa_code: None,
            transports: SourceTransports::default(),
        }
    }

    /// Replaces the machine, about which nothing is known yet.
    pub(crate) fn set_context(&mut self, context: impl Context) {
        self.context = Arc::new(context);
        self.files = SharedFiles::default();
        self.transports.forget();
    }

    /// The time, as services see it.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.correct(self.context.now())
    }

    /// A uniform random number, to spread pauses and refreshes.
    pub(super) fn random(&self) -> u8 {
        let mut random = [0];
        self.context.random(&mut random);
        let [random] = random;
        random
    }

    /// The profile that the caller chose, not the environment's.
    pub(super) fn chosen_profile(&self) -> Option<&str> {
        self.explicit.profile.as_deref()
    }

    /// The shared files, and the profile that is used.
    pub(super) fn profile(&self) -> Result<(&ProfileFiles, Profile<'_>), SettingsError> {
        let files = self.files.get(&*self.context)?;
        Ok((files, files.choose(&*self.context, self.chosen_profile())?))
    }
}

/// What sources that send requests need.
impl Setup {
    /// Where settings are looked for.
    pub(super) fn sources(&self) -> Result<Sources<'_>, SettingsError> {
        Sources::new(&*self.context, &self.files, self.chosen_profile())
    }

    /// Settings of a service that a source calls.
    pub(super) fn settings(
        &self,
        service: &ServiceInfo,
        region: Option<String>,
        endpoint_url: Option<String>,
    ) -> Result<Settings, SettingsError> {
        let explicit = ExplicitSettings {
            profile: self.explicit.profile.clone(),
            region,
            endpoint_url,
            use_fips: self.explicit.use_fips,
            use_dual_stack: self.explicit.use_dual_stack,
            // What is set for the client's service, or for its calls, does not apply to services of sources.
            use_global: None,
            use_vpc: false,
            max_attempts: None,
            retry_mode: None,
            app_id: None,
            ca_bundle: None,
        };
        Settings::resolve(&*self.context, &self.files, service, explicit)
    }
}

/// Setters of builders with a `setup`.
macro_rules! setup_setters {
    () => {
        /// The transport of requests while async calls wait. The clients of other services may share it.
        #[cfg(feature = "async-driver")]
        pub fn transport(mut self, transport: impl crate::transport::Transport) -> Self {
            self.setup.transports.own.awaited = Some(std::sync::Arc::new(transport));
            self
        }

        /// The transport of requests while blocking calls wait. The clients of other services may share it.
        #[cfg(feature = "blocking-driver")]
        pub fn blocking_transport(mut self, transport: impl crate::transport::BlockingTransport) -> Self {
            self.setup.transports.own.blocking = Some(std::sync::Arc::new(transport));
            self
        }

        /// Takes time, randomness, environment and files from `context` instead of this machine.
        pub fn context(mut self, context: impl crate::context::Context) -> Self {
            self.setup.set_context(context);
            self
        }
    };
}
pub(super) use setup_setters;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::test_context::TestContext;

    #[test]
    fn another_machine_has_files_of_its_own() {
        let machine = |region: &str| {
            let config = format!("[default]\nregion = {region}\n");
            TestContext::new().variable("HOME", "/home/me").file("/home/me/.aws/config", config)
        };
        let region =
            |setup: &Setup| setup.profile().unwrap().1.get("region").map(|found| found.value.clone());
        let here = Setup::new(machine("eu-west-1").shared(), None);
        assert_eq!(region(&here).as_deref(), Some("eu-west-1"));
        let mut there = here.clone();
        there.set_context(machine("us-west-2"));
        assert_eq!(region(&there).as_deref(), Some("us-west-2"));
        assert_eq!(region(&here).as_deref(), Some("eu-west-1"));
    }
}

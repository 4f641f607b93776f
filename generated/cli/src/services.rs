//! Programs that have the verbs, and the services that they know.

use std::{marker::PhantomData, num::NonZeroU32, time::Duration};

use gatewright_core::vendor::Vendor;
use gatewright_fake::{Fake, FakeService};
use gatewright_runtime::{BuildError, Client, ClientBuilder, ServiceClient, ServiceInfo};

use crate::{failure::Failure, output::word};

/// A program with verbs.
#[derive(Debug)]
pub struct Program {
    /// The services that it knows.
    pub services: &'static [Service],
    /// The words that start it, in commands that it suggests.
    pub command: &'static str,
    /// The folder of the services' models, if users of the program name one. Part of commands that it suggests.
    pub model: Option<String>,
}

impl Program {
    /// The service of this name.
    pub(crate) fn find(&self, name: &str) -> Result<&'static Service, Failure> {
        let known = || self.services.iter().map(|service| service.name);
        let mut services = self.services.iter();
        services
            .find(|service| service.name == name)
            .ok_or_else(|| Failure::unknown("service", name, known()))
    }

    /// Facts about the service of this name.
    pub(crate) fn info(&self, name: &str) -> Result<&'static ServiceInfo, Failure> {
        self.find(name).map(|service| service.fake.info())
    }

    /// The service whose APIs have host names of known forms.
    pub(crate) fn apis(&self) -> Option<&'static ServiceInfo> {
        self.services.iter().map(|service| service.fake.info()).find(|info| !info.hosts.forms.is_empty())
    }

    /// Facts about the service with this identifier in settings, and of several with this title.
    pub(crate) fn info_of_exchange(&self, id: &str, title: &str) -> Option<&'static ServiceInfo> {
        let infos =
            || self.services.iter().map(|service| service.fake.info()).filter(|info| info.settings_id == id);
        infos().find(|info| info.title == title).or_else(|| infos().next())
    }

    /// The option that names the models, after a blank.
    pub(crate) fn model_option(&self) -> String {
        self.model.as_ref().map(|model| format!(" --model {}", word(model))).unwrap_or_default()
    }
}

/// Makes a client of a fake, or configured from the environment, with further settings.
pub type MakeClient = fn(Option<&Fake>, &Setup) -> Result<Client, BuildError>;

/// A service and how to call it without its types.
#[derive(Debug)]
pub struct Service {
    /// Name of the service.
    pub name: &'static str,
    /// Facts about it, and its fake.
    pub fake: &'static FakeService,
    /// Makes a client of the service. `None` for a service that is called by HTTP method and path.
    pub client: Option<MakeClient>,
}

impl Service {
    /// Variable with which its users choose a profile.
    pub(crate) fn profile_variable(&self) -> &'static str {
        match self.fake.info().auth.vendor() {
            Vendor::Aws => "AWS_PROFILE",
            Vendor::AlibabaCloud => "ALIBABA_CLOUD_PROFILE",
        }
    }

    /// Variables in which its users keep access key id, secret and session token.
    pub(crate) fn key_variables(&self) -> [&'static str; 3] {
        match self.fake.info().auth.vendor() {
            Vendor::Aws => ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"],
            Vendor::AlibabaCloud => [
                "ALIBABA_CLOUD_ACCESS_KEY_ID",
                "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
                "ALIBABA_CLOUD_SECURITY_TOKEN",
            ],
        }
    }
}

/// Settings of a client, which builders of different services take alike.
#[derive(Debug, Default)]
pub struct Setup {
    pub(crate) endpoint: Option<String>,
    pub(crate) region: Option<String>,
    pub(crate) profile: Option<String>,
    pub(crate) timeout: Option<Duration>,
    pub(crate) attempt_timeout: Option<Duration>,
    pub(crate) max_attempts: Option<NonZeroU32>,
    pub(crate) unchecked: bool,
}

/// A client without methods of its own.
struct Bare<S>(Client, PhantomData<S>);

impl<S: gatewright_runtime::Service> ServiceClient for Bare<S> {
    type Service = S;

    fn from_client(client: Client) -> Self {
        Self(client, PhantomData)
    }
}

/// Makes a client of the service `S`.
///
/// # Errors
/// A setting is missing or invalid.
pub fn client<S: gatewright_runtime::Service>(
    fake: Option<&Fake>,
    setup: &Setup,
) -> Result<Client, BuildError> {
    let mut builder: ClientBuilder<Bare<S>> = fake.map_or_else(ClientBuilder::new, Fake::client_builder);
    builder = builder.check_constraints(!setup.unchecked);
    if let Some(endpoint) = &setup.endpoint {
        builder = builder.endpoint_url(endpoint);
    }
    if let Some(region) = &setup.region {
        builder = builder.region(region);
    }
    if let Some(profile) = &setup.profile {
        builder = builder.profile(profile);
    }
    if let Some(timeout) = setup.timeout {
        builder = builder.operation_timeout(timeout);
    }
    if let Some(timeout) = setup.attempt_timeout {
        builder = builder.attempt_timeout(timeout);
    }
    if let Some(attempts) = setup.max_attempts {
        builder = builder.max_attempts(attempts);
    }
    Ok(builder.build()?.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::SERVICES;

    #[test]
    fn an_exchange_is_explained_with_its_own_service() {
        let program = Program { services: SERVICES, command: "gatewright", model: None };
        let infos: Vec<_> = SERVICES.iter().map(|service| service.fake.info()).collect();
        for info in &infos {
            let found = program.info_of_exchange(info.settings_id, info.title);
            assert!(found.is_some_and(|found| std::ptr::eq(found, *info)), "{}", info.title);
        }
        // Identifiers alone do not suffice, and a title that changed is no obstacle.
        let alike: Vec<_> =
            infos.iter().filter(|info| info.settings_id == "STS").map(|info| info.title).collect();
        assert_eq!(alike, ["Alibaba Cloud Security Token Service", "AWS Security Token Service"]);
        let renamed = program.info_of_exchange("Storage Gateway", "Storage").map(|info| info.title);
        assert_eq!(renamed, Some("AWS Storage Gateway"));
        assert!(program.info_of_exchange("Other", "Other").is_none());
    }
}

//! A source that tries several sources in order.

use std::sync::{Arc, OnceLock};

#[cfg(feature = "rpc-v1")]
use super::AlibabaCloudProfileCredentials;
#[cfg(any(feature = "rpc-v1", not(all(feature = "assume-role", feature = "instance"))))]
use super::elsewhere::Elsewhere;
use super::{
    Credentials, CredentialsError, EnvironmentCredentials, ProfileCredentials, ProvideCredentials, Setup,
};
#[cfg(feature = "rpc-v1")]
use crate::profile::alibaba_cloud::Store;
use crate::{BoxFuture, context::Context, vendor::Vendor};

/// Asks sources in order until one serves, and from then on that one alone, so that the identity never changes.
///
/// A source that has nothing ([`CredentialsError::is_absent`]) is passed over; one that is set up but fails ends the
/// search, because going on would use an identity that no one meant.
#[derive(Debug)]
pub struct CredentialsChain {
    sources: Vec<Arc<dyn ProvideCredentials>>,
    chosen: OnceLock<usize>,
}

impl CredentialsChain {
    /// Asks these sources.
    pub fn new(sources: Vec<Arc<dyn ProvideCredentials>>) -> Self {
        Self { sources, chosen: OnceLock::new() }
    }

    /// The order of the AWS CLI: environment, web identity, profile, container, instance. A profile that names a role, by
    /// `source_profile` or `credential_source`, comes before the web identity of the environment. With a profile named
    /// here, not by `AWS_PROFILE`, the environment is not looked at.
    ///
    /// Sources behind features that are off serve no one, and say so where they are set up.
    pub fn standard(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self::of_aws(Setup::new(context, profile))
    }

    /// The order that users of a vendor know.
    pub(crate) fn of(vendor: Vendor, setup: Setup) -> Self {
        match vendor {
            Vendor::Aws => Self::of_aws(setup),
            #[cfg(feature = "rpc-v1")]
            Vendor::AlibabaCloud => Self::of_alibaba_cloud(&setup),
        }
    }

    fn of_aws(setup: Setup) -> Self {
        let environment = Arc::new(EnvironmentCredentials::new(Arc::clone(&setup.context)));
        let named = setup.profile.is_some();
        let rest: [Arc<dyn ProvideCredentials>; 3] =
            [web_identity(&setup), container(&setup), instance(&setup)];
        let profile = Arc::new(ProfileCredentials::of(setup));
        if named {
            let [_, container, instance] = rest;
            return Self::new(vec![profile, container, instance]);
        }
        let [web_identity, container, instance] = rest;
        Self::new(vec![environment, web_identity, profile, container, instance])
    }

    /// The order that users of Alibaba Cloud know: environment, then the profile of the command line tool, then that of
    /// the credentials file. A profile named here, not by `ALIBABA_CLOUD_PROFILE`, is looked for in the files alone.
    #[cfg(feature = "rpc-v1")]
    pub fn alibaba_cloud(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self::of_alibaba_cloud(&Setup::new(context, profile))
    }

    #[cfg(feature = "rpc-v1")]
    fn of_alibaba_cloud(setup: &Setup) -> Self {
        const KEYS: &str = "not supported yet; put keys into the environment or a profile";
        let stored = |store| Arc::new(AlibabaCloudProfileCredentials::of(setup.clone(), store));
        let [command_line, file] = [Store::CommandLine, Store::Credentials].map(stored);
        if setup.profile.is_some() {
            return Self::new(vec![command_line, file]);
        }
        let context = Arc::clone(&setup.context);
        let elsewhere = |source, variables| -> Arc<dyn ProvideCredentials> {
            Arc::new(Elsewhere { context: Arc::clone(&context), source, variables, remedy: KEYS })
        };
        Self::new(vec![
            Arc::new(EnvironmentCredentials::alibaba_cloud(Arc::clone(&context))),
            elsewhere("OIDC token", &["ALIBABA_CLOUD_OIDC_TOKEN_FILE"]),
            command_line,
            file,
            elsewhere("credentials URI", &["ALIBABA_CLOUD_CREDENTIALS_URI"]),
            Arc::new(Elsewhere { context, source: "instance metadata", variables: &[], remedy: KEYS }),
        ])
    }

    async fn ask(&self) -> Result<Credentials, CredentialsError> {
        if let Some(source) = self.chosen.get().and_then(|&index| self.sources.get(index)) {
            return source.provide().await;
        }
        let mut tried: Option<CredentialsError> = None;
        for (index, source) in self.sources.iter().enumerate() {
            let error = match source.provide().await {
                Ok(credentials) => {
                    self.chosen.get_or_init(|| index);
                    return Ok(credentials);
                }
                Err(error) => error,
            };
            let ends = !error.is_absent();
            let all = match tried.take() {
                Some(tried) => tried.and(error),
                None => error,
            };
            if ends {
                return Err(all);
            }
            tried = Some(all);
        }
        Err(tried.unwrap_or_else(|| CredentialsError::absent("chain", "it has no sources")))
    }
}

impl ProvideCredentials for CredentialsChain {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.ask())
    }
}

#[cfg(feature = "assume-role")]
fn web_identity(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    Arc::new(super::WebIdentityCredentials::of_chain(setup.clone()))
}

#[cfg(not(feature = "assume-role"))]
fn web_identity(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    let variables = &["AWS_WEB_IDENTITY_TOKEN_FILE"];
    elsewhere(setup, "web identity", variables, "turn the feature `assume-role` on")
}

#[cfg(feature = "instance")]
fn container(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    Arc::new(super::ContainerCredentials::of(setup.clone()))
}

#[cfg(not(feature = "instance"))]
fn container(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    let variables = &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    elsewhere(setup, "container", variables, "turn the feature `instance` on")
}

#[cfg(feature = "instance")]
fn instance(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    Arc::new(super::InstanceCredentials::new(super::InstanceMetadata::of(setup.clone())))
}

#[cfg(not(feature = "instance"))]
fn instance(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    elsewhere(setup, "instance metadata", &[], "not asked; turn the feature `instance` on")
}

#[cfg(not(all(feature = "assume-role", feature = "instance")))]
fn elsewhere(
    setup: &Setup,
    source: &'static str,
    variables: &'static [&'static str],
    remedy: &'static str,
) -> Arc<dyn ProvideCredentials> {
    Arc::new(Elsewhere { context: Arc::clone(&setup.context), source, variables, remedy })
}

//! A source that tries several sources in order.

use std::sync::{Arc, OnceLock};

use super::{
    Credentials, CredentialsError, EnvironmentCredentials, ProfileCredentials, ProvideCredentials, Setup,
    metadata, provide, role,
};
use crate::{context::Context, driver::Driver, vendor::Vendor};

/// Tries sources in order until one has credentials. Then only that source is used, so that the identity never changes.
///
/// A source without credentials ([`CredentialsError::is_absent`]) is skipped; one that is configured but fails ends the
/// search, because the next source might have another identity.
#[derive(Debug)]
pub struct CredentialsChain {
    sources: Vec<Arc<dyn ProvideCredentials>>,
    chosen: OnceLock<usize>,
}

impl CredentialsChain {
    /// A chain of these sources.
    pub fn new(sources: Vec<Arc<dyn ProvideCredentials>>) -> Self {
        Self { sources, chosen: OnceLock::new() }
    }

    /// The order of the AWS CLI: environment, web identity, profile, container, instance. A profile that names a role,
    /// by `source_profile` or `credential_source`, comes before the web identity of the environment. With a profile
    /// named here, not by `AWS_PROFILE`, the environment is ignored.
    ///
    /// A source whose feature is disabled has no credentials; if it is configured, its error names the feature.
    pub fn standard(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self::of_aws(Setup::new(context, profile))
    }

    /// The order of the vendor's own tools.
    pub(crate) fn of(vendor: Vendor, setup: Setup) -> Self {
        match vendor {
            #[cfg(feature = "rpc-v1")]
            Vendor::AlibabaCloud => Self::of_alibaba_cloud(setup),
            _ => Self::of_aws(setup),
        }
    }

    fn of_aws(setup: Setup) -> Self {
        let [container, instance] = metadata::sources(&setup);
        let web_identity = role::web_identity(&setup);
        let environment = Arc::new(EnvironmentCredentials::new(Arc::clone(&setup.context)));
        let named = setup.explicit.profile.is_some();
        let profile = Arc::new(ProfileCredentials::of(setup));
        if named {
            return Self::new(vec![profile, container, instance]);
        }
        Self::new(vec![environment, web_identity, profile, container, instance])
    }

    async fn ask(&self, driver: Driver) -> Result<Credentials, CredentialsError> {
        if let Some(source) = self.chosen.get().and_then(|&index| self.sources.get(index)) {
            return source.provide_by(driver).await;
        }
        let mut tried: Option<CredentialsError> = None;
        for (index, source) in self.sources.iter().enumerate() {
            let error = match source.provide_by(driver).await {
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

provide!(CredentialsChain, |chain, driver| chain.ask(driver));

//! Several sources, one after the other.

use std::{
    future::ready,
    sync::{Arc, OnceLock},
};

#[cfg(feature = "rpc-v1")]
use super::AlibabaCloudProfileCredentials;
use super::{Credentials, CredentialsError, EnvironmentCredentials, ProfileCredentials, ProvideCredentials};
use crate::{BoxFuture, context::Context, profile};

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

    /// The order that AWS users know: environment, then profile. A profile named here, not by `AWS_PROFILE`, is the
    /// only source.
    pub fn standard(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        let named = profile.is_some();
        let profile = Arc::new(ProfileCredentials::new(Arc::clone(&context), profile));
        if named {
            return Self::new(vec![profile]);
        }
        let elsewhere = |source, variables| -> Arc<dyn ProvideCredentials> {
            Arc::new(Elsewhere { context: Arc::clone(&context), source, variables })
        };
        Self::new(vec![
            Arc::new(EnvironmentCredentials::new(Arc::clone(&context))),
            elsewhere("web identity", &["AWS_WEB_IDENTITY_TOKEN_FILE"]),
            profile,
            elsewhere(
                "container",
                &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"],
            ),
            Arc::new(Elsewhere { context, source: "instance metadata", variables: &[] }),
        ])
    }

    /// The order that users of Alibaba Cloud know: environment, then the profile of the command line tool, then that of
    /// the credentials file. A profile named here, not by `ALIBABA_CLOUD_PROFILE`, is looked for in the files alone.
    #[cfg(feature = "rpc-v1")]
    pub fn alibaba_cloud(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        let named = profile.is_some();
        let stored = AlibabaCloudProfileCredentials::command_line(Arc::clone(&context), profile.clone());
        let command_line = Arc::new(stored);
        let stored = AlibabaCloudProfileCredentials::credentials_file(Arc::clone(&context), profile);
        let file = Arc::new(stored);
        if named {
            return Self::new(vec![command_line, file]);
        }
        let elsewhere = |source, variables| -> Arc<dyn ProvideCredentials> {
            Arc::new(Elsewhere { context: Arc::clone(&context), source, variables })
        };
        Self::new(vec![
            Arc::new(EnvironmentCredentials::alibaba_cloud(Arc::clone(&context))),
            elsewhere("OIDC token", &["ALIBABA_CLOUD_OIDC_TOKEN_FILE"]),
            command_line,
            file,
            elsewhere("credentials URI", &["ALIBABA_CLOUD_CREDENTIALS_URI"]),
            Arc::new(Elsewhere { context, source: "instance metadata", variables: &[] }),
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

/// A source that is not supported yet: named, so that no one wonders why theirs did not serve, and not passed over
/// where it is set up.
#[derive(Debug)]
struct Elsewhere {
    context: Arc<dyn Context>,
    source: &'static str,
    /// What sets it up.
    variables: &'static [&'static str],
}

impl ProvideCredentials for Elsewhere {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        const KEYS: &str = "not supported yet; put keys into the environment or a profile";
        let is_set = |name: &&&str| profile::variable_of(&*self.context, name).is_some();
        Box::pin(ready(Err(match (self.variables.iter().find(is_set), self.variables.first()) {
            (Some(variable), _) => {
                CredentialsError::new(self.source, format!("{variable} is set, but {KEYS}, or unset it"))
            }
            (None, Some(variable)) => CredentialsError::absent(self.source, format!("{variable} is not set")),
            (None, None) => CredentialsError::absent(self.source, KEYS),
        })))
    }
}

//! Several sources, one after the other.

use std::{
    future::ready,
    sync::{Arc, OnceLock},
};

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
        let environment = Arc::new(EnvironmentCredentials::new(Arc::clone(&context)));
        Self::new(vec![environment, profile, Arc::new(Host { context })])
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

/// Containers and machines that hand out credentials: named, so that no one wonders why theirs did not serve.
#[derive(Debug)]
struct Host {
    context: Arc<dyn Context>,
}

impl ProvideCredentials for Host {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let container = ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"]
            .into_iter()
            .find(|name| profile::variable_of(&*self.context, name).is_some());
        Box::pin(ready(Err(match container {
            Some(variable) => CredentialsError::new(
                "container",
                format!("{variable} is set, but not supported yet; {KEYS}"),
            ),
            None => CredentialsError::absent("instance metadata", format!("not supported yet; {KEYS}")),
        })))
    }
}

const KEYS: &str = "put keys into the environment or a profile";

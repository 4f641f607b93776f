//! Sources that are disabled in this build.

use std::sync::Arc;

use super::{CredentialsError, ProvideCredentials, Setup, profile::named, provide};
use crate::{
    context::Context,
    profile::{Profile, variable_of},
};

/// A disabled source. Errors name it, and it ends the search if it is configured.
#[derive(Debug)]
pub(super) struct DisabledSource {
    context: Arc<dyn Context>,
    source: &'static str,
    variables: &'static [&'static str],
    remedy: &'static str,
}

impl DisabledSource {
    /// A source that any of these variables configures.
    pub(super) fn of(
        setup: &Setup,
        source: &'static str,
        variables: &'static [&'static str],
        remedy: &'static str,
    ) -> Arc<dyn ProvideCredentials> {
        Arc::new(Self { context: Arc::clone(&setup.context), source, variables, remedy })
    }

    fn error(&self) -> CredentialsError {
        let Self { source, remedy, .. } = *self;
        let is_set = |name: &&&str| variable_of(&*self.context, name).is_some();
        match (self.variables.iter().find(is_set), self.variables.first()) {
            (Some(variable), _) => {
                CredentialsError::new(source, format!("{variable} is set, but {remedy}, or unset it"))
            }
            (None, Some(variable)) => CredentialsError::absent(source, format!("{variable} is not set")),
            (None, None) => CredentialsError::absent(source, remedy),
        }
    }
}

provide!(DisabledSource, |source| Err(source.error()));

/// The failure of a profile whose source is disabled.
pub(super) fn of_profile(profile: &Profile<'_>, key: &str, feature: &str) -> CredentialsError {
    let problem = format!("takes its credentials from `{key}`: enable the feature `{feature}`");
    CredentialsError::new(named(profile), problem)
}

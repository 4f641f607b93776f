//! Sources whose feature is disabled.

use std::{future::ready, sync::Arc};

use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::{BoxFuture, context::Context, profile};

/// A source that is not there: named, so that no one wonders why theirs did not serve, and not passed over where it is set
/// up.
#[derive(Debug)]
pub(super) struct Elsewhere {
    pub(super) context: Arc<dyn Context>,
    pub(super) source: &'static str,
    /// What sets it up.
    pub(super) variables: &'static [&'static str],
    pub(super) remedy: &'static str,
}

impl Elsewhere {
    fn error(&self) -> CredentialsError {
        let Self { source, remedy, .. } = *self;
        let is_set = |name: &&&str| profile::variable_of(&*self.context, name).is_some();
        match (self.variables.iter().find(is_set), self.variables.first()) {
            (Some(variable), _) => {
                CredentialsError::new(source, format!("{variable} is set, but {remedy}, or unset it"))
            }
            (None, Some(variable)) => CredentialsError::absent(source, format!("{variable} is not set")),
            (None, None) => CredentialsError::absent(source, remedy),
        }
    }
}

impl ProvideCredentials for Elsewhere {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(ready(Err(self.error())))
    }
}

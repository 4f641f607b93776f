//! Sources that profiles select.

use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::{BoxFuture, driver::Driver};

/// A source that a profile selects. Its errors name the profile, and having no credentials is a failure.
#[derive(Debug)]
pub(super) struct ProfileTarget {
    name: String,
    source: Box<dyn ProvideCredentials>,
}

impl ProfileTarget {
    pub(super) fn new(source: impl ProvideCredentials, name: String) -> Self {
        Self { name, source: Box::new(source) }
    }
}

impl ProvideCredentials for ProfileTarget {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async { self.provide_by(Driver::of_thread()).await })
    }

    fn provide_by(&self, driver: Driver) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(
            async move { self.source.provide_by(driver).await.map_err(|error| error.of_use(&self.name)) },
        )
    }
}

//! Sources that profiles name.

use std::sync::Arc;

use super::{Credentials, CredentialsError, ProvideCredentials};
use crate::{BoxFuture, driver::Driver};

/// A source that a profile selects. Its errors name the profile, and having no credentials is a failure.
#[derive(Debug)]
pub(super) struct Led {
    name: String,
    source: Box<dyn ProvideCredentials>,
}

impl Led {
    pub(super) fn to(source: impl ProvideCredentials, name: String) -> Arc<dyn ProvideCredentials> {
        Arc::new(Self { name, source: Box::new(source) })
    }
}

impl ProvideCredentials for Led {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(async { self.provide_by(Driver::of_thread()).await })
    }

    fn provide_by(&self, driver: Driver) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(
            async move { self.source.provide_by(driver).await.map_err(|error| error.of_use(&self.name)) },
        )
    }
}

//! Providers of the AWS SDK, as sources.

use std::sync::Arc;

use aws_credential_types::provider::{
    ProvideCredentials as Provider, SharedCredentialsProvider, error::CredentialsError as Failure,
};

use super::{
    CachedCredentials, Credentials, CredentialsError, Setup,
    io::{Io, Source},
    policy, provide,
};
use crate::{BoxFuture, Secret, context::SystemContext, text::with_causes};

/// Credentials of a provider of the AWS SDK, such as `aws-config`'s default chain. Cached until shortly before they
/// expire.
///
/// Such providers are awaited on tokio; blocking calls can use them if the provider itself needs no runtime.
///
/// ```
/// # extern crate gatewright_runtime as gatewright;
/// use aws_credential_types::provider::SharedCredentialsProvider;
/// use gatewright::credentials::AwsSdkCredentials;
///
/// // As `aws_config::load_defaults(…).await.credentials_provider()` gives it.
/// fn credentials(provider: SharedCredentialsProvider) -> AwsSdkCredentials {
///     AwsSdkCredentials::new(provider)
/// }
/// ```
#[derive(Debug)]
pub struct AwsSdkCredentials(CachedCredentials);

impl AwsSdkCredentials {
    /// Credentials of this provider.
    pub fn new(provider: impl Into<SharedCredentialsProvider>) -> Self {
        let setup = Setup::new(Arc::new(SystemContext), None);
        Self(CachedCredentials::of(policy::own(SOURCE), setup, Sdk(provider.into())))
    }
}

provide!(AwsSdkCredentials, |source, driver| source.0.ask(driver));

const SOURCE: &str = "AWS SDK";

#[derive(Debug)]
struct Sdk(SharedCredentialsProvider);

impl Source for Sdk {
    fn ask<'a>(&'a self, _: Io<'a>) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        Box::pin(async {
            let given = self.0.provide_credentials().await.map_err(|error| {
                let text = with_causes(&error);
                let failure = match error {
                    Failure::CredentialsNotLoaded(_) => CredentialsError::absent(SOURCE, text),
                    _ => CredentialsError::new(SOURCE, text),
                };
                failure.with_reason(error)
            })?;
            let mut credentials =
                Credentials::new(given.access_key_id(), Secret::new(given.secret_access_key()))
                    .with_source(SOURCE);
            if let Some(token) = given.session_token() {
                credentials = credentials.with_session_token(Secret::new(token));
            }
            Ok(match given.expiry() {
                Some(expiry) => credentials.with_expiry(expiry),
                None => credentials,
            })
        })
    }
}

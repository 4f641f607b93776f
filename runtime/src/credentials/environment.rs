//! Keys in environment variables.

use std::{
    future::ready,
    sync::{Arc, OnceLock},
};

use super::{Credentials, CredentialsError, ProvideCredentials, keys::Names};
use crate::{BoxFuture, context::Context, profile};

/// Keys in environment variables. They are read until they are found, then kept.
#[derive(Debug)]
pub struct EnvironmentCredentials {
    context: Arc<dyn Context>,
    names: &'static Names,
    found: OnceLock<Credentials>,
}

impl EnvironmentCredentials {
    /// Of AWS: `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary ones, `AWS_SESSION_TOKEN` (or its older
    /// name `AWS_SECURITY_TOKEN`).
    pub fn new(context: Arc<dyn Context>) -> Self {
        Self { context, names: &AWS, found: OnceLock::new() }
    }

    /// Of Alibaba Cloud: `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for temporary ones,
    /// `ALIBABA_CLOUD_SECURITY_TOKEN`.
    #[cfg(feature = "rpc-v1")]
    pub fn alibaba_cloud(context: Arc<dyn Context>) -> Self {
        Self { context, names: &ALIBABA_CLOUD, found: OnceLock::new() }
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        let credentials =
            self.names.read("environment", |name| profile::variable_of(&*self.context, name))?;
        Ok(self.found.get_or_init(|| credentials).clone())
    }
}

impl ProvideCredentials for EnvironmentCredentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(ready(self.read()))
    }
}

static AWS: Names = Names {
    access_key_id: "AWS_ACCESS_KEY_ID",
    secret_access_key: "AWS_SECRET_ACCESS_KEY",
    session_tokens: &["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"],
};

#[cfg(feature = "rpc-v1")]
static ALIBABA_CLOUD: Names = Names {
    access_key_id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret_access_key: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    session_tokens: &["ALIBABA_CLOUD_SECURITY_TOKEN"],
};

//! Keys in environment variables.

use std::sync::{Arc, OnceLock};

use super::{Credentials, CredentialsError, provide, static_keys::Names};
use crate::{context::Context, profile};

/// Keys in environment variables, which are read until they are found, then cached.
#[derive(Debug)]
pub struct EnvironmentCredentials {
    context: Arc<dyn Context>,
    names: &'static Names,
    found: OnceLock<Credentials>,
}

impl EnvironmentCredentials {
    /// Credentials from the variables of AWS. They are `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary
    /// credentials, `AWS_SESSION_TOKEN` (or its older name `AWS_SECURITY_TOKEN`).
    pub fn new(context: Arc<dyn Context>) -> Self {
        Self::of(context, &AWS)
    }

    pub(super) fn of(context: Arc<dyn Context>, names: &'static Names) -> Self {
        Self { context, names, found: OnceLock::new() }
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        let credentials =
            self.names.read("environment", &|name| profile::variable_of(&*self.context, name))?;
        Ok(self.found.get_or_init(|| credentials).clone())
    }
}

provide!(EnvironmentCredentials, |environment| environment.read());

static AWS: Names = Names {
    access_key_id: "AWS_ACCESS_KEY_ID",
    secret_access_key: "AWS_SECRET_ACCESS_KEY",
    session_tokens: &["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"],
};

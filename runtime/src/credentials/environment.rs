//! Keys in environment variables.

use std::{
    future::ready,
    sync::{Arc, OnceLock},
};

use super::{Credentials, CredentialsError, ProvideCredentials, keys::Names};
use crate::{BoxFuture, context::Context, profile};

/// Keys from `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary ones, `AWS_SESSION_TOKEN` (or its older
/// name `AWS_SECURITY_TOKEN`). They are read until they are found, then kept.
#[derive(Debug)]
pub struct EnvironmentCredentials {
    context: Arc<dyn Context>,
    found: OnceLock<Credentials>,
}

impl EnvironmentCredentials {
    /// Reads the variables of `context`.
    pub fn new(context: Arc<dyn Context>) -> Self {
        Self { context, found: OnceLock::new() }
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        let variable = |name: &str| profile::variable_of(&*self.context, name);
        let credentials = NAMES.read(SOURCE, variable).map_err(|error| {
            if error.is_absent() && variable("AWS_WEB_IDENTITY_TOKEN_FILE").is_some() {
                web_identity()
            } else {
                error
            }
        })?;
        Ok(self.found.get_or_init(|| credentials).clone())
    }
}

impl ProvideCredentials for EnvironmentCredentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(ready(self.read()))
    }
}

const SOURCE: &str = "environment";

const NAMES: Names = Names {
    access_key_id: "AWS_ACCESS_KEY_ID",
    secret_access_key: "AWS_SECRET_ACCESS_KEY",
    session_tokens: ["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"],
};

/// AWS tools would use this role now: going on to a profile would use another identity.
fn web_identity() -> CredentialsError {
    CredentialsError::new(
        SOURCE,
        "AWS_WEB_IDENTITY_TOKEN_FILE asks for a role by web identity, which is not supported yet; \
         put keys into AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or unset it",
    )
}

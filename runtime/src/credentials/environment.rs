//! Keys in environment variables.

use std::sync::{Arc, OnceLock};

use super::{Credentials, CredentialsError, provide, static_keys::Names};
use crate::{context::Context, profile::variable_of, time::Timestamp};

/// Keys in environment variables, which are read until they are found, then cached.
#[derive(Debug)]
pub struct EnvironmentCredentials {
    context: Arc<dyn Context>,
    names: &'static Names,
    /// The variable with the end of temporary keys.
    expiry: Option<&'static str>,
    found: OnceLock<Credentials>,
}

impl EnvironmentCredentials {
    /// Credentials from the variables of AWS. They are `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and, for temporary
    /// credentials, `AWS_SESSION_TOKEN` (or its older name `AWS_SECURITY_TOKEN`) and, if known,
    /// `AWS_CREDENTIAL_EXPIRATION`.
    pub fn new(context: Arc<dyn Context>) -> Self {
        Self::of(context, &AWS, Some("AWS_CREDENTIAL_EXPIRATION"))
    }

    pub(super) fn of(context: Arc<dyn Context>, names: &'static Names, expiry: Option<&'static str>) -> Self {
        Self { context, names, expiry, found: OnceLock::new() }
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        let variable = |name: &str| variable_of(&*self.context, name);
        let mut credentials = self.names.read(SOURCE, &variable)?;
        // The variable may be left from other keys; permanent ones have no end.
        let expiry = self.expiry.filter(|_| credentials.session_token().is_some());
        if let Some((name, expiry)) = expiry.and_then(|name| Some((name, variable(name)?))) {
            let expiry = Timestamp::parse_date_time(&expiry).ok_or_else(|| {
                CredentialsError::new(SOURCE, format!("{name} is not a valid time; correct or unset it"))
            })?;
            credentials = credentials.with_expiry(expiry.into());
        }
        Ok(self.found.get_or_init(|| credentials).clone())
    }
}

const SOURCE: &str = "environment";

provide!(EnvironmentCredentials, |environment| environment.read());

static AWS: Names = Names {
    access_key_id: "AWS_ACCESS_KEY_ID",
    secret_access_key: "AWS_SECRET_ACCESS_KEY",
    session_tokens: &["AWS_SESSION_TOKEN", "AWS_SECURITY_TOKEN"],
};

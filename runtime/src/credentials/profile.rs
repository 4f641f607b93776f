//! Keys in a profile of the shared files.

use std::{
    future::ready,
    sync::{Arc, OnceLock},
};

use super::{Credentials, CredentialsError, ProvideCredentials, keys::Names};
use crate::{
    BoxFuture,
    context::Context,
    profile::{Profile, ProfileFiles, STATIC_KEYS},
};

/// Keys from `aws_access_key_id`, `aws_secret_access_key` and, for temporary ones, `aws_session_token` of a profile.
///
/// The files are read until keys are found, then never again: who changes them makes a new client.
#[derive(Debug)]
pub struct ProfileCredentials {
    context: Arc<dyn Context>,
    name: Option<String>,
    found: OnceLock<Credentials>,
}

impl ProfileCredentials {
    /// Reads this profile, or, without a name, the one that `AWS_PROFILE` names, or `default`.
    pub fn new(context: Arc<dyn Context>, name: Option<String>) -> Self {
        Self { context, name, found: OnceLock::new() }
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        let broken = |error| CredentialsError::new("profile", format!("{error}"));
        let files = ProfileFiles::load(&*self.context).map_err(broken)?;
        let profile = files.choose(&*self.context, self.name.as_deref()).map_err(broken)?;
        let credentials = keys(&profile)?;
        Ok(self.found.get_or_init(|| credentials).clone())
    }
}

impl ProvideCredentials for ProfileCredentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(ready(self.read()))
    }
}

fn keys(profile: &Profile<'_>) -> Result<Credentials, CredentialsError> {
    let source = format!("profile `{}`", profile.name.escape_debug());
    if !profile.exists() {
        return Err(CredentialsError::absent(source, format!("not in {}", profile.looked_at())));
    }
    if let Some(key) = ELSEWHERE.into_iter().find(|key| profile.get(key).is_some()) {
        return Err(CredentialsError::new(source, elsewhere(key, &profile.name)));
    }
    NAMES.read(&source, |key| Some(profile.get(key)?.value.clone()))
}

const NAMES: Names = {
    let [access_key_id, secret_access_key, session_tokens @ ..] = &STATIC_KEYS;
    Names { access_key_id, secret_access_key, session_tokens }
};

/// Keys that name another source. AWS tools prefer it to keys beside it: using those would be another identity.
const ELSEWHERE: [&str; 9] = [
    "role_arn",
    "web_identity_token_file",
    "credential_source",
    "sso_session",
    "sso_start_url",
    "sso_account_id",
    "sso_role_name",
    "login_session",
    "credential_process",
];

fn elsewhere(key: &str, profile: &str) -> String {
    format!(
        "takes its credentials from `{key}`, which is not supported yet; \
         put what `aws configure export-credentials --profile {} --format env` prints into the environment",
        profile.escape_debug()
    )
}

//! Credentials of profiles in the shared files.

use std::sync::{Arc, OnceLock};

use super::{
    CredentialsError, ProvideCredentials, Setup, profile_target::ProfileTarget, provide, static_keys::Names,
};
use crate::{
    context::Context,
    profile::{Profile, ProfileFiles, Property, STATIC_KEYS},
};

/// Credentials of a profile: its keys, or the source that it selects.
///
/// Keys are `aws_access_key_id`, `aws_secret_access_key` and, for temporary ones, `aws_session_token`. If several keys
/// select a source, the first of these wins, as in other AWS tools:
///
/// | key | feature |
/// | --- | --- |
/// | `role_arn` with `source_profile` or `credential_source` | `assume-role` |
/// | `role_arn` with `web_identity_token_file` | `assume-role` |
/// | `sso_account_id` and `sso_role_name` | `sso` |
/// | keys in the credentials file | |
/// | `credential_process` | `process` |
/// | keys in the config file | |
///
/// The files are read once: after a change, create a new client.
#[derive(Debug)]
pub struct ProfileCredentials {
    setup: Setup,
    found: OnceLock<Arc<dyn ProvideCredentials>>,
}

impl ProfileCredentials {
    /// Reads this profile, or, without a name, the one that `AWS_PROFILE` names, or `default`.
    pub fn new(context: Arc<dyn Context>, name: Option<String>) -> Self {
        Self::of(Setup::new(context, name))
    }

    pub(super) fn of(setup: Setup) -> Self {
        Self { setup, found: OnceLock::new() }
    }

    fn read(&self) -> Result<&dyn ProvideCredentials, CredentialsError> {
        if let Some(found) = self.found.get() {
            return Ok(&**found);
        }
        let broken = |error| CredentialsError::new("profile", format!("{error}"));
        let (files, profile) = self.setup.profile().map_err(broken)?;
        let found = Finder { setup: &self.setup, files, path: Vec::new() }.source(&profile)?;
        Ok(&**self.found.get_or_init(|| found))
    }
}

provide!(ProfileCredentials, |profile, driver| async move { profile.read()?.provide_by(driver).await });

/// Follows a profile, and the profiles it names, to a source.
pub(super) struct Finder<'a> {
    pub(super) setup: &'a Setup,
    pub(super) files: &'a ProfileFiles,
    /// Profiles that led to this one.
    pub(super) path: Vec<String>,
}

pub(super) type Found = Result<Arc<dyn ProvideCredentials>, CredentialsError>;

impl Finder<'_> {
    pub(super) fn source(&mut self, profile: &Profile<'_>) -> Found {
        let name = named(profile);
        if !profile.exists() {
            return Err(CredentialsError::absent(name, format!("not in {}", profile.looked_at())));
        }
        self.path.push(profile.name.clone());
        match Lead::of(profile, self.path.len() > 1) {
            Lead::Keys => Ok(Arc::new(NAMES.read(&name, &|key| Some(profile.get(key)?.value.clone()))?)),
            Lead::Role | Lead::WebIdentity => Ok(ProfileTarget::of(self.role(profile)?, name)),
            Lead::Sso => Ok(ProfileTarget::of(self.sso(profile)?, name)),
            Lead::Process => Ok(ProfileTarget::of(self.process(profile)?, name)),
            Lead::Login => {
                let problem = format!(
                    "takes its credentials from `login_session`, which is not supported; \
                     put what `aws configure export-credentials --profile {} --format env` prints into the environment",
                    profile.name.escape_debug()
                );
                Err(CredentialsError::new(name, problem))
            }
        }
    }
}

/// The name of the profile, if it has a role that other credentials assume.
pub(super) fn with_role(setup: &Setup) -> Result<Option<String>, CredentialsError> {
    let (_, profile) =
        setup.profile().map_err(|error| CredentialsError::new("profile", error.to_string()))?;
    Ok((Lead::of(&profile, false) == Lead::Role).then_some(profile.name))
}

/// The source that a profile selects.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lead {
    Role,
    WebIdentity,
    Sso,
    Keys,
    Login,
    Process,
}

impl Lead {
    /// The first source that applies, in the order of botocore; if another role names the profile, its keys precede its
    /// role.
    fn of(profile: &Profile<'_>, is_source: bool) -> Self {
        let property = |key| profile.get(key);
        let [id, secret] = ["aws_access_key_id", "aws_secret_access_key"].map(property);
        let has_keys = id.is_some() || secret.is_some();
        let is_web_identity = property("web_identity_token_file").is_some();
        if property("role_arn").is_some() && !is_web_identity && !(is_source && has_keys) {
            Self::Role
        } else if is_web_identity {
            Self::WebIdentity
        } else if property("sso_account_id").or(property("sso_role_name")).is_some() {
            Self::Sso
        } else if id.is_some_and(Property::is_in_credentials) {
            Self::Keys
        } else if property("login_session").is_some() {
            Self::Login
        } else if property("credential_process").is_some() {
            Self::Process
        } else {
            Self::Keys
        }
    }
}

const NAMES: Names = {
    let [access_key_id, secret_access_key, session_tokens @ ..] = &STATIC_KEYS;
    Names { access_key_id, secret_access_key, session_tokens }
};

/// The source's name in errors about a profile.
pub(super) fn named(profile: &Profile<'_>) -> String {
    format!("profile `{}`", profile.name.escape_debug())
}

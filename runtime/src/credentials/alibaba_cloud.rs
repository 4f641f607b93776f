//! Keys in the files that tools of Alibaba Cloud share.

#[cfg(feature = "instance")]
mod issued;
#[cfg(not(feature = "instance"))]
#[path = "alibaba_cloud/not_issued.rs"]
mod issued;

use std::sync::{Arc, OnceLock};

#[cfg(feature = "instance")]
pub use self::issued::{AlibabaCloudInstanceCredentials, AlibabaCloudUriCredentials};
use super::{
    Credentials, CredentialsChain, CredentialsError, EnvironmentCredentials, Setup, disabled::DisabledSource,
    provide, static_keys::Names,
};
use crate::{
    context::Context,
    profile::alibaba_cloud::{Store, StoredProfile},
    settings::alibaba_cloud::stored,
    vendor::Vendor,
};

/// Keys in a profile of a file that tools of Alibaba Cloud share.
///
/// The file is read once: after a change, create a new client.
#[derive(Debug)]
pub struct AlibabaCloudProfileCredentials {
    setup: Setup,
    store: Store,
    found: OnceLock<Credentials>,
}

impl AlibabaCloudProfileCredentials {
    /// Reads `~/.aliyun/config.json`, which `aliyun configure` writes, in the modes `AK` and `StsToken`: this profile,
    /// or, without a name, the one that `ALIBABA_CLOUD_PROFILE` names, or the current one. Absent if
    /// `ALIBABA_CLOUD_CLI_PROFILE_DISABLED` is true.
    pub fn command_line(context: Arc<dyn Context>, name: Option<String>) -> Self {
        Self::of(Setup::new(context, name), Store::CommandLine)
    }

    /// Reads `~/.alibabacloud/credentials`, or the file that `ALIBABA_CLOUD_CREDENTIALS_FILE` names, in the types
    /// `access_key` and `sts`: this profile, or, without a name, the one that `ALIBABA_CLOUD_PROFILE` names, or
    /// `default`.
    pub fn credentials_file(context: Arc<dyn Context>, name: Option<String>) -> Self {
        Self::of(Setup::new(context, name), Store::Credentials)
    }

    pub(super) fn of(setup: Setup, store: Store) -> Self {
        Self { setup, store, found: OnceLock::new() }
    }

    fn read(&self) -> Result<Credentials, CredentialsError> {
        if let Some(found) = self.found.get() {
            return Ok(found.clone());
        }
        let file = match self.store {
            Store::CommandLine => "command line profile",
            Store::Credentials => "credentials file",
        };
        let Setup { context, files, .. } = &self.setup;
        let profile = stored(&**context, files, self.store, self.setup.chosen_profile())
            .map_err(|error| CredentialsError::new(file, error.to_string()))?
            .map_err(|why| CredentialsError::absent(file, why))?;
        let source = format!("{file} `{}`", profile.name.escape_debug());
        let credentials = self.keys(&source, &profile)?;
        Ok(self.found.get_or_init(|| credentials).clone())
    }

    /// The profile states the kind of its keys; a token that remained from an older kind is ignored.
    fn keys(&self, source: &str, profile: &StoredProfile<'_>) -> Result<Credentials, CredentialsError> {
        let (kind, permanent, temporary, names) = match self.store {
            Store::CommandLine => ("mode", "AK", "StsToken", &COMMAND_LINE),
            Store::Credentials => ("type", "access_key", "sts", &CREDENTIALS),
        };
        if profile.get("enable").is_some_and(|enable| enable.eq_ignore_ascii_case("false")) {
            return Err(CredentialsError::absent(source, "`enable` is false"));
        }
        let value = profile.get(kind).unwrap_or(permanent);
        let read = |names: &Names| names.read(source, |key| profile.get(key).map(str::to_owned));
        if value == permanent {
            return read(&Names { session_tokens: &[], ..*names });
        }
        if value != temporary {
            return Err(CredentialsError::new(
                source,
                format!(
                    "{kind} `{}` is not supported; use {permanent} or {temporary}, or put keys into the environment",
                    value.escape_debug()
                ),
            ));
        }
        let credentials = read(names)?;
        match credentials.session_token() {
            Some(_) => Ok(credentials),
            None => Err(CredentialsError::new(
                source,
                format!("{} is missing, which {kind} {temporary} needs", names.session_tokens.join(" or ")),
            )),
        }
    }
}

provide!(AlibabaCloudProfileCredentials, |profile| profile.read());

impl CredentialsChain {
    /// The order of Alibaba Cloud's tools: environment, profile of the command line tool, profile of the credentials
    /// file, instance metadata, credentials URI. A profile named here, not by `ALIBABA_CLOUD_PROFILE`, is only looked up in the files.
    pub fn alibaba_cloud(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self::of_alibaba_cloud(Setup::new(context, profile))
    }

    pub(super) fn of_alibaba_cloud(mut setup: Setup) -> Self {
        const KEYS: &str = "not supported yet; put keys into the environment or a profile";
        setup.vendor = Vendor::AlibabaCloud;
        let stored = |store| Arc::new(AlibabaCloudProfileCredentials::of(setup.clone(), store));
        let [command_line, file] = [Store::CommandLine, Store::Credentials].map(stored);
        if setup.explicit.profile.is_some() {
            return Self::new(vec![command_line, file]);
        }
        let oidc = DisabledSource::new(&setup, "OIDC token", &["ALIBABA_CLOUD_OIDC_TOKEN_FILE"], KEYS);
        let [instance, uri] = issued::sources(&setup);
        Self::new(vec![
            Arc::new(EnvironmentCredentials::alibaba_cloud(Arc::clone(&setup.context))),
            Arc::new(oidc),
            command_line,
            file,
            instance,
            uri,
        ])
    }
}

impl EnvironmentCredentials {
    /// The variables of Alibaba Cloud: `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for
    /// temporary ones, `ALIBABA_CLOUD_SECURITY_TOKEN`.
    pub fn alibaba_cloud(context: Arc<dyn Context>) -> Self {
        Self::of(context, &ENVIRONMENT)
    }
}

static ENVIRONMENT: Names = Names {
    access_key_id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret_access_key: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    session_tokens: &["ALIBABA_CLOUD_SECURITY_TOKEN"],
};

static COMMAND_LINE: Names = Names {
    access_key_id: "access_key_id",
    secret_access_key: "access_key_secret",
    session_tokens: &["sts_token"],
};

static CREDENTIALS: Names = Names {
    access_key_id: "access_key_id",
    secret_access_key: "access_key_secret",
    session_tokens: &["security_token"],
};

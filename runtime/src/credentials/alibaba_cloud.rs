//! Credentials of Alibaba Cloud, as the vendor's own tools find them.

#[cfg_attr(not(feature = "instance"), path = "alibaba_cloud/issued/off.rs")]
mod issued;
mod profile;
#[cfg_attr(not(feature = "assume-role"), path = "alibaba_cloud/role/off.rs")]
mod role;

use std::sync::Arc;

#[cfg(feature = "instance")]
pub use self::issued::{AlibabaCloudInstanceCredentials, AlibabaCloudUriCredentials};
pub use self::profile::AlibabaCloudProfileCredentials;
#[cfg(feature = "assume-role")]
pub use self::role::{AlibabaCloudOidcCredentials, AlibabaCloudRoleBuilder, AlibabaCloudRoleCredentials};
use super::{
    CredentialsChain, CredentialsError, EnvironmentCredentials, Setup, credentials_json::CredentialsJson,
    provide, static_keys::Names,
};
use crate::{
    context::Context,
    profile::{
        alibaba_cloud::{PROFILE, Store},
        variable_of,
    },
    settings::alibaba_cloud::stored,
    vendor::Vendor,
};

impl CredentialsChain {
    /// The order of Alibaba Cloud's tools.
    ///
    /// Environment, OIDC token, profile of the command line tool, profile of the credentials file, instance metadata,
    /// credentials URI. A profile named here, not by `ALIBABA_CLOUD_PROFILE`, is
    /// only looked up in the files.
    pub fn alibaba_cloud(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self::of_alibaba_cloud(Setup::alibaba_cloud(context, profile))
    }

    pub(super) fn of_alibaba_cloud(mut setup: Setup) -> Self {
        setup.vendor = Vendor::AlibabaCloud;
        let stored = |store| Arc::new(AlibabaCloudProfileCredentials::of(setup.clone(), store));
        let [command_line, file] = [Store::CommandLine, Store::Credentials].map(stored);
        if setup.explicit.profile.is_some() {
            return Self::new(vec![command_line, file]);
        }
        Self::new(vec![
            Arc::new(EnvironmentCredentials::alibaba_cloud(Arc::clone(&setup.context))),
            role::oidc(&setup),
            command_line,
            file,
            Arc::new(NamedProfile(setup.clone())),
            issued::instance(&setup, None),
            issued::uri(&setup, None),
        ])
    }
}

/// Ends the search if no source has found the profile that the environment names: the next sources have other identities.
#[derive(Debug)]
struct NamedProfile(Setup);

provide!(NamedProfile, |named| Err(named.error()));

impl NamedProfile {
    fn error(&self) -> CredentialsError {
        let (context, files) = (&*self.0.context, &self.0.files);
        let Some(name) = variable_of(context, PROFILE) else { return CredentialsError::absent("", "") };
        let is_missing = |store| matches!(stored(context, files, store, None), Ok(Err(_)));
        if [Store::CommandLine, Store::Credentials].into_iter().all(is_missing) {
            // The sources before this one have said where they searched, or that they are switched off.
            let name = name.escape_debug();
            let problem =
                format!("the profile `{name}`, which {PROFILE} names, was found by none of these sources");
            return CredentialsError::new("profile", problem);
        }
        CredentialsError::absent("", "")
    }
}

impl Setup {
    /// The machine, and settings of this vendor's tools.
    pub(super) fn alibaba_cloud(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self { vendor: Vendor::AlibabaCloud, ..Self::new(context, profile) }
    }
}

impl EnvironmentCredentials {
    /// The variables of Alibaba Cloud: `ALIBABA_CLOUD_ACCESS_KEY_ID`, `ALIBABA_CLOUD_ACCESS_KEY_SECRET` and, for
    /// temporary ones, `ALIBABA_CLOUD_SECURITY_TOKEN`.
    pub fn alibaba_cloud(context: Arc<dyn Context>) -> Self {
        Self::of(context, &ENVIRONMENT, None)
    }
}

static ENVIRONMENT: Names = Names {
    access_key_id: "ALIBABA_CLOUD_ACCESS_KEY_ID",
    secret_access_key: "ALIBABA_CLOUD_ACCESS_KEY_SECRET",
    session_tokens: &["ALIBABA_CLOUD_SECURITY_TOKEN"],
};

/// The JSON form of credentials that the vendor's services issue.
static ISSUED: CredentialsJson = CredentialsJson {
    names: Names {
        access_key_id: "AccessKeyId",
        secret_access_key: "AccessKeySecret",
        session_tokens: &["SecurityToken"],
    },
    expiry: "Expiration",
    has_millis: false,
    is_temporary: true,
};

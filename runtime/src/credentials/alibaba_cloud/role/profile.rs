//! Roles that profiles describe.

use std::sync::Arc;

use super::{
    super::{
        super::{CredentialsError, ProvideCredentials},
        profile::{Finder, Found},
    },
    AlibabaCloudOidcCredentials, AlibabaCloudRoleBuilder, Session,
    oidc::Oidc,
};
use crate::{
    profile::alibaba_cloud::StoredProfile,
    settings::{SettingsError, SourceEndpoint},
};

impl Finder<'_> {
    /// The role of a profile, assumed with the credentials of `source`.
    pub(in super::super) fn role(
        &self,
        profile: &StoredProfile<'_>,
        source: Arc<dyn ProvideCredentials>,
    ) -> Found {
        let (session, setup) = (self.session(profile)?, self.setup.clone());
        Ok(Arc::new(AlibabaCloudRoleBuilder { session, source, setup }.build()))
    }

    /// The role of a profile, assumed by the token of a file.
    pub(in super::super) fn oidc(&self, profile: &StoredProfile<'_>) -> Found {
        let own = |key: &str| profile.get(key).map(str::to_owned);
        let (provider_arn, token_file) = (own("oidc_provider_arn"), own(self.form.token_file));
        let source = Oidc::new(self.session(profile)?, provider_arn, token_file);
        Ok(Arc::new(AlibabaCloudOidcCredentials::of(self.setup.clone(), source)))
    }

    fn session(&self, profile: &StoredProfile<'_>) -> Result<Session, CredentialsError> {
        let own = |key: &str| profile.get(key).map(str::to_owned);
        let broken = |error: SettingsError| CredentialsError::new("profile", error.to_string());
        Ok(Session {
            role_arn: own(self.form.role_arn),
            name: self.form.session_names.iter().find_map(|key| own(key)),
            duration_seconds: seconds(profile)?,
            policy: own("policy"),
            external_id: own("external_id"),
            endpoint: SourceEndpoint::of_profile(profile, super::token_service::SETTINGS_ID)
                .map_err(broken)?,
        })
    }
}

/// The lifetime, which the vendor's tool writes as 0 if it is not set.
fn seconds(profile: &StoredProfile<'_>) -> Result<Option<u64>, CredentialsError> {
    const KEY: &str = "expired_seconds";
    let Some(text) = profile.get(KEY) else { return Ok(None) };
    let seconds = text.parse().map_err(|_| {
        CredentialsError::new(KEY, format!("`{}` is not a whole number of seconds", text.escape_debug()))
    })?;
    Ok(Some(seconds).filter(|seconds| *seconds > 0))
}

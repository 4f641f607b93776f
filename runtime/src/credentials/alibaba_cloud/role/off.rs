//! The replacement of `role` without the feature `assume-role`.

use std::sync::Arc;

use super::{
    super::{CredentialsError, ProvideCredentials, Setup, disabled::DisabledSource},
    profile::{Finder, Found},
};
use crate::profile::alibaba_cloud::StoredProfile;

const REMEDY: &str = "enable the feature `assume-role`";

pub(super) fn oidc(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    let variables = &["ALIBABA_CLOUD_OIDC_TOKEN_FILE"];
    DisabledSource::of(setup, "OIDC token", variables, REMEDY)
}

impl Finder<'_> {
    pub(super) fn role(&self, profile: &StoredProfile<'_>, _source: Arc<dyn ProvideCredentials>) -> Found {
        self.oidc(profile)
    }

    pub(super) fn oidc(&self, _profile: &StoredProfile<'_>) -> Found {
        Err(CredentialsError::new(self.form.role_arn, REMEDY))
    }
}

//! The replacement of `role` without the feature `assume-role`.

use std::sync::Arc;

use super::{
    ProvideCredentials, Setup,
    disabled::{self, DisabledSource},
    profile::{Finder, Found},
};
use crate::profile::Profile;

pub(super) fn web_identity(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    let variables = &["AWS_WEB_IDENTITY_TOKEN_FILE"];
    DisabledSource::of(setup, "web identity", variables, "enable the feature `assume-role`")
}

#[expect(clippy::unused_self, reason = "same signature as with the feature")]
impl Finder<'_> {
    pub(super) fn role(&self, profile: &Profile<'_>) -> Found {
        let token_file = "web_identity_token_file";
        let key = profile.get(token_file).map_or("role_arn", |_| token_file);
        Err(disabled::of_profile(profile, key, "assume-role"))
    }
}

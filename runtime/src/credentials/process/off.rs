//! The replacement of `process` without the feature `process`.

use std::sync::Arc;

use super::{
    ProvideCredentials, Setup,
    disabled::{self, DisabledSource},
    profile::{Finder, Found},
};
use crate::profile::Profile;

pub(super) fn of_alibaba_cloud(setup: &Setup, _command: &str) -> Arc<dyn ProvideCredentials> {
    DisabledSource::of(setup, "process", &[], "enable the feature `process`")
}

#[expect(clippy::unused_self, reason = "same signature as with the feature")]
impl Finder<'_> {
    pub(super) fn process(&self, profile: &Profile<'_>) -> Found {
        Err(disabled::of_profile(profile, "credential_process", "process"))
    }
}

//! The replacement of `issued` without the feature `instance`.

use std::sync::Arc;

use super::super::{ProvideCredentials, Setup, disabled::DisabledSource};

const REMEDY: &str = "enable the feature `instance`";

pub(super) fn instance(setup: &Setup, _role: Option<String>) -> Arc<dyn ProvideCredentials> {
    DisabledSource::of(setup, "instance metadata", &["ALIBABA_CLOUD_ECS_METADATA"], REMEDY)
}

pub(super) fn uri(setup: &Setup, _url: Option<String>) -> Arc<dyn ProvideCredentials> {
    DisabledSource::of(setup, "credentials URI", &["ALIBABA_CLOUD_CREDENTIALS_URI"], REMEDY)
}

//! The replacement of `metadata` without the feature `instance`.

use std::sync::Arc;

use super::{ProvideCredentials, Setup, disabled::DisabledSource};

pub(super) fn sources(setup: &Setup) -> [Arc<dyn ProvideCredentials>; 2] {
    let variables = &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    [
        DisabledSource::of(setup, "container", variables, "enable the feature `instance`"),
        DisabledSource::of(setup, "instance metadata", &[], "not asked; enable the feature `instance`"),
    ]
}

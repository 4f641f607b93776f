//! The replacement of `metadata` without the feature `instance`.

use std::sync::Arc;

use super::{ProvideCredentials, Setup, disabled::DisabledSource};

pub(super) fn sources(setup: &Setup) -> [Arc<dyn ProvideCredentials>; 2] {
    let variables = &["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI"];
    let disabled =
        |source, variables, remedy| Arc::new(DisabledSource::new(setup, source, variables, remedy));
    [
        disabled("container", variables, "enable the feature `instance`"),
        disabled("instance metadata", &[], "not asked; enable the feature `instance`"),
    ]
}

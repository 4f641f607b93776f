//! What `issued` is without the feature `instance`.

use std::sync::Arc;

use super::super::{ProvideCredentials, Setup, disabled::DisabledSource};

pub(super) fn sources(setup: &Setup) -> [Arc<dyn ProvideCredentials>; 2] {
    let disabled =
        |source, variables, remedy| Arc::new(DisabledSource::new(setup, source, variables, remedy));
    [
        disabled("instance metadata", &["ALIBABA_CLOUD_ECS_METADATA"], "enable the feature `instance`"),
        disabled("credentials URI", &["ALIBABA_CLOUD_CREDENTIALS_URI"], "enable the feature `instance`"),
    ]
}

//! What `role` is without the feature `assume-role`.

use std::sync::Arc;

use super::super::{ProvideCredentials, Setup, disabled::DisabledSource};

pub(super) fn oidc(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    let variables = &["ALIBABA_CLOUD_OIDC_TOKEN_FILE"];
    Arc::new(DisabledSource::new(setup, "OIDC token", variables, "enable the feature `assume-role`"))
}

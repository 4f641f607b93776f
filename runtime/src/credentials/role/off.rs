//! The replacement of `role` without the feature `assume-role`.

use std::sync::Arc;

use super::{ProvideCredentials, Setup, disabled::DisabledSource};

pub(super) fn web_identity(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    let variables = &["AWS_WEB_IDENTITY_TOKEN_FILE"];
    Arc::new(DisabledSource::new(setup, "web identity", variables, "enable the feature `assume-role`"))
}

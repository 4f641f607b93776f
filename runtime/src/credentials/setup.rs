//! What sources of credentials are made from.

use std::sync::Arc;

use crate::context::Context;

/// The machine, and what the caller chose.
#[derive(Clone, Debug)]
pub(crate) struct Setup {
    pub(crate) context: Arc<dyn Context>,
    /// Profile of the shared files; the only source where it is named here.
    pub(crate) profile: Option<String>,
    /// Region of the service that gives roles, else the settings'.
    #[cfg(feature = "assume-role")]
    pub(crate) region: Option<String>,
    #[cfg(feature = "assume-role")]
    pub(crate) mfa_code: Option<Arc<dyn super::ProvideMfaCode>>,
}

impl Setup {
    pub(crate) fn new(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self {
            context,
            profile,
            #[cfg(feature = "assume-role")]
            region: None,
            #[cfg(feature = "assume-role")]
            mfa_code: None,
        }
    }
}

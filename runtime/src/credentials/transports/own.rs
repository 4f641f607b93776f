//! The transports of sources without built-in ones: the client's own.

use http::Uri;

use super::Setup;
use crate::{
    settings::SettingsError,
    transport::{OwnTransports, Transports},
};

/// The transports of a client's sources.
#[derive(Clone, Debug, Default)]
pub(crate) struct SourceTransports {
    /// The caller's.
    pub(crate) own: OwnTransports,
}

impl SourceTransports {
    #[expect(
        clippy::unused_self,
        clippy::needless_pass_by_ref_mut,
        reason = "same signature as with the feature"
    )]
    pub(super) fn forget(&mut self) {}
}

impl Setup {
    #[expect(clippy::unnecessary_wraps, reason = "same signature as with the feature")]
    pub(super) fn transports(&self, _url: &Uri) -> Result<Transports, SettingsError> {
        Ok(self.transports.own.clone().alone())
    }
}

//! The replacement of `target` without the feature `raw-http`: settings alone decide where requests are sent.

use http::HeaderMap;

use super::BuildError;
use crate::{ServiceInfo, exchange::Route, settings::ExplicitSettings, sign::Auth};

#[derive(Clone, Default)]
pub(crate) struct Target(());

#[derive(Debug, Default)]
pub(crate) struct Aim {
    pub(crate) headers: HeaderMap,
    pub(crate) route: Route,
}

impl Target {
    #[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "same signature as with the feature")]
    pub(crate) fn aim(
        &self,
        _service: &ServiceInfo,
        _explicit: &mut ExplicitSettings,
        _auth: &mut Option<Auth>,
    ) -> Result<Aim, BuildError> {
        Ok(Aim::default())
    }
}

//! The replacement of `http` without built-in transports: a client must be given one.

use super::BuildError;
use crate::{
    credentials::Setup,
    settings::Settings,
    transport::{OwnTransports, SettingError, Transports},
};

#[derive(Default)]
pub(super) struct Http(());

#[expect(clippy::unused_self, clippy::unnecessary_wraps, reason = "same signatures as with the feature")]
impl Http {
    pub(super) fn reach_sources(&self, _setup: &mut Setup) -> Result<(), BuildError> {
        Ok(())
    }

    pub(super) fn transports(
        &self,
        setup: &Setup,
        _settings: &Settings,
        _is_https: bool,
    ) -> Result<Transports, BuildError> {
        if let OwnTransports { awaited: None, blocking: None } = &setup.transports.own {
            let problem =
                "no transport: set one on the client's builder, or enable the feature `async` or `blocking`";
            return Err(SettingError::new(problem).into());
        }
        Ok(setup.transports.own.clone().alone())
    }
}

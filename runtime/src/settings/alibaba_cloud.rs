//! Settings of Alibaba Cloud's tools.

use super::{
    Origin, Setting, SettingsError,
    sources::{is_on, variable},
};
use crate::{
    context::Context,
    profile::{
        SharedFiles,
        alibaba_cloud::{Store, StoredProfile},
    },
};

/// The region of the environment or of the profile of the command line tool; other settings come only from the builder.
pub(super) fn region(
    context: &dyn Context,
    files: &SharedFiles,
    profile: Option<&str>,
) -> Result<Option<Setting<String>>, SettingsError> {
    const KEY: &str = "region_id";
    if let Some(found) = variable(context, "ALIBABA_CLOUD_REGION_ID") {
        return Ok(Some(found));
    }
    Ok(stored(context, files, Store::CommandLine, profile)?.ok().and_then(|profile| {
        let value = profile.get(KEY)?.to_owned();
        let (path, profile) = (profile.path.to_string(), profile.name.to_owned());
        Some(Setting { value, origin: Origin::Json { path, profile, key: KEY.to_owned() } })
    }))
}

/// A profile of a file, or where it was searched and why it is missing.
pub(crate) fn stored<'a>(
    context: &dyn Context,
    files: &'a SharedFiles,
    store: Store,
    profile: Option<&str>,
) -> Result<Result<StoredProfile<'a>, String>, SettingsError> {
    const DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
    if matches!(store, Store::CommandLine) && is_on(context, DISABLED)? {
        return Ok(Err(format!("{DISABLED} is true")));
    }
    files.stored(context, store, profile)
}

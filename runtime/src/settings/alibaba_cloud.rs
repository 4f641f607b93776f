//! Settings of Alibaba Cloud's tools.

use super::{
    ExplicitSettings, Origin, Setting, Settings, SettingsError,
    sources::{app_id, endpoint_url, is_on, region, variable},
};
use crate::{
    context::Context,
    profile::{
        SharedFiles,
        alibaba_cloud::{Store, StoredProfile},
    },
    vendor::Vendor,
};

/// Reads the region from the builder, the environment or the profile of the command line tool; other settings only from
/// the builder.
pub(super) fn load(
    context: &dyn Context,
    files: &SharedFiles,
    explicit: ExplicitSettings,
) -> Result<Settings, SettingsError> {
    let found = match explicit.region.map(Setting::explicit) {
        Some(found) => Some(found),
        None => configured_region(context, files, explicit.profile.as_deref())?,
    };
    let parsed = |text: Option<String>, check: fn(&str) -> Result<String, String>| {
        text.map(|text| Setting::explicit(text).parse(check)).transpose()
    };
    Ok(Settings {
        region: found.map(|found| found.parse(region)).transpose()?,
        endpoint_url: parsed(explicit.endpoint_url, endpoint_url)?,
        use_fips: explicit.use_fips.map(Setting::explicit),
        use_dual_stack: explicit.use_dual_stack.map(Setting::explicit),
        use_global: explicit.use_global.map(Setting::explicit),
        use_vpc: explicit.use_vpc,
        max_attempts: explicit.max_attempts.map(Setting::explicit),
        retry_mode: explicit.retry_mode.map(Setting::explicit),
        app_id: parsed(explicit.app_id, app_id)?,
        ca_bundle: explicit.ca_bundle.map(Setting::explicit),
        vendor: Vendor::AlibabaCloud,
    })
}

fn configured_region(
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

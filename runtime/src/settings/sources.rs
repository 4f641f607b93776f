//! The sources of settings, and parsers of their texts.

use std::{num::NonZeroU32, path::PathBuf};

use super::{Origin, RetryMode, Setting, SettingsError};
use crate::{
    ServiceInfo,
    context::Context,
    endpoint,
    profile::{self, Profile, SharedFiles},
};

/// Environment and profile, the sources of every AWS setting.
pub(crate) struct Sources<'a> {
    context: &'a dyn Context,
    /// `None` if neither environment nor profiles are read.
    profile: Option<Profile<'a>>,
}

impl<'a> Sources<'a> {
    /// Selects the given profile, else the profile in `AWS_PROFILE`, else `default`.
    pub(crate) fn new(
        context: &'a dyn Context,
        files: &'a SharedFiles,
        profile: Option<&str>,
    ) -> Result<Self, SettingsError> {
        let profile = files.get(context)?.choose(context, profile)?;
        Ok(Self { context, profile: Some(profile) })
    }

    /// No sources besides the builder.
    pub(super) fn none(context: &'a dyn Context) -> Self {
        Self { context, profile: None }
    }

    /// The builder's value, else the value of the first variable that is set, else the profile's.
    pub(crate) fn find<T>(
        &self,
        explicit: Option<T>,
        variables: &[&str],
        key: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Option<Setting<T>>, SettingsError> {
        match explicit {
            Some(value) => Ok(Some(Setting::explicit(value))),
            None => self.configured(variables, key).map(|found| found.parse(parse)).transpose(),
        }
    }

    /// A text from the same sources; the builder's text is checked, too.
    pub(super) fn text(
        &self,
        explicit: Option<String>,
        variables: &[&str],
        key: &str,
        check: impl Fn(&str) -> Result<String, String>,
    ) -> Result<Option<Setting<String>>, SettingsError> {
        let found = explicit.map(Setting::explicit).or_else(|| self.configured(variables, key));
        found.map(|found| found.parse(check)).transpose()
    }

    /// The file of certificate authorities to trust.
    pub(crate) fn ca_bundle(
        &self,
        explicit: Option<PathBuf>,
    ) -> Result<Option<Setting<PathBuf>>, SettingsError> {
        self.find(explicit, &["AWS_CA_BUNDLE"], "ca_bundle", |path| {
            profile::expand_home(self.context, path)
                .ok_or_else(|| "`~` needs HOME, which is not set".to_owned())
        })
    }

    /// The endpoint URL, whose variables and keys depend on the service.
    pub(super) fn endpoint_url(
        &self,
        explicit: Option<String>,
        service: &ServiceInfo,
    ) -> Result<Option<Setting<String>>, SettingsError> {
        let found = match explicit.map(Setting::explicit) {
            Some(found) => Some(found),
            None => self.configured_endpoint_url(service)?,
        };
        found.map(|found| found.parse(endpoint_url)).transpose()
    }

    fn configured_endpoint_url(
        &self,
        service: &ServiceInfo,
    ) -> Result<Option<Setting<String>>, SettingsError> {
        let ignored = self.find(
            None,
            &["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS"],
            "ignore_configured_endpoint_urls",
            boolean,
        )?;
        if ignored.is_some_and(|ignored| ignored.value) {
            return Ok(None);
        }
        let id = service.settings_id.replace([' ', '-'], "_");
        let in_environment = self
            .variable(&format!("AWS_ENDPOINT_URL_{}", id.to_ascii_uppercase()))
            .or_else(|| self.variable("AWS_ENDPOINT_URL"));
        if in_environment.is_some() {
            return Ok(in_environment);
        }
        let Some(profile) = &self.profile else { return Ok(None) };
        let of_service = profile.service(&id.to_ascii_lowercase(), "endpoint_url")?;
        Ok(of_service
            .map(|(value, origin)| Setting { value: value.to_owned(), origin })
            .or_else(|| self.property("endpoint_url")))
    }

    /// Whether the endpoint that all regions share is required. Services with such an endpoint use the oldest protocol.
    pub(super) fn use_global(
        &self,
        explicit: Option<bool>,
        service: &ServiceInfo,
    ) -> Result<Option<Setting<bool>>, SettingsError> {
        let mut conditions = service.endpoints.rules.iter().flat_map(|rule| rule.when);
        if !conditions.any(|condition| *condition == endpoint::Condition::Global) {
            return Ok(None);
        }
        let id = service.settings_id.replace([' ', '-'], "_");
        let variable = format!("AWS_{}_REGIONAL_ENDPOINTS", id.to_ascii_uppercase());
        let key = format!("{}_regional_endpoints", id.to_ascii_lowercase());
        self.find(explicit, &[&variable], &key, is_legacy)
    }

    pub(super) fn configured(&self, variables: &[&str], key: &str) -> Option<Setting<String>> {
        variables.iter().find_map(|name| self.variable(name)).or_else(|| self.property(key))
    }

    fn variable(&self, name: &str) -> Option<Setting<String>> {
        self.profile.as_ref().and_then(|_| variable(self.context, name))
    }

    fn property(&self, key: &str) -> Option<Setting<String>> {
        let property = self.profile.as_ref()?.get(key)?;
        Some(Setting { value: property.value.clone(), origin: property.origin(key) })
    }
}

pub(super) fn variable(context: &dyn Context, name: &str) -> Option<Setting<String>> {
    let value = profile::variable_of(context, name)?;
    Some(Setting { value, origin: Origin::Variable(name.to_owned()) })
}

/// Whether a variable without a counterpart in profiles is true.
pub(crate) fn is_on(context: &dyn Context, name: &str) -> Result<bool, SettingsError> {
    let found = variable(context, name).map(|found| found.parse(boolean)).transpose()?;
    Ok(found.is_some_and(|on| on.value))
}

impl<T> Setting<T> {
    pub(super) fn explicit(value: T) -> Self {
        Self { value, origin: Origin::Builder }
    }
}

impl Setting<String> {
    pub(super) fn parse<T>(
        self,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Result<Setting<T>, SettingsError> {
        match parse(&self.value) {
            Ok(value) => Ok(Setting { value, origin: self.origin }),
            Err(problem) => Err(self.refused(problem)),
        }
    }

    /// Compiled once for all types of values.
    #[cold]
    #[inline(never)]
    fn refused(&self, problem: String) -> SettingsError {
        SettingsError::new(&self.origin, problem)
    }
}

pub(super) fn region(text: &str) -> Result<String, String> {
    endpoint::check_region(text).map_err(|error| error.to_string())?;
    Ok(text.to_owned())
}

pub(super) fn endpoint_url(text: &str) -> Result<String, String> {
    endpoint::check_url(text).map_err(|error| error.to_string())?;
    Ok(text.to_owned())
}

pub(super) fn boolean(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(format!("{}: expected true or false", quoted(text))),
    }
}

/// The values with which older tools select the endpoint that all regions share.
fn is_legacy(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "legacy" => Ok(true),
        "regional" => Ok(false),
        _ => Err(format!("{}: expected legacy or regional", quoted(text))),
    }
}

pub(crate) fn attempts(text: &str) -> Result<NonZeroU32, String> {
    text.parse().map_err(|_| format!("{}: expected a whole number, at least 1", quoted(text)))
}

pub(super) fn retry_mode(text: &str) -> Result<RetryMode, String> {
    match text.to_ascii_lowercase().as_str() {
        "standard" => Ok(RetryMode::Standard),
        "adaptive" => Ok(RetryMode::Adaptive),
        "legacy" => Ok(RetryMode::Legacy),
        _ => Err(format!("{}: expected standard, adaptive or legacy", quoted(text))),
    }
}

/// Checks a text that becomes part of a header.
pub(super) fn app_id(text: &str) -> Result<String, String> {
    if text.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
        return Ok(text.to_owned());
    }
    Err(format!("{}: expected only printable ASCII characters", quoted(text)))
}

fn quoted(text: &str) -> String {
    format!("`{}`", text.escape_debug())
}

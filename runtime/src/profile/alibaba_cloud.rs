//! The files that tools of Alibaba Cloud share.
//!
//! Values may be secrets: nothing here prints one.

use std::sync::Arc;

use serde_json::Value;

use super::{File, Kind, listed, open::Opened, open::open, sections, variable_of};
use crate::{context::Context, settings::SettingsError, text};

/// A file with profiles.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Store {
    /// `~/.aliyun/config.json`, written by the command line tool; it names the current profile.
    CommandLine,
    /// `~/.alibabacloud/credentials`, or the file that `ALIBABA_CLOUD_CREDENTIALS_FILE` names.
    Credentials,
}

/// One profile of a file, as names and texts.
pub(crate) struct StoredProfile {
    pub(crate) name: String,
    /// The file.
    pub(crate) path: Arc<str>,
    values: Vec<(String, String)>,
}

impl StoredProfile {
    /// A value; an empty one counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let (_, value) = self.values.iter().rev().find(|(known, _)| known == key)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

impl Store {
    /// The profile of this name, else the one that `ALIBABA_CLOUD_PROFILE` names, else the current one, else `default`;
    /// or where it was looked for and why it is not there.
    pub(crate) fn read(
        self,
        context: &dyn Context,
        name: Option<&str>,
    ) -> Result<Result<StoredProfile, String>, SettingsError> {
        let name = name.map(str::to_owned).or_else(|| variable_of(context, "ALIBABA_CLOUD_PROFILE"));
        match self {
            Self::CommandLine => command_line(context, name),
            Self::Credentials => credentials(context, name),
        }
    }
}

/// What is looked for, in a file's profiles.
fn chosen<'a>(
    name: String,
    path: Arc<str>,
    values: Option<Vec<(String, String)>>,
    names: impl Iterator<Item = &'a str>,
) -> Result<StoredProfile, String> {
    match values {
        Some(values) => Ok(StoredProfile { name, path, values }),
        None => {
            Err(format!("no profile `{}` in {path}; profiles there: {}", name.escape_debug(), listed(names)))
        }
    }
}

fn command_line(
    context: &dyn Context,
    name: Option<String>,
) -> Result<Result<StoredProfile, String>, SettingsError> {
    const DISABLED: &str = "ALIBABA_CLOUD_CLI_PROFILE_DISABLED";
    if variable_of(context, DISABLED).is_some_and(|value| value.eq_ignore_ascii_case("true")) {
        return Ok(Err(format!("{DISABLED} is true")));
    }
    let (path, bytes) = match open(context, None, "~/.aliyun/config.json")? {
        Ok(opened) => opened,
        Err(why) => return Ok(Err(why)),
    };
    let config: Value = serde_json::from_slice(&text::without_mark(&bytes))
        .map_err(|error| SettingsError::new(&path, error.to_string()))?;
    let text = |value: &Value, key: &str| value.get(key)?.as_str().map(str::to_owned);
    let current = || text(&config, "current").filter(|name| !name.is_empty());
    let name = name.or_else(current).unwrap_or_else(|| "default".to_owned());

    let profiles = config.get("profiles").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let names = profiles.iter().filter_map(|profile| profile.get("name")?.as_str());
    let found = profiles.iter().find(|profile| profile.get("name").and_then(Value::as_str) == Some(&name));
    let values = found.and_then(Value::as_object).map(|profile| {
        let texts = profile.iter().filter_map(|(key, value)| Some((key.clone(), value.as_str()?.to_owned())));
        texts.collect()
    });
    Ok(chosen(name, path, values, names))
}

fn credentials(
    context: &dyn Context,
    name: Option<String>,
) -> Result<Result<StoredProfile, String>, SettingsError> {
    let variable = Some("ALIBABA_CLOUD_CREDENTIALS_FILE");
    // The vendor's tools disagree on the name.
    let opened: Opened = match open(context, variable, "~/.alibabacloud/credentials")? {
        Err(first) => open(context, variable, "~/.alibabacloud/credentials.ini")?.map_err(|_| first),
        opened => opened,
    };
    let (path, bytes) = match opened {
        Ok(opened) => opened,
        Err(why) => return Ok(Err(why)),
    };
    let sections = sections(&bytes, File::Credentials, &path)?;
    let name = name.unwrap_or_else(|| "default".to_owned());
    let mut values = None;
    for section in sections.iter().filter(|section| section.is(Kind::Profile, &name)) {
        if let Some(malformed) = &section.malformed {
            return Err(malformed.error());
        }
        let properties =
            section.properties.iter().map(|(key, property)| (key.clone(), property.value.clone()));
        values.get_or_insert_with(Vec::new).extend(properties);
    }
    let names = sections.iter().map(|section| section.name.as_str());
    Ok(chosen(name, path, values, names))
}

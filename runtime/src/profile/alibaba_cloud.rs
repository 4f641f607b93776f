//! The profile files of Alibaba Cloud's tools.
//!
//! Values may be secrets: no code here prints them.

use std::{
    collections::BTreeSet,
    sync::{Arc, OnceLock},
};

use serde_json::Value;
use zeroize::Zeroize as _;

use super::SettingsError;
use super::{File, SharedFiles, listed, open::open, sections, variable_of};
use crate::{context::Context, text};

/// The variable that names the profile of both files.
pub(crate) const PROFILE: &str = "ALIBABA_CLOUD_PROFILE";

/// A file with profiles.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Store {
    /// `~/.aliyun/config.json`, written by the command line tool; it names the current profile.
    CommandLine,
    /// `~/.alibabacloud/credentials`, or the file that `ALIBABA_CLOUD_CREDENTIALS_FILE` names.
    Credentials,
}

/// Both files, each read when first needed.
#[derive(Default)]
pub(super) struct Stores {
    command_line: OnceLock<Found>,
    credentials: OnceLock<Found>,
}

/// The content of a file, or where the file was searched and why it is missing.
type Found = Result<Stored, String>;

/// The profiles of a file.
struct Stored {
    path: Arc<str>,
    current: Option<String>,
    profiles: Vec<(String, Result<Values, SettingsError>)>,
}

/// Keys and values. An invalid line makes its section unusable.
#[derive(Default)]
struct Values(Vec<(String, String)>);

/// Omits values, which may be secrets.
impl Drop for Values {
    fn drop(&mut self) {
        self.0.iter_mut().for_each(|(_, value)| value.zeroize());
    }
}

/// One profile of a file: all sections of its name.
pub(crate) struct StoredProfile<'a> {
    pub(crate) name: &'a str,
    /// The file.
    pub(crate) path: &'a str,
    sections: Vec<&'a Values>,
}

impl StoredProfile<'_> {
    /// A value, the last of its key; an empty value counts as absent.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        let mut values = self.sections.iter().rev().flat_map(|section| section.0.iter().rev());
        let (_, value) = values.find(|(known, _)| known == key)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }
}

impl SharedFiles {
    /// The profile with this name, else with the name in `ALIBABA_CLOUD_PROFILE`, else the current profile, else
    /// `default`; or where it was searched and why it is missing.
    pub(crate) fn stored(
        &self,
        context: &dyn Context,
        store: Store,
        name: Option<&str>,
    ) -> Result<Result<StoredProfile<'_>, String>, SettingsError> {
        let files = &self.0.alibaba_cloud;
        let kept = match store {
            Store::CommandLine => &files.command_line,
            Store::Credentials => &files.credentials,
        };
        let found = if let Some(found) = kept.get() {
            found
        } else {
            let found = match store {
                Store::CommandLine => command_line(context)?,
                Store::Credentials => credentials(context)?,
            };
            kept.get_or_init(|| found)
        };
        let named = name.map(str::to_owned).or_else(|| variable_of(context, PROFILE));
        match found {
            Ok(stored) => stored.choose(named.as_deref()),
            Err(why) => Ok(Err(why.clone())),
        }
    }
}

impl Stored {
    fn choose(&self, name: Option<&str>) -> Result<Result<StoredProfile<'_>, String>, SettingsError> {
        let wanted = name.or(self.current.as_deref()).unwrap_or("default");
        let path = &*self.path;
        let mut chosen = None;
        for (name, values) in self.profiles.iter().filter(|(name, _)| name == wanted) {
            let profile = chosen.get_or_insert(StoredProfile { name, path, sections: Vec::new() });
            profile.sections.push(values.as_ref().map_err(Clone::clone)?);
        }
        Ok(chosen.ok_or_else(|| {
            let names = listed(self.profiles.iter().map(|(name, _)| name.as_str()));
            format!("no profile `{}` in {path}; profiles there: {names}", wanted.escape_debug())
        }))
    }
}

fn command_line(context: &dyn Context) -> Result<Found, SettingsError> {
    let (path, bytes) = match open(context, None, "~/.aliyun/config.json")? {
        Ok(opened) => opened,
        Err(why) => return Ok(Err(why)),
    };
    let config: Value = serde_json::from_slice(&text::without_mark(&bytes))
        .map_err(|error| SettingsError::new(&path, error.to_string()))?;
    let broken = |problem| SettingsError::new(&path, problem);
    let config = config.as_object().ok_or_else(|| broken("not a JSON object"))?;
    let text = |value: Option<&Value>| value?.as_str().map(str::to_owned);
    let current = text(config.get("current")).filter(|name| !name.is_empty());
    let profiles = match config.get("profiles") {
        None | Some(Value::Null) => &[],
        Some(Value::Array(profiles)) => profiles.as_slice(),
        Some(_) => return Err(broken("`profiles` is not a list")),
    };
    let mut seen = BTreeSet::new();
    let read = |profile: &Value| {
        let name = text(profile.get("name"))?;
        let members = profile.as_object()?.iter();
        let texts = members.filter_map(|(key, value)| Some((key.clone(), as_text(value)?)));
        // The first of several profiles with the same name is used.
        seen.insert(name.clone()).then(|| (name, Ok(Values(texts.collect()))))
    };
    let profiles = profiles.iter().filter_map(read).collect();
    Ok(Ok(Stored { path, current, profiles }))
}

/// A value as text. What is not a text is JSON: a policy may be an object, and must not be missing from requests.
fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Null => None,
        Value::Number(_) | Value::Bool(_) | Value::Array(_) | Value::Object(_) => Some(value.to_string()),
    }
}

fn credentials(context: &dyn Context) -> Result<Found, SettingsError> {
    let variable = Some("ALIBABA_CLOUD_CREDENTIALS_FILE");
    // The vendor's tools use different names.
    let opened = match open(context, variable, "~/.alibabacloud/credentials")? {
        Err(first) => open(context, variable, "~/.alibabacloud/credentials.ini")?.map_err(|_| first),
        opened => opened,
    };
    let (path, bytes) = match opened {
        Ok(opened) => opened,
        Err(why) => return Ok(Err(why)),
    };
    let profiles = sections(&bytes, File::Credentials, &path)?.into_iter().map(|section| {
        let texts = section.properties.iter().map(|(key, property)| (key.clone(), property.value.clone()));
        let values = match &section.malformed {
            Some(malformed) => Err(malformed.error()),
            None => Ok(Values(texts.collect())),
        };
        (section.name, values)
    });
    Ok(Ok(Stored { path, current: None, profiles: profiles.collect() }))
}

//! Reading members, with errors that name the missing or wrong one.

use std::{error::Error as StdError, fmt, time::SystemTime};

use serde_json::Value;

use crate::time::Timestamp;

/// Why a saved exchange cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedError {
    path: String,
    reason: String,
}

impl SavedError {
    pub(super) fn new(path: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { path: path.into(), reason: reason.into() }
    }

    /// The member: `response.status`; empty if the text is not JSON.
    pub fn path(&self) -> &str {
        &self.path
    }
}

impl fmt::Display for SavedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, reason } = self;
        if path.is_empty() { f.write_str(reason) } else { write!(f, "{path}: {reason}") }
    }
}

impl StdError for SavedError {}

/// A value and its path.
pub(super) struct Reader<'a> {
    value: &'a Value,
    path: String,
}

impl<'a> Reader<'a> {
    pub(super) fn root(value: &'a Value) -> Result<Self, SavedError> {
        let root = Self { value, path: String::new() };
        if value.is_object() { Ok(root) } else { Err(root.wrong("an object")) }
    }

    /// A member; `None` if it is missing or `null`.
    pub(super) fn optional(&self, name: &str) -> Result<Option<Self>, SavedError> {
        let Value::Object(members) = self.value else { return Err(self.wrong("an object")) };
        let value = members.get(name).filter(|value| !value.is_null());
        Ok(value.map(|value| Self { value, path: self.below(name) }))
    }

    pub(super) fn required(&self, name: &str) -> Result<Self, SavedError> {
        self.optional(name)?.ok_or_else(|| SavedError::new(self.below(name), "missing"))
    }

    pub(super) fn text(&self, name: &str) -> Result<String, SavedError> {
        self.required(name)?.as_text().map(ToOwned::to_owned)
    }

    pub(super) fn optional_text(&self, name: &str) -> Result<Option<String>, SavedError> {
        self.optional(name)?.map(|value| value.as_text().map(ToOwned::to_owned)).transpose()
    }

    pub(super) fn boolean(&self, name: &str) -> Result<bool, SavedError> {
        let value = self.required(name)?;
        value.value.as_bool().ok_or_else(|| value.wrong("true or false"))
    }

    pub(super) fn optional_time(&self, name: &str) -> Result<Option<SystemTime>, SavedError> {
        self.optional(name)?.map(|value| value.time()).transpose()
    }

    /// A list of strings.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, SavedError> {
        self.items(name, |item| item.as_text().map(ToOwned::to_owned))
    }

    /// Reads each item of a list.
    pub(super) fn items<T>(
        &self,
        name: &str,
        read: impl Fn(&Self) -> Result<T, SavedError>,
    ) -> Result<Vec<T>, SavedError> {
        let list = self.required(name)?;
        let Value::Array(items) = list.value else { return Err(list.wrong("a list")) };
        let item = |(index, value)| read(&Self { value, path: format!("{}[{index}]", list.path) });
        items.iter().enumerate().map(item).collect()
    }

    pub(super) fn as_text(&self) -> Result<&'a str, SavedError> {
        self.value.as_str().ok_or_else(|| self.wrong("a string"))
    }

    pub(super) fn number<T: TryFrom<u64>>(&self) -> Result<T, SavedError> {
        let number = self.value.as_u64().and_then(|number| number.try_into().ok());
        number.ok_or_else(|| self.wrong("a whole number in its range"))
    }

    pub(super) fn integer(&self) -> Result<i64, SavedError> {
        self.value.as_i64().ok_or_else(|| self.wrong("a whole number"))
    }

    pub(super) fn time(&self) -> Result<SystemTime, SavedError> {
        let time = self.value.as_str().and_then(Timestamp::parse_date_time);
        time.map(Into::into).ok_or_else(|| self.wrong("a time like 2026-11-22T12:00:00Z"))
    }

    /// Reads one of these names.
    pub(super) fn named<T: Copy>(&self, names: &[(&str, T)]) -> Result<T, SavedError> {
        let text = self.as_text()?;
        let known = names.iter().find(|(name, _)| *name == text).map(|(_, value)| *value);
        known.ok_or_else(|| {
            let names: Vec<_> = names.iter().map(|(name, _)| *name).collect();
            self.wrong(&format!("one of {}", names.join(", ")))
        })
    }

    /// The error that the value is not as wanted.
    pub(super) fn wrong(&self, wanted: &str) -> SavedError {
        let value = self.value.to_string();
        let mut found: String = value.chars().take(40).collect();
        if found.len() < value.len() {
            found.push('…');
        }
        SavedError::new(self.path.clone(), format!("must be {wanted}, not {found}"))
    }

    fn below(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }
}

/// A list.
pub(super) fn list(items: impl Iterator<Item = Value>) -> Value {
    Value::Array(items.collect())
}

/// A time, in the form that the reader accepts.
pub(super) fn time(time: SystemTime) -> Value {
    Timestamp::from(time).to_string().into()
}

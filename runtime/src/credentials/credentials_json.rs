//! Credentials in JSON of other programs and services.

use serde_json::Value;

use super::{Credentials, CredentialsError, static_keys::Names};
use crate::text::without_mark;
use crate::time::Timestamp;

/// The names of the members.
pub(super) struct CredentialsJson {
    pub(super) names: Names,
    /// When they expire: a date and time.
    pub(super) expiry: &'static str,
    /// A number is a time, too, in milliseconds since 1970. Other programs' numbers may be seconds: AWS's tools refuse them.
    pub(super) has_millis: bool,
    /// The credentials always expire.
    pub(super) is_temporary: bool,
}

/// A response of the metadata endpoints of containers and instances.
pub(super) static METADATA: CredentialsJson = CredentialsJson::usual(&["Token"], true);

impl CredentialsJson {
    /// The names that AWS's services and programs use; the token's differ.
    pub(super) const fn usual(session_tokens: &'static [&'static str], is_temporary: bool) -> Self {
        let names =
            Names { access_key_id: "AccessKeyId", secret_access_key: "SecretAccessKey", session_tokens };
        Self { names, expiry: "Expiration", has_millis: false, is_temporary }
    }

    /// Reads credentials of `source`. Errors quote nothing of the JSON.
    pub(super) fn read(&self, source: &str, json: &Value) -> Result<Credentials, CredentialsError> {
        let fail = |problem: String| CredentialsError::new(source, problem);
        let text = |name: &str| json.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned);
        let Names { access_key_id, secret_access_key, session_tokens } = self.names;
        let tokens = session_tokens.iter().filter(|_| self.is_temporary);
        for name in [access_key_id, secret_access_key].iter().chain(tokens) {
            if text(name).is_none() {
                return Err(fail(format!("{name} is missing from the response")));
            }
        }
        let credentials = self.names.read(source, &text)?;
        match json.get(self.expiry).filter(|expiry| !expiry.is_null() && expiry.as_str() != Some("")) {
            Some(expiry) => match self.moment(expiry) {
                Some(expiry) => Ok(credentials.with_expiry(expiry.into())),
                None => {
                    Err(fail(format!("{} is not a date and time like 2030-01-31T23:59:59Z", self.expiry)))
                }
            },
            None if self.is_temporary => Err(fail(format!("{} is missing from the response", self.expiry))),
            None => Ok(credentials),
        }
    }

    fn moment(&self, value: &Value) -> Option<Timestamp> {
        match value {
            Value::String(text) => Timestamp::parse_date_time(text),
            Value::Number(millis) if self.has_millis => {
                Timestamp::from_seconds_f64(millis.as_f64()? / 1000.0)
            }
            _ => None,
        }
    }
}

/// Parses a text as JSON.
pub(super) fn parse(text: &[u8]) -> Result<Value, String> {
    // Errors of syntax quote nothing.
    serde_json::from_slice(&without_mark(text)).map_err(|error| format!("invalid JSON: {error}"))
}

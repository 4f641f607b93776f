//! Requests that cannot be encoded, and responses that cannot be decoded.

use std::fmt;

use serde_core::ser;

/// Why a request could not be encoded.
#[derive(Debug)]
pub struct EncodeError(pub String);

impl EncodeError {
    /// A reason, for people.
    pub fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for EncodeError {}

/// The protocols' own serializers fail with it.
impl ser::Error for EncodeError {
    fn custom<T: fmt::Display>(message: T) -> Self {
        Self(message.to_string())
    }
}

/// Why a successful response could not be decoded.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "matched by the layers above")]
pub enum DecodeError {
    /// The response contains an error, whatever its status.
    Refused,
    /// The response cannot be decoded, for this reason.
    Unreadable(String),
}

impl DecodeError {
    /// Adds what the body seems to be, if it is something unexpected.
    pub fn unreadable(body: &[u8], reason: impl fmt::Display) -> Self {
        Self::Unreadable(match looks_like(body) {
            Some(guess) => format!("{guess} ({reason})"),
            None => reason.to_string(),
        })
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused => f.write_str("the response reports an error"),
            Self::Unreadable(reason) => f.write_str(reason),
        }
    }
}

/// What an unexpected body seems to be.
fn looks_like(body: &[u8]) -> Option<&'static str> {
    match body.trim_ascii_start() {
        [] => Some("the body is empty"),
        [b'<', ..] => Some("the body is HTML or XML; a proxy or another server may have responded"),
        [0x1f, 0x8b, ..] => Some("the body is compressed, although the client did not ask for it"),
        _ => None,
    }
}

//! Errors that the fake responds with.

use std::{borrow::Cow, fmt, iter};

use http::StatusCode;
use serde_json::{Map, Value};

use super::FakeService;
use crate::WireError;

/// An error for the fake to respond with. It has an operation error code, an exception or only a status. Missing parts
/// come from the model.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FakeError {
    pub(super) exception: Option<String>,
    pub(super) code: Option<String>,
    pub(super) status: Option<StatusCode>,
    pub(super) message: Option<String>,
    pub(super) details: Map<String, Value>,
}

impl FakeError {
    /// An operation error code, in an exception that can carry codes.
    pub fn code(code: impl AsRef<str>) -> Self {
        Self { code: Some(code.as_ref().to_owned()), ..Self::default() }
    }

    /// An exception.
    pub fn exception(name: impl AsRef<str>) -> Self {
        Self { exception: Some(name.as_ref().to_owned()), ..Self::default() }
    }

    /// A status with a message, without exception and code; see [`with_status`](Self::with_status).
    ///
    /// [`Misbehaviour::Status`](crate::Misbehaviour::Status) is the response of an intermediary, which has no body.
    pub fn status(status: StatusCode) -> Self {
        Self { status: Some(status), ..Self::default() }
    }

    /// Sets the exception that carries the code.
    #[must_use]
    pub fn with_exception(mut self, name: impl AsRef<str>) -> Self {
        self.exception = Some(name.as_ref().to_owned());
        self
    }

    /// Sets the status, 200 to 999. With a lower one, which ends no request, the fake responds with status 500 and a message
    /// about it instead.
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = Some(status);
        self
    }

    /// Sets the message.
    #[must_use]
    pub fn with_message(mut self, message: impl Into<String>) -> Self {
        self.message = Some(message.into());
        self
    }

    /// Adds an entry to the code's details, or a member to the error itself. The member is added if the error has no
    /// code with details.
    #[must_use]
    pub fn with_detail(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.details.insert(name.into(), value.into());
        self
    }

    pub(super) fn unreadable(error: impl fmt::Display) -> Self {
        Self::exception("SerializationException").with_message(error.to_string())
    }

    pub(super) fn unwritable(error: impl fmt::Display) -> Self {
        Self::exception("InternalFailure")
            .with_message(format!("the handler's response cannot be written: {error}"))
    }

    /// The message: the one that was set, else the model's message, else the first cause in the model, else the meaning
    /// of the status. A code is preferred to the exception that carries it.
    pub(super) fn text(
        &self,
        service: &FakeService,
        code: Option<&str>,
        exception: Option<&str>,
        status: StatusCode,
    ) -> Cow<'_, str> {
        if let Some(message) = &self.message {
            return message.into();
        }
        let code = code.and_then(|code| service.info.error_code(code));
        let exception = exception.and_then(|name| WireError::find(service.info.exceptions, name));
        let known = [code, exception].into_iter().flatten();
        let texts = known.flat_map(|known| iter::once(&known.message).chain(known.causes));
        texts.copied().find(|text| !text.is_empty()).or(status.canonical_reason()).unwrap_or("Error").into()
    }
}

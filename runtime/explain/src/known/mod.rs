//! Identification of errors, shared by retries and explanations.

mod common;
mod sentences;

use crate::{
    Category, ServiceInfo, WireError,
    protocol::{Fault, bare_name},
    service::known_responses::KnownResponse,
};

/// An error that was recognized, and how.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KnownError {
    /// Name of its entry: the code, the exception, or the id of the response.
    pub name: &'static str,
    /// What it means for the caller.
    pub category: Category,
    /// What it was recognized by.
    pub by: KnownBy,
    /// Entry with causes and remedies; `None` for a known response, which has its own.
    pub error: Option<&'static WireError>,
}

/// What an error was recognized by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum KnownBy {
    /// The whole response, in the model's table of responses.
    Response,
    /// The operation error code, in the model.
    Code,
    /// The beginning of the operation error code, in the model.
    CodeFamily,
    /// The operation error code, among the names that AWS services share.
    CommonCode,
    /// The exception, in the model.
    Exception,
    /// The exception, among the names that AWS services share.
    CommonException,
    /// The whole message.
    Message,
    /// A part of the message.
    MessagePart,
}

impl KnownError {
    /// Recognizes an error: as a response that the model knows, then by its names, then by its message.
    ///
    /// The code is more specific than the exception around it, and the model's entry for a name more specific than the
    /// shared one. Messages count only if no name is known: they are for people, and may quote anything. They do not
    /// outweigh a status that means a transient failure.
    pub fn find(
        service: Option<&'static ServiceInfo>,
        fault: &Fault,
        status: u16,
        response: Option<&'static KnownResponse>,
    ) -> Option<Self> {
        let (code, exception) = (fault.code.as_deref(), fault.exception.as_deref().map(bare_name));
        let by_response = || response.map(Self::of_response);
        let by_code = || {
            let error = service?.error_code(code?)?;
            let by = if Some(error.wire) == code { KnownBy::Code } else { KnownBy::CodeFamily };
            Some(Self::new(error, by))
        };
        let by_exception =
            || Some(Self::new(WireError::find(service?.exceptions, exception?)?, KnownBy::Exception));
        let by_common = |name: Option<&str>, by| Some(Self::new(common::find(name?)?, by));
        by_response()
            .or_else(by_code)
            .or_else(|| by_common(code, KnownBy::CommonCode))
            .or_else(by_exception)
            .or_else(|| by_common(exception, KnownBy::CommonException))
            .or_else(|| {
                let (name, by) = sentences::find(fault.message.as_deref()?)?;
                let error = by_common(Some(name), by)?;
                let is_final = matches!(error.category, Category::Auth | Category::Client);
                (!is_final || category_of_status(status).is_none()).then_some(error)
            })
    }

    fn new(error: &'static WireError, by: KnownBy) -> Self {
        Self { name: error.wire, category: error.category, by, error: Some(error) }
    }

    fn of_response(response: &'static KnownResponse) -> Self {
        Self { name: response.id, category: response.category, by: KnownBy::Response, error: None }
    }
}

/// What a status means if nothing else of the error is known.
pub fn category_of_status(status: u16) -> Option<Category> {
    match status {
        429 => Some(Category::Throttling),
        500 | 502 | 503 | 504 => Some(Category::Transient),
        _ => None,
    }
}

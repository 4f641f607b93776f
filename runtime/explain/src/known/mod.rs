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
    /// The operation error code, or an exception of that name, in the model.
    Code,
    /// The beginning of the operation error code, or of the exception, in the model.
    CodeFamily,
    /// The operation error code, among the names that AWS services share.
    CommonCode,
    /// The exception, in the model.
    Exception,
    /// The exception, among the names that AWS services share.
    CommonException,
    /// The whole message, which the model lists for an operation error code.
    CodeMessage,
    /// The whole message, among the sentences that services share.
    Message,
    /// A part of the message, among the sentences that services share.
    MessagePart,
}

/// Whether a name is among those that AWS services share.
pub(crate) fn is_shared(name: &str) -> bool {
    common::find(name).is_some()
}

impl KnownError {
    /// Recognizes an error by its response, its names or its message, in this order.
    ///
    /// The code is more specific than the exception around it, and the model's entry for a name more specific than the
    /// shared one. A message that the model lists for a code stands for the code, which command lines and some SDKs leave
    /// out. Other messages count only if no name is known: they are for people, and may quote anything. They do not
    /// outweigh a status that means a transient failure.
    pub fn find(
        service: Option<&'static ServiceInfo>,
        fault: &Fault,
        status: u16,
        response: Option<&'static KnownResponse>,
    ) -> Option<Self> {
        let (code, exception) = (fault.code.as_deref(), fault.exception.as_deref());
        let by_message = || {
            let (name, by) = sentences::find(fault.message.as_deref()?)?;
            let error = Self::new(common::find(name)?, by);
            let may_pass = error.category.is_retried() || error.category == Category::Clock;
            let passes = category_of_status(status).is_some_and(Category::is_retried);
            (may_pass || !passes).then_some(error)
        };
        let known = response.map(Self::of_response);
        known
            .or_else(|| Self::of_code(service, code?))
            .or_else(|| Self::of_code_message(service?, fault.message.as_deref()?))
            .or_else(|| Self::of_exception(service, exception?))
            .or_else(by_message)
    }

    /// Recognizes an operation error code. Found in the model, else among the names that AWS services share.
    pub fn of_code(service: Option<&'static ServiceInfo>, code: &str) -> Option<Self> {
        Self::of_model_code(service, code)
            .or_else(|| Some(Self::new(common::find(code)?, KnownBy::CommonCode)))
    }

    /// Recognizes the whole message of an operation error code.
    fn of_code_message(service: &'static ServiceInfo, message: &str) -> Option<Self> {
        let bare = |message: &'_ str| message.trim().trim_end_matches('.').to_ascii_lowercase();
        let message = bare(message);
        let mut codes = service.error_codes.iter();
        let error = codes.find(|error| !error.message.is_empty() && bare(error.message) == message)?;
        Some(Self::new(error, KnownBy::CodeMessage))
    }

    fn of_model_code(service: Option<&'static ServiceInfo>, code: &str) -> Option<Self> {
        let error = service?.error_code(code)?;
        let by = if error.wire == code { KnownBy::Code } else { KnownBy::CodeFamily };
        Some(Self::new(error, by))
    }

    /// Recognizes an exception: in the model, else among the names that AWS services share.
    ///
    /// A text without its service, such as a pasted one, does not show whether a name is an exception or a code.
    pub fn of_exception(service: Option<&'static ServiceInfo>, exception: &str) -> Option<Self> {
        let exception = bare_name(exception);
        let by_model = service.and_then(|service| WireError::find(service.exceptions, exception));
        by_model
            .map(|error| Self::new(error, KnownBy::Exception))
            .or_else(|| Self::of_model_code(service, exception))
            .or_else(|| Some(Self::new(common::find(exception)?, KnownBy::CommonException)))
    }

    fn new(error: &'static WireError, by: KnownBy) -> Self {
        Self { name: error.wire, category: error.category, by, error: Some(error) }
    }

    /// Whether the service's model has an entry for the name.
    pub(crate) fn is_of_model(self) -> bool {
        matches!(self.by, KnownBy::Code | KnownBy::CodeFamily | KnownBy::Exception)
    }

    fn of_response(response: &'static KnownResponse) -> Self {
        Self { name: response.id, category: response.category, by: KnownBy::Response, error: None }
    }
}

/// What an error response means for the caller. The known error decides, or else the status. If the known error is a
/// failure of the server, a status that is retried decides. Retries and programs use the same category.
pub fn category(known: Option<KnownError>, status: u16) -> Option<Category> {
    let by_status = category_of_status(status);
    match known.map(|known| known.category) {
        // The status may say whether a retry helps.
        Some(Category::Server) => {
            by_status.filter(|category| category.is_retried()).or(Some(Category::Server))
        }
        Some(category) => Some(category),
        None => by_status,
    }
}

/// What a status means if nothing else of the error is known.
pub fn category_of_status(status: u16) -> Option<Category> {
    match status {
        401 => Some(Category::Auth),
        403 => Some(Category::AccessDenied),
        404 => Some(Category::NotFound),
        429 => Some(Category::Throttling),
        500 | 502 | 503 | 504 => Some(Category::Transient),
        400..=499 => Some(Category::Client),
        501..=599 => Some(Category::Server),
        _ => None,
    }
}

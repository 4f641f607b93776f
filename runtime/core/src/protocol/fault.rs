//! The error in a response, whatever its protocol.

use std::fmt;

use crate::text::brief;

/// The error in a response: complete, without invented values.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// Name of the exception, without namespace and URI.
    pub exception: Option<String>,
    /// Operation error code.
    pub code: Option<String>,
    /// The service's message.
    pub message: Option<String>,
    /// Further details of the error, as JSON text.
    pub details: Option<String>,
    /// The host that responded, by its own name.
    pub host_id: Option<String>,
    /// Who caused the error, by the service's own word: `Sender` or `Receiver`.
    pub blame: Option<String>,
}

impl Fault {
    /// An error by name and text.
    pub fn new(exception: Option<String>, message: Option<String>) -> Self {
        Self { exception, message, ..Self::default() }
    }

    /// Adds an operation error code.
    #[must_use]
    pub fn with_code(mut self, code: Option<String>) -> Self {
        self.code = code;
        self
    }
}

/// Omits texts that may repeat secrets of the request.
impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [exception, code, message, details, host_id, blame] =
            [&self.exception, &self.code, &self.message, &self.details, &self.host_id, &self.blame]
                .map(|text| brief(text.as_deref()));
        f.debug_struct("Fault")
            .field("exception", &exception)
            .field("code", &code)
            .field("message", &message)
            .field("details", &details)
            .field("host_id", &host_id)
            .field("blame", &blame)
            .finish()
    }
}

/// Name of an exception without namespace and URI: `aws.protocoltests.json#FooError:http://…` is `FooError`.
pub fn bare_name(name: &str) -> &str {
    let name = name.split(':').next().unwrap_or_default();
    name.rsplit('#').next().unwrap_or_default().trim()
}

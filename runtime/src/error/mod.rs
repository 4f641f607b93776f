//! What a call can end in other than its response.

mod metadata;

use std::{error::Error as StdError, fmt};

use self::metadata::OneLine;
pub use self::metadata::ResponseMetadata;
use crate::{
    Service, WireName as _, credentials::CredentialsError, operation::OperationError, protocol::Fault,
    transport::TransportError, validate::Violation,
};

/// A call that did not give a response. `E` is the operation's enum of error codes.
#[non_exhaustive]
pub enum Error<E: OperationError> {
    /// Refused before sending.
    Input(Box<InputError>),
    /// There were no credentials to sign with.
    Credentials(Box<CallFailure<CredentialsError>>),
    /// No complete answer came.
    Transport(Box<CallFailure<TransportError>>),
    /// The service answered with an error.
    Service(Box<ServiceError<E>>),
    /// The answer cannot be understood.
    Response(Box<ResponseError>),
}

impl<E: OperationError> Error<E> {
    /// The operation error code, where the service sent one. Matching on it stays right when the model learns
    /// which operations return a code.
    pub fn code(&self) -> Option<&<E::Service as Service>::ErrorCode> {
        self.as_service()?.code()
    }

    /// The operation error code as the operation's own enum.
    pub fn kind(&self) -> Option<&E> {
        self.as_service()?.kind()
    }

    /// The exception, where the service sent one.
    pub fn exception(&self) -> Option<&<E::Service as Service>::Exception> {
        self.as_service()?.exception()
    }

    /// The service's error, if it is one.
    pub fn as_service(&self) -> Option<&ServiceError<E>> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }

    /// Status, headers, body and attempts, where an answer came.
    pub fn metadata(&self) -> Option<&ResponseMetadata> {
        match self {
            Self::Service(error) => Some(&error.metadata),
            Self::Response(error) => Some(&error.metadata),
            Self::Input(_) | Self::Credentials(_) | Self::Transport(_) => None,
        }
    }

    /// The id that the service gave the request.
    pub fn request_id(&self) -> Option<&str> {
        self.metadata()?.request_id()
    }

    /// How often the request was sent.
    pub fn attempts(&self) -> u32 {
        match self {
            Self::Input(_) => 0,
            Self::Credentials(error) => error.attempts,
            Self::Transport(error) => error.attempts,
            Self::Service(_) | Self::Response(_) => self.metadata().map_or(0, ResponseMetadata::attempts),
        }
    }

    pub(crate) fn new(failure: Failure) -> Self {
        match failure {
            Failure::Input(error) => Self::Input(Box::new(error)),
            Failure::Credentials(error) => Self::Credentials(Box::new(error)),
            Failure::Transport(error) => Self::Transport(Box::new(error)),
            Failure::Response(error) => Self::Response(Box::new(error)),
            Failure::Service(operation, fault, metadata) => {
                Self::Service(Box::new(ServiceError::new(operation, fault, metadata)))
            }
        }
    }
}

/// What went wrong, before the operation's types come in.
#[derive(Debug)]
pub(crate) enum Failure {
    Input(InputError),
    Credentials(CallFailure<CredentialsError>),
    Transport(CallFailure<TransportError>),
    Service(&'static str, Fault, ResponseMetadata),
    Response(ResponseError),
}

impl<E: OperationError> fmt::Debug for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Credentials(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Service(error) => error.fmt(f),
            Self::Response(error) => error.fmt(f),
        }
    }
}

impl<E: OperationError> fmt::Display for Error<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Credentials(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Service(error) => error.fmt(f),
            Self::Response(error) => error.fmt(f),
        }
    }
}

impl<E: OperationError> StdError for Error<E> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Transport(error) => error.error.source(),
            Self::Input(_) | Self::Credentials(_) | Self::Service(_) | Self::Response(_) => None,
        }
    }
}

/// A request that was refused before sending: every constraint that does not hold.
#[derive(Clone, Debug)]
pub struct InputError {
    operation: &'static str,
    violations: Vec<Violation>,
}

impl InputError {
    pub(crate) fn new(operation: &'static str, violations: Vec<Violation>) -> Self {
        Self { operation, violations }
    }

    /// Every constraint that does not hold.
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: refused before sending", self.operation)?;
        for (index, violation) in self.violations.iter().enumerate() {
            write!(f, "{} {violation}", if index == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl StdError for InputError {}

/// A call that ended without an answer.
#[derive(Debug)]
pub struct CallFailure<T> {
    pub(crate) operation: &'static str,
    pub(crate) attempts: u32,
    pub(crate) error: T,
}

impl<T> CallFailure<T> {
    /// What failed, at the last attempt.
    pub fn error(&self) -> &T {
        &self.error
    }

    /// How often the request was sent, or was about to be.
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl<T: fmt::Display> fmt::Display for CallFailure<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.error)?;
        match self.attempts {
            0 | 1 => Ok(()),
            attempts => write!(f, " ({attempts} attempts)"),
        }
    }
}

/// An error that the service sent.
pub struct ServiceError<E: OperationError> {
    operation: &'static str,
    exception: Option<<E::Service as Service>::Exception>,
    code: Option<<E::Service as Service>::ErrorCode>,
    kind: Option<E>,
    fault: Fault,
    metadata: ResponseMetadata,
}

impl<E: OperationError> ServiceError<E> {
    fn new(operation: &'static str, fault: Fault, metadata: ResponseMetadata) -> Self {
        let code: Option<<E::Service as Service>::ErrorCode> = fault.code.as_deref().map(Into::into);
        Self {
            operation,
            exception: fault.exception.as_deref().map(Into::into),
            kind: code.as_ref().map(E::from_code),
            code,
            fault,
            metadata,
        }
    }

    /// Name of the operation.
    pub fn operation(&self) -> &'static str {
        self.operation
    }

    /// The exception; one that the model does not know is kept by its name.
    pub fn exception(&self) -> Option<&<E::Service as Service>::Exception> {
        self.exception.as_ref()
    }

    /// The operation error code; one that the model does not know is kept as it came.
    pub fn code(&self) -> Option<&<E::Service as Service>::ErrorCode> {
        self.code.as_ref()
    }

    /// The operation error code as the operation's own enum.
    pub fn kind(&self) -> Option<&E> {
        self.kind.as_ref()
    }

    /// The service's text.
    pub fn message(&self) -> Option<&str> {
        self.fault.message.as_deref()
    }

    /// What the answer says of the error, as it came.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Status, headers, body and attempts.
    pub fn metadata(&self) -> &ResponseMetadata {
        &self.metadata
    }
}

impl<E: OperationError> fmt::Debug for ServiceError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("operation", &self.operation)
            .field("exception", &self.fault.exception)
            .field("code", &self.fault.code)
            .field("message", &self.fault.message)
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}

/// One line: operation, exception, code, message, status, request id, attempts.
impl<E: OperationError> fmt::Display for ServiceError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: {}",
            self.operation,
            self.fault.exception.as_deref().unwrap_or("error without a name")
        )?;
        if let Some(code) = &self.code {
            write!(f, " {}", OneLine(code.as_str()))?;
        }
        if let Some(message) = self.message() {
            write!(f, ": {}", OneLine(message))?;
        }
        write!(f, " ({})", self.metadata)
    }
}

/// An answer that cannot be understood.
#[derive(Debug)]
pub struct ResponseError {
    pub(crate) operation: &'static str,
    pub(crate) reason: String,
    pub(crate) metadata: ResponseMetadata,
}

impl ResponseError {
    /// Why it cannot be understood.
    pub fn reason(&self) -> &str {
        &self.reason
    }

    /// Status, headers, body and attempts.
    pub fn metadata(&self) -> &ResponseMetadata {
        &self.metadata
    }
}

impl fmt::Display for ResponseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let reason = OneLine(&self.reason);
        write!(f, "{}: the answer cannot be understood: {reason} ({})", self.operation, self.metadata)
    }
}

//! Errors of calls.

mod called;
mod category;
mod evidence;
mod hook;
mod input;
mod no_response;
mod service;
mod undecodable;

use std::{error::Error as StdError, fmt};

pub(crate) use self::called::Called;
pub use self::{
    hook::HookError, input::InputError, no_response::CallFailure, service::ServiceError,
    undecodable::ResponseError,
};
pub use crate::wire::ResponseMetadata;
use crate::{
    Service,
    explain::{KnownError, Refused},
    identity::CredentialsError,
    operation::{ErrorMembers, Operation, OperationError, ServiceErrorCode},
    protocol::Fault,
    wire::TransportError,
};

/// Why a call failed.
///
/// All calls of a service have this one type, so that `?` works in functions that call several operations, and errors of all
/// operations are found by one [downcast](StdError#method.downcast_ref), also within `anyhow` and `eyre`. `C` is the
/// service's enum of error codes; each service's module has the type as `Error`.
#[non_exhaustive]
pub enum Error<C: ServiceErrorCode> {
    /// Refused before sending.
    Input(Box<InputError>),
    /// There were no credentials to sign with.
    Credentials(Box<CallFailure<CredentialsError>>),
    /// A hook stopped the call before it was signed. The hook's own error is the [source](StdError::source).
    Hook(Box<CallFailure<HookError>>),
    /// No complete response was received.
    Transport(Box<CallFailure<TransportError>>),
    /// The service sent an error response.
    Service(Box<ServiceError<C>>),
    /// The response could not be decoded.
    Response(Box<ResponseError>),
}

impl<C: ServiceErrorCode> Error<C> {
    /// The operation error code, if the service sent one.
    ///
    /// Unlike [`kind`](Self::kind), it does not depend on the operations for which the model lists the code.
    pub fn code(&self) -> Option<&C> {
        self.as_service()?.code()
    }

    /// The operation error code as the enum of the operation that was called. For a `match` over the operation's codes.
    pub fn kind<K: OperationError<Service = C::Service>>(&self) -> Option<K> {
        self.as_service()?.kind()
    }

    /// The exception, if the service sent one.
    pub fn exception(&self) -> Option<&<C::Service as Service>::Exception> {
        self.as_service()?.exception()
    }

    /// The members of an exception besides its message, if the service sent that exception.
    ///
    /// ```no_run
    /// # use gatewright_runtime::{Error, ErrorMembers, ServiceErrorCode};
    /// # fn shown<C: ServiceErrorCode, Cancelled: ErrorMembers<Service = C::Service> + std::fmt::Debug>(error: Error<C>) {
    /// match error.members::<Cancelled>() {
    ///     Some(Ok(cancelled)) => println!("{cancelled:?}"),
    ///     Some(Err(unreadable)) => println!("{error}, and {unreadable}"),
    ///     None => println!("{error}"),
    /// }
    /// # }
    /// ```
    pub fn members<T>(&self) -> Option<Result<T, ResponseError>>
    where
        T: ErrorMembers<Service = C::Service>,
    {
        self.as_service()?.members()
    }

    /// The service's error, if it is one.
    pub fn as_service(&self) -> Option<&ServiceError<C>> {
        match self {
            Self::Service(error) => Some(error),
            _ => None,
        }
    }

    /// Status, headers, body and attempts, if a response was received.
    pub fn metadata(&self) -> Option<&ResponseMetadata> {
        match self {
            Self::Service(error) => Some(error.metadata()),
            Self::Response(error) => Some(&error.metadata),
            Self::Input(_) | Self::Credentials(_) | Self::Hook(_) | Self::Transport(_) => None,
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
            Self::Hook(error) => error.attempts,
            Self::Transport(error) => error.attempts,
            Self::Service(_) | Self::Response(_) => self.metadata().map_or(0, ResponseMetadata::attempts),
        }
    }

    pub(crate) fn new(failure: Failure) -> Self {
        match failure {
            Failure::Credentials(error) => Self::Credentials(Box::new(error)),
            Failure::Hook(error) => Self::Hook(Box::new(error)),
            Failure::Transport(error) => Self::Transport(Box::new(error)),
            Failure::Response(error) => Self::Response(Box::new(error)),
            Failure::Service(refusal) => Self::Service(Box::new(ServiceError::new(refusal))),
        }
    }
}

/// The error of an operation's calls.
pub(crate) type CallError<R> = Error<<<R as Operation>::Service as Service>::ErrorCode>;

/// Why a call failed, independent of the operation's types.
#[derive(Debug)]
pub(crate) enum Failure {
    Credentials(CallFailure<CredentialsError>),
    Hook(CallFailure<HookError>),
    Transport(CallFailure<TransportError>),
    Service(Refusal),
    Response(ResponseError),
}

/// An error response, independent of the service's types.
#[derive(Debug)]
pub(crate) struct Refusal {
    pub(crate) called: Called,
    /// What is known of the refusal, without secrets.
    pub(crate) refused: Box<Refused>,
    /// The error as the response states it, if the evidence has it shortened or masked.
    pub(crate) stated: Option<Box<Fault>>,
    pub(crate) known: Option<KnownError>,
    pub(crate) metadata: ResponseMetadata,
}

impl Refusal {
    /// The error as the response states it.
    pub(crate) fn fault(&self) -> &Fault {
        self.stated.as_deref().unwrap_or(&self.refused.fault)
    }
}

impl<C: ServiceErrorCode> fmt::Debug for Error<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Credentials(error) => error.fmt(f),
            Self::Hook(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Service(error) => error.fmt(f),
            Self::Response(error) => error.fmt(f),
        }
    }
}

impl<C: ServiceErrorCode> fmt::Display for Error<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input(error) => error.fmt(f),
            Self::Credentials(error) => error.fmt(f),
            Self::Hook(error) => error.fmt(f),
            Self::Transport(error) => error.fmt(f),
            Self::Service(error) => error.fmt(f),
            Self::Response(error) => error.fmt(f),
        }
    }
}

impl<C: ServiceErrorCode> StdError for Error<C> {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Credentials(error) => error.source(),
            Self::Transport(error) => error.source(),
            Self::Hook(error) => error.source(),
            Self::Input(_) | Self::Service(_) | Self::Response(_) => None,
        }
    }
}

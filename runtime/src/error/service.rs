//! An error that the service sent.

use std::fmt;

use super::ResponseMetadata;
use crate::{
    Service,
    body::said_beside,
    operation::OperationError,
    protocol::Fault,
    sign::SignedRequest,
    text::{OneLine, brief},
};

/// An error that the service sent.
pub struct ServiceError<E: OperationError> {
    operation: &'static str,
    exception: Option<<E::Service as Service>::Exception>,
    code: Option<<E::Service as Service>::ErrorCode>,
    kind: Option<E>,
    fault: Fault,
    metadata: ResponseMetadata,
    signed: Option<Box<SignedRequest>>,
}

impl<E: OperationError> ServiceError<E> {
    pub(super) fn new(
        operation: &'static str,
        fault: Fault,
        metadata: ResponseMetadata,
        signed: Option<Box<SignedRequest>>,
    ) -> Self {
        let code: Option<<E::Service as Service>::ErrorCode> = fault.code.as_deref().map(Into::into);
        Self {
            operation,
            exception: fault.exception.as_deref().map(Into::into),
            kind: code.as_ref().map(E::from_code),
            code,
            fault,
            metadata,
            signed,
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

    /// The host that responded, if it names itself; quote it to the service's support.
    pub fn host_id(&self) -> Option<&str> {
        self.fault.host_id.as_deref()
    }

    /// The error as the response states it, unchanged.
    pub fn fault(&self) -> &Fault {
        &self.fault
    }

    /// Status, headers, body and attempts.
    pub fn metadata(&self) -> &ResponseMetadata {
        &self.metadata
    }

    /// What was signed, if the service refused the request for its signature or credentials, or has no operations.
    pub fn signed(&self) -> Option<&SignedRequest> {
        self.signed.as_deref()
    }
}

impl<E: OperationError> fmt::Debug for ServiceError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("operation", &self.operation)
            .field("exception", &brief(self.fault.exception.as_deref()))
            .field("code", &brief(self.fault.code.as_deref()))
            .field("message", &brief(self.message()))
            .field("metadata", &self.metadata)
            .finish_non_exhaustive()
    }
}

/// One line: operation, exception, code, message or the beginning of the body, status, request id, attempts, host.
impl<E: OperationError> fmt::Display for ServiceError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.operation)?;
        let names = [self.fault.exception.as_deref(), self.fault.code.as_deref()];
        if names.iter().all(|name| OneLine::of(*name).is_none()) {
            f.write_str(" error without a name")?;
        }
        for name in names.into_iter().filter_map(OneLine::of) {
            write!(f, " {name}")?;
        }
        match (OneLine::of(self.message()), said_beside(&self.fault, self.metadata.body())) {
            (Some(message), _) => write!(f, ": {message}")?,
            (None, Some(said)) => write!(f, ": {said}")?,
            (None, None) => {}
        }
        match OneLine::of(self.host_id()) {
            Some(host) => write!(f, " ({}, host {host})", self.metadata),
            None => write!(f, " ({})", self.metadata),
        }
    }
}

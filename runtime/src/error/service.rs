//! An error that the service sent.

use std::fmt;

use super::ResponseMetadata;
use crate::{
    Service,
    body::said_beside,
    operation::{OperationError, ServiceErrorCode},
    protocol::Fault,
    sign::SignedRequest,
    text::{OneLine, brief},
};

/// An error that the service sent.
pub struct ServiceError<C: ServiceErrorCode> {
    operation: &'static str,
    exception: Option<<C::Service as Service>::Exception>,
    code: Option<C>,
    fault: Fault,
    metadata: ResponseMetadata,
    signed: Option<Box<SignedRequest>>,
}

impl<C: ServiceErrorCode> ServiceError<C> {
    pub(super) fn new(
        operation: &'static str,
        fault: Fault,
        metadata: ResponseMetadata,
        signed: Option<Box<SignedRequest>>,
    ) -> Self {
        Self {
            operation,
            exception: fault.exception.as_deref().map(Into::into),
            code: fault.code.as_deref().map(Into::into),
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
    pub fn exception(&self) -> Option<&<C::Service as Service>::Exception> {
        self.exception.as_ref()
    }

    /// The operation error code; one that the model does not know is kept as it came.
    pub fn code(&self) -> Option<&C> {
        self.code.as_ref()
    }

    /// The operation error code as the own enum of the operation that was called.
    pub fn kind<K: OperationError<Service = C::Service>>(&self) -> Option<K> {
        self.code.as_ref().map(K::from_code)
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

impl<C: ServiceErrorCode> fmt::Debug for ServiceError<C> {
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
impl<C: ServiceErrorCode> fmt::Display for ServiceError<C> {
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

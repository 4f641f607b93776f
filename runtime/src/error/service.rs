//! An error that the service sent.

use std::fmt;

use super::{Refusal, ResponseError, ResponseMetadata};
use crate::{
    Category, Service,
    body::said_beside,
    known::category,
    operation::{ErrorMembers, OperationError, ServiceErrorCode},
    protocol::{Fault, Protocol as _},
    sign::SignedRequest,
    text::{OneLine, brief},
};

/// An error that the service sent.
pub struct ServiceError<C: ServiceErrorCode> {
    exception: Option<<C::Service as Service>::Exception>,
    code: Option<C>,
    pub(super) refusal: Refusal,
}

impl<C: ServiceErrorCode> ServiceError<C> {
    pub(super) fn new(refusal: Refusal) -> Self {
        let Fault { exception, code, .. } = refusal.fault();
        Self {
            exception: exception.as_deref().map(Into::into),
            code: code.as_deref().map(Into::into),
            refusal,
        }
    }

    /// Name of the operation; of calls by method and path, the method.
    pub fn operation(&self) -> &'static str {
        self.refusal.called.operation
    }

    /// The exception; an unknown one is kept by its name.
    pub fn exception(&self) -> Option<&<C::Service as Service>::Exception> {
        self.exception.as_ref()
    }

    /// The operation error code; an unknown one is kept as received.
    pub fn code(&self) -> Option<&C> {
        self.code.as_ref()
    }

    /// The operation error code as the enum of the operation that was called.
    pub fn kind<K: OperationError<Service = C::Service>>(&self) -> Option<K> {
        self.code.as_ref().map(K::from_code)
    }

    /// What the error means for the caller, if that is known. Code, exception, message or status decide, as for
    /// retries.
    pub fn category(&self) -> Option<Category> {
        category(self.refusal.known, self.refusal.metadata.status().as_u16())
    }

    pub(super) fn is_timeout(&self) -> bool {
        let by_name = self.refusal.known.and_then(|known| known.error).map(|error| error.status);
        let status = self.refusal.metadata.status().as_u16();
        [Some(status), by_name].iter().any(|status| matches!(status, Some(408 | 504)))
    }

    /// The members of an exception besides its message, if this is that exception. See
    /// [`Error::members`](super::Error::members).
    pub fn members<T>(&self) -> Option<Result<T, ResponseError>>
    where
        T: ErrorMembers<Service = C::Service>,
    {
        let Fault { exception, code, .. } = self.fault();
        let is_one = |name: &String| T::NAMES.contains(&name.as_str());
        [exception, code].into_iter().flatten().any(is_one).then_some(())?;
        let mut response = http::Response::new(self.metadata().body().clone());
        *response.status_mut() = self.metadata().status();
        response.headers_mut().clone_from(self.metadata().headers());
        Some(<C::Service as Service>::PROTOCOL.error_members(T::BINDINGS, &response).map_err(|error| {
            let members = <C::Service as Service>::INFO.sensitive_members;
            let reason = ResponseError::conceal(&error.to_string(), self.metadata().body(), members);
            ResponseError { called: self.refusal.called.clone(), reason, metadata: self.metadata().clone() }
        }))
    }

    /// The service's text.
    pub fn message(&self) -> Option<&str> {
        self.fault().message.as_deref()
    }

    /// The host that responded, if it names itself; quote it to the service's support.
    pub fn host_id(&self) -> Option<&str> {
        self.fault().host_id.as_deref()
    }

    /// The error as the response states it, unchanged.
    pub fn fault(&self) -> &Fault {
        self.refusal.fault()
    }

    /// Status, headers, body and attempts.
    pub fn metadata(&self) -> &ResponseMetadata {
        &self.refusal.metadata
    }

    /// What was signed, without secrets. Kept if the service refused the request for its signature or credentials, or
    /// has no operations. Of the access key id, only the first four characters are kept.
    pub fn signed(&self) -> Option<&SignedRequest> {
        self.refusal.refused.signed.as_ref()
    }
}

impl<C: ServiceErrorCode> fmt::Debug for ServiceError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServiceError")
            .field("operation", &self.refusal.called)
            .field("exception", &brief(self.fault().exception.as_deref()))
            .field("code", &brief(self.fault().code.as_deref()))
            .field("message", &brief(self.message()))
            .field("metadata", &self.refusal.metadata)
            .finish_non_exhaustive()
    }
}

impl<C: ServiceErrorCode> std::error::Error for ServiceError<C> {}

/// One line with the facts of the error. They are operation, exception, code, message or the beginning of the body,
/// status, request id, attempts and host.
impl<C: ServiceErrorCode> fmt::Display for ServiceError<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.refusal.called)?;
        let names = [self.fault().exception.as_deref(), self.fault().code.as_deref()];
        if names.iter().all(|name| OneLine::of(*name).is_none()) {
            f.write_str(" error without a name")?;
        }
        let [exception, code] = names;
        for name in
            [exception, code.filter(|code| exception != Some(code))].into_iter().filter_map(OneLine::of)
        {
            write!(f, " {name}")?;
        }
        match (OneLine::of(self.message()), said_beside(self.fault(), self.metadata().body())) {
            (Some(message), _) => write!(f, ": {message}")?,
            (None, Some(said)) => write!(f, ": {said}")?,
            (None, None) => {}
        }
        match OneLine::of(self.host_id()) {
            Some(host) => write!(f, " ({}, host {host})", self.refusal.metadata),
            None => write!(f, " ({})", self.refusal.metadata),
        }
    }
}

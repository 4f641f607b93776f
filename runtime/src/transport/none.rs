//! The transport of calls that no transport can make.

use super::{HostPort, Reached, Request, RequestFault, Response, TransportError, TransportErrorKind};

/// Fails, for calls that no transport of the client can make.
#[derive(Debug)]
pub(super) struct NoTransport;

impl NoTransport {
    fn refuse(request: &Request) -> Result<Response, TransportError> {
        let peer = HostPort::new(request.uri().host().unwrap_or_default(), request.uri().port_u16());
        let error = TransportError::new(TransportErrorKind::Request, peer, Reached::NotSent);
        Err(error.with_source(RequestFault::NoTransport))
    }
}

impl super::Transport for NoTransport {
    fn send(&self, request: Request) -> crate::BoxFuture<'_, Result<Response, TransportError>> {
        Box::pin(std::future::ready(Self::refuse(&request)))
    }
}

impl super::BlockingTransport for NoTransport {
    fn send(&self, request: Request, _: std::time::Duration) -> Result<Response, TransportError> {
        Self::refuse(&request)
    }
}

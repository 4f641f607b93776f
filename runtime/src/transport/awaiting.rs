//! Sending on tokio, whatever the transport.

use std::time::Duration;

use tokio::{runtime::Handle, time};

use super::{Peer, Reached, Request, Response, Transport, TransportError, TransportErrorKind};

/// The remedy for calls that are awaited outside of a runtime.
pub(crate) const OUTSIDE_RUNTIME: &str = "await it within a tokio runtime with I/O and time, as `#[tokio::main]` starts \
                                          one, or make blocking calls, with the feature `blocking`";

/// The runtime of a call. Outside of one, tokio would panic. Whether a runtime has drivers for I/O and time cannot be
/// checked.
pub(crate) fn within_runtime(peer: impl Into<Peer>) -> Result<Handle, TransportError> {
    Handle::try_current().map_err(|_| {
        let error = TransportError::new(TransportErrorKind::NoRuntime, peer, Reached::NotSent);
        error.with_source(OUTSIDE_RUNTIME)
    })
}

/// Sends a request once, on tokio.
pub(crate) async fn send_once(
    transport: &dyn Transport,
    request: Request,
    timeout: Duration,
) -> Result<Response, TransportError> {
    let peer = request.uri().authority().map(ToString::to_string).unwrap_or_default();
    within_runtime(peer.as_str())?;
    let response = time::timeout(timeout, transport.send_within(request, timeout)).await;
    response.unwrap_or_else(|_| {
        Err(TransportError::new(TransportErrorKind::AttemptTimeout, peer, Reached::MaybeSent))
    })
}

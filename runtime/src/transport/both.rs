//! Transports of both drivers.

use std::sync::Arc;

#[cfg(feature = "blocking")]
use super::BlockingTransport;
use super::HttpTransportBuilder;
#[cfg(feature = "async")]
use super::Transport;

/// What sends the requests of a client, by either driver.
#[derive(Clone, Debug)]
pub(crate) struct Transports {
    #[cfg(feature = "async")]
    pub(crate) awaited: Arc<dyn Transport>,
    #[cfg(feature = "blocking")]
    pub(crate) blocking: Arc<dyn BlockingTransport>,
}

/// Transports that replace the default ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnTransports {
    #[cfg(feature = "async")]
    pub(crate) awaited: Option<Arc<dyn Transport>>,
    #[cfg(feature = "blocking")]
    pub(crate) blocking: Option<Arc<dyn BlockingTransport>>,
}

impl OwnTransports {
    /// Adds the default transports that are missing. Their settings are asked for once at most, since that may read and
    /// parse a bundle of certificates.
    pub(crate) fn or_default<E>(
        self,
        http: impl Fn() -> Result<HttpTransportBuilder, E>,
    ) -> Result<Transports, E> {
        let mut shared = None;
        let mut http = || match &shared {
            Some(builder) => Ok(HttpTransportBuilder::clone(builder)),
            None => http().inspect(|builder| shared = Some(builder.clone())),
        };
        Ok(Transports {
            #[cfg(feature = "async")]
            awaited: match self.awaited {
                Some(transport) => transport,
                None => Arc::new(http()?.build()),
            },
            #[cfg(feature = "blocking")]
            blocking: match self.blocking {
                Some(transport) => transport,
                None => Arc::new(http()?.build_blocking()),
            },
        })
    }
}

#[cfg(feature = "async")]
impl Transports {
    /// Sends a request once, on tokio.
    pub(crate) async fn send(
        &self,
        request: super::Request,
        timeout: std::time::Duration,
    ) -> Result<super::Response, super::TransportError> {
        use super::{Reached, TransportError, TransportErrorKind, within_runtime};

        let peer = request.uri().authority().map(ToString::to_string).unwrap_or_default();
        within_runtime(peer.as_str())?;
        let response = tokio::time::timeout(timeout, self.awaited.send_within(request, timeout)).await;
        response.unwrap_or_else(|_| {
            Err(TransportError::new(TransportErrorKind::AttemptTimeout, peer, Reached::MaybeSent))
        })
    }
}

//! Transports for async and blocking calls.

use std::sync::Arc;

use super::HttpTransportBuilder;

/// The transports of a client, for async and blocking calls.
#[derive(Clone, Debug)]
pub(crate) struct Transports {
    #[cfg(feature = "async")]
    pub(crate) awaited: Arc<dyn super::Transport>,
    #[cfg(feature = "blocking")]
    pub(crate) blocking: Arc<dyn super::BlockingTransport>,
}

/// Transports that replace the default ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnTransports {
    #[cfg(feature = "async")]
    pub(crate) awaited: Option<Arc<dyn super::Transport>>,
    #[cfg(feature = "blocking")]
    pub(crate) blocking: Option<Arc<dyn super::BlockingTransport>>,
}

impl OwnTransports {
    /// Adds the default transports that are missing.
    ///
    /// Their settings are read once at most, because that may parse a bundle of certificates.
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

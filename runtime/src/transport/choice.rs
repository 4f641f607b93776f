//! The transports of a client: its own, else the built-in ones.

use std::sync::Arc;

use super::{BlockingTransport, Transport, none::NoTransport};

/// The transports of a client, for async and blocking calls. Calls without a transport fail.
#[derive(Clone, Debug)]
pub(crate) struct Transports {
    pub(crate) awaited: Arc<dyn Transport>,
    pub(crate) blocking: Arc<dyn BlockingTransport>,
}

/// Transports that replace the built-in ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnTransports {
    pub(crate) awaited: Option<Arc<dyn Transport>>,
    pub(crate) blocking: Option<Arc<dyn BlockingTransport>>,
}

impl OwnTransports {
    /// Adds the built-in transports that are missing.
    ///
    /// Their settings are read once at most, because that may parse a bundle of certificates.
    #[cfg(feature = "http-transport")]
    pub(crate) fn or_default<E>(
        mut self,
        http: impl Fn() -> Result<super::HttpTransportBuilder, E>,
    ) -> Result<Transports, E> {
        let mut shared = None;
        let mut http = || match &shared {
            Some(builder) => Ok(super::HttpTransportBuilder::clone(builder)),
            None => http().inspect(|builder| shared = Some(builder.clone())),
        };
        #[cfg(feature = "async")]
        if self.awaited.is_none() {
            self.awaited = Some(Arc::new(http()?.build()));
        }
        #[cfg(feature = "blocking")]
        if self.blocking.is_none() {
            self.blocking = Some(Arc::new(http()?.build_blocking()));
        }
        Ok(self.alone())
    }

    /// These alone: calls by the other driver fail, if there is only one.
    pub(crate) fn alone(self) -> Transports {
        Transports {
            awaited: self.awaited.unwrap_or_else(|| Arc::new(NoTransport)),
            blocking: self.blocking.unwrap_or_else(|| Arc::new(NoTransport)),
        }
    }
}

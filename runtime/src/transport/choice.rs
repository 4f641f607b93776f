//! The transports of a client: its own, else the built-in ones.

use std::sync::Arc;

/// The transports of a client, for async and blocking calls.
#[derive(Clone, Debug)]
pub(crate) struct Transports {
    #[cfg(feature = "async-driver")]
    pub(crate) awaited: Arc<dyn super::Transport>,
    #[cfg(feature = "blocking-driver")]
    pub(crate) blocking: Arc<dyn super::BlockingTransport>,
}

/// Transports that replace the built-in ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct OwnTransports {
    #[cfg(feature = "async-driver")]
    pub(crate) awaited: Option<Arc<dyn super::Transport>>,
    #[cfg(feature = "blocking-driver")]
    pub(crate) blocking: Option<Arc<dyn super::BlockingTransport>>,
}

impl OwnTransports {
    /// Adds the built-in transports that are missing.
    ///
    /// Their settings are read once at most, because that may parse a bundle of certificates.
    #[cfg(feature = "http-transport")]
    pub(crate) fn or_default<E>(
        self,
        http: impl Fn() -> Result<super::HttpTransportBuilder, E>,
    ) -> Result<Transports, E> {
        let mut shared = None;
        let mut http = || match &shared {
            Some(builder) => Ok(super::HttpTransportBuilder::clone(builder)),
            None => http().inspect(|builder| shared = Some(builder.clone())),
        };
        Ok(Transports {
            #[cfg(feature = "async-driver")]
            awaited: match self.awaited {
                Some(transport) => transport,
                #[cfg(feature = "async")]
                None => Arc::new(http()?.build()),
                #[cfg(not(feature = "async"))]
                None => Arc::new(super::none::NoTransport),
            },
            #[cfg(feature = "blocking-driver")]
            blocking: match self.blocking {
                Some(transport) => transport,
                #[cfg(feature = "blocking")]
                None => Arc::new(http()?.build_blocking()),
                #[cfg(not(feature = "blocking"))]
                None => Arc::new(super::none::NoTransport),
            },
        })
    }

    /// These alone: calls by the other driver fail, if there is only one.
    #[cfg(not(feature = "http-transport"))]
    pub(crate) fn alone(self) -> Transports {
        Transports {
            #[cfg(feature = "async-driver")]
            awaited: self.awaited.unwrap_or_else(|| Arc::new(super::none::NoTransport)),
            #[cfg(feature = "blocking-driver")]
            blocking: self.blocking.unwrap_or_else(|| Arc::new(super::none::NoTransport)),
        }
    }

    /// Whether there is none.
    #[cfg(not(feature = "http-transport"))]
    pub(crate) fn is_empty(&self) -> bool {
        let Self {
            #[cfg(feature = "async-driver")]
            awaited,
            #[cfg(feature = "blocking-driver")]
            blocking,
        } = self;
        let is_empty = true;
        #[cfg(feature = "async-driver")]
        let is_empty = is_empty && awaited.is_none();
        #[cfg(feature = "blocking-driver")]
        let is_empty = is_empty && blocking.is_none();
        is_empty
    }
}

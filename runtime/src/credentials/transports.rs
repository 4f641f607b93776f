//! The transports of sources: the client's own, else built-in ones that trust what the client trusts.

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use http::{Uri, uri::Scheme};

use super::Setup;
use crate::{
    settings::SettingsError,
    transport::{Authorities, Cryptography, HttpTransportBuilder, OwnTransports, Transports},
    vendor::Vendor,
};

/// No source has larger responses; the client's limit counts if it is greater.
const MAX_BODY: usize = 64 * 1024;

/// The transports of a client's sources.
#[derive(Clone, Debug, Default)]
pub(crate) struct SourceTransports {
    /// The caller's.
    pub(crate) own: OwnTransports,
    /// Authorities that the caller trusts; sources trust them, too, in addition to the settings' or the system's: the
    /// caller may have meant the private authority of one host, which no public service has.
    pub(crate) authorities: Option<Authorities>,
    pub(crate) cryptography: Cryptography,
    /// What the caller permits for calls; errors of sources advise it, too.
    pub(crate) max_body_bytes: Option<usize>,
    pub(crate) to_any_host: bool,
    made: Arc<Made>,
}

/// Each is made when it is first needed.
#[derive(Default)]
struct Made {
    plain: OnceLock<Transports>,
    tls: OnceLock<Transports>,
}

impl SourceTransports {
    /// Forgets those that were made from settings of another machine.
    pub(super) fn forget(&mut self) {
        self.made = Arc::default();
    }
}

impl Setup {
    /// The transports to a server. Authorities are only read for `https://`, because parsing a bundle of certificates
    /// takes longer than a request.
    pub(super) fn transports(&self, url: &Uri) -> Result<Transports, SettingsError> {
        let SourceTransports { own, authorities, cryptography, max_body_bytes, to_any_host, made } =
            &self.transports;
        let is_https = url.scheme() == Some(&Scheme::HTTPS);
        let kept = if is_https { &made.tls } else { &made.plain };
        if let Some(transports) = kept.get() {
            return Ok(transports.clone());
        }
        let made = own.clone().or_default(|| {
            // Requests are rare: no connection would still be open for the next one.
            let http = HttpTransportBuilder::new(&*self.context)
                .cryptography(*cryptography)
                .max_body_bytes(max_body_bytes.map_or(MAX_BODY, |bytes| bytes.max(MAX_BODY)))
                .allow_http_to_any_host(*to_any_host)
                .max_idle_per_host(0);
            if !is_https {
                return Ok(http);
            }
            let http = http.trust_also(authorities.clone());
            // Other vendors' tools have no such setting.
            let bundle = if self.vendor == Vendor::Aws { self.sources()?.ca_bundle(None)? } else { None };
            match bundle {
                Some(bundle) => bundle.trusted_by(&*self.context, http),
                None => Ok(http),
            }
        })?;
        Ok(kept.get_or_init(|| made).clone())
    }
}

impl fmt::Debug for Made {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Made").finish_non_exhaustive()
    }
}

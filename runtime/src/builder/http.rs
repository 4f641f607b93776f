//! Settings of the built-in transports that a client makes if it is given none.

use std::time::Duration;

use super::{BuildError, ClientBuilder, ServiceClient};
use crate::{
    credentials::Setup,
    settings::Settings,
    transport::{Authorities, Cryptography, HttpTransportBuilder, Transports},
};

#[derive(Default)]
pub(super) struct Http {
    connect_timeout: Option<Duration>,
    root_certificates: Option<Vec<u8>>,
}

impl Http {
    /// Passes on what applies to sources of credentials, too.
    pub(super) fn reach_sources(&self, setup: &mut Setup) -> Result<(), BuildError> {
        setup.transports.authorities =
            self.root_certificates.as_deref().map(Authorities::parse).transpose()?;
        Ok(())
    }

    /// The transports of calls. For `http://` no certificates are read: reading a bundle takes longer than a call.
    pub(super) fn transports(
        &self,
        setup: &Setup,
        settings: &Settings,
        is_https: bool,
    ) -> Result<Transports, BuildError> {
        let context = &*setup.context;
        setup.transports.own.clone().or_default(|| {
            let mut http = HttpTransportBuilder::new(context)
                .allow_http_to_any_host(setup.transports.to_any_host)
                .cryptography(setup.transports.cryptography);
            if let Some(timeout) = self.connect_timeout {
                http = http.connect_timeout(timeout);
            }
            if let Some(bytes) = setup.transports.max_body_bytes {
                http = http.max_body_bytes(bytes);
            }
            if let Some(authorities) = &setup.transports.authorities {
                http = http.trust(authorities.clone());
            } else if let Some(bundle) = settings.ca_bundle.as_ref().filter(|_| is_https) {
                http = bundle.trusted_by(context, http)?;
            }
            Ok(http)
        })
    }
}

impl<C: ServiceClient> ClientBuilder<C> {
    /// Time limit of opening a connection; default: 3.1 s. Ignored with a custom transport.
    pub fn connect_timeout(mut self, timeout: Duration) -> Self {
        self.http.connect_timeout = Some(timeout);
        self
    }

    /// Maximum size of a response's body; default: 16 MiB. Responses to sources of credentials may always have 64 KiB, and
    /// no more by default. Ignored with a custom transport.
    pub fn max_body_bytes(mut self, bytes: usize) -> Self {
        self.setup.transports.max_body_bytes = Some(bytes);
        self
    }

    /// Certificate authorities to trust instead of the system's, in PEM or DER. Default: the file in `AWS_CA_BUNDLE` or
    /// the profile's `ca_bundle`. Ignored with a custom transport.
    ///
    /// The services that the client's own search for credentials calls (STS, IAM Identity Center, `https://` metadata)
    /// may have certificates of these authorities, or else of the file's, or else of the system's.
    pub fn root_certificates(mut self, certificates: impl Into<Vec<u8>>) -> Self {
        self.http.root_certificates = Some(certificates.into());
        self
    }

    /// Whether `http://` may be used for other machines than this one; default: no. Everyone on the network path can
    /// read and change such requests, those for credentials of roles included. Ignored with a custom transport.
    pub fn allow_http_to_any_host(mut self, allow: bool) -> Self {
        self.setup.transports.to_any_host = allow;
        self
    }

    /// The crate whose cryptography the default transport uses for TLS. There is a choice only if several are enabled;
    /// default: [`Cryptography::default`]. Ignored with a custom transport.
    pub fn cryptography(mut self, cryptography: Cryptography) -> Self {
        self.setup.transports.cryptography = cryptography;
        self
    }
}

//! The service that issues temporary credentials of RAM roles.

#[rustfmt::skip]
#[allow(clippy::doc_markdown, dead_code, unreachable_pub, unused_imports, reason = "as in crates of clients")]
mod generated;

pub(super) use self::generated::{
    AssumeRoleRequest, AssumeRoleRequired, AssumeRoleWithOidcRequest, AssumeRoleWithOidcRequired,
};
use super::super::super::{
    Credentials, CredentialsError, ProvideCredentials, Setup,
    io::Io,
    issuer::{self, Issuer},
};
use super::super::ISSUED;
use crate::{
    Client, Operation, Service,
    endpoint::EndpointParams,
    settings::{Settings, SourceEndpoint},
    vendor::Vendor,
};

/// A client of the service.
#[derive(Debug, Default)]
pub(super) struct TokenService {
    endpoint: SourceEndpoint,
    issuer: Issuer,
}

/// The service, as its model describes it.
type Tokens = <AssumeRoleRequest as Operation>::Service;

/// The service's part of names of settings.
pub(super) const SETTINGS_ID: &str = Tokens::INFO.settings_id;

impl TokenService {
    pub(super) fn new(endpoint: SourceEndpoint) -> Self {
        Self { endpoint, issuer: Issuer::default() }
    }

    /// The credentials in the response to a request, which the user of `source` signs.
    pub(super) async fn call<R: Operation<Service = Tokens>>(
        &self,
        io: Io<'_>,
        source: impl ProvideCredentials,
        request: R,
        issued: fn(R::Output) -> Option<generated::Credentials>,
    ) -> Result<Credentials, CredentialsError> {
        let connect = || self.connect(io.setup, source);
        self.issuer.call(io, connect, request, issued, &ISSUED).await
    }

    /// Region and endpoint of the client are those of its own service, and do not apply.
    fn connect(&self, setup: &Setup, source: impl ProvideCredentials) -> Result<Client, String> {
        let place = self.endpoint.complete(&*setup.context, SETTINGS_ID);
        let place = place.map_err(|error| error.to_string())?;
        let mut params = EndpointParams::default();
        params.vendor = Vendor::AlibabaCloud;
        params.region = place.region.as_deref();
        params.endpoint = place.endpoint_url.as_ref().map(|url| url.0.as_str());
        params.use_vpc = place.vpc == Some(true);
        let endpoint = Tokens::INFO.endpoints.resolve(&params).map_err(|error| error.to_string())?;
        issuer::connect(setup, Tokens::INFO, &Settings::default(), endpoint, source)
    }
}

//! Where requests go, and who signs them.

use std::sync::Arc;

use http::Uri;

use super::{CallOptions, Shared};
use crate::{
    endpoint::{Endpoint, EndpointError},
    provider::ProvideCredentials,
    sign::{Auth, sigv4::SigningKeys},
};

/// Where requests go, and who signs them: of a client, or of a single call.
pub(crate) struct Destination {
    pub(crate) endpoint: Uri,
    pub(crate) region: String,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) keys: SigningKeys,
}

impl Destination {
    /// # Errors
    /// [`EndpointError`] if signatures need a region, and the endpoint has none.
    pub(crate) fn new(
        endpoint: Endpoint,
        auth: Auth,
        credentials: Arc<dyn ProvideCredentials>,
    ) -> Result<Self, EndpointError> {
        let region = match endpoint.signing_region() {
            Ok(region) => region.to_owned(),
            Err(_) if !auth.has_scope() => String::new(),
            Err(error) => return Err(error),
        };
        Ok(Self { endpoint: endpoint.url, region, credentials, keys: SigningKeys::default() })
    }
}

impl Shared {
    /// The destination of a call with a region or credentials of its own. Its signing keys are not cached for the
    /// client, whose own keys would have to make room for them.
    ///
    /// # Errors
    /// [`EndpointError`] if there is no endpoint in the call's region.
    pub(crate) fn own_destination(
        &self,
        options: &CallOptions,
    ) -> Result<Option<Box<Destination>>, EndpointError> {
        let CallOptions { region, credentials, .. } = options;
        let clients = &self.destination;
        let credentials = match (region, credentials) {
            (None, None) => return Ok(None),
            (_, Some(own)) => Arc::clone(own),
            (_, None) => Arc::clone(&clients.credentials),
        };
        let own = match region {
            Some(region) => {
                let mut params = self.settings.endpoint_params();
                params.region = Some(region);
                Destination::new(self.service.endpoints.resolve(&params)?, self.auth, credentials)?
            }
            None => Destination {
                endpoint: clients.endpoint.clone(),
                region: clients.region.clone(),
                credentials,
                keys: SigningKeys::default(),
            },
        };
        Ok(Some(Box::new(own)))
    }
}

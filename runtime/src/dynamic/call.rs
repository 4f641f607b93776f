//! Calls of operations chosen by name, with settings of their own.

use std::{future::IntoFuture, sync::Arc};

use super::{Called, DynamicError};
use crate::{BoxFuture, Client, WithMetadata, exchange::CallOptions, provider::ProvideCredentials};

/// A call of an operation chosen by name. The call can be configured and then awaited.
#[derive(Debug)]
#[must_use = "a call is made when it is awaited"]
pub struct DynamicCall<'a> {
    pub(super) call: for<'b> fn(&'b Client, &'b [u8], CallDestination) -> Called<'b>,
    pub(super) client: &'a Client,
    pub(super) input: &'a [u8],
    pub(super) destination: CallDestination,
}

impl DynamicCall<'_> {
    /// Calls the service in this region instead of the client's, as [`Call::region`](crate::Call::region) does.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.destination.region = Some(region.into());
        self
    }

    /// Signs the call with these credentials instead of the client's, as [`Call::credentials`](crate::Call::credentials) does.
    pub fn credentials(mut self, credentials: impl ProvideCredentials) -> Self {
        self.destination.credentials = Some(Arc::new(credentials));
        self
    }

    /// Makes the call and returns the response with its metadata.
    ///
    /// # Errors
    /// [`DynamicError`]; its kind is `Input` also if the JSON is not a valid request.
    pub async fn with_metadata(self) -> Result<WithMetadata<String>, DynamicError> {
        (self.call)(self.client, self.input, self.destination).await
    }
}

impl<'a> IntoFuture for DynamicCall<'a> {
    type Output = Result<String, DynamicError>;
    type IntoFuture = BoxFuture<'a, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.with_metadata().await.map(|response| response.output) })
    }
}

/// Where one call goes, and who signs it, if that differs from the client.
#[derive(Debug, Default)]
pub(super) struct CallDestination {
    region: Option<String>,
    credentials: Option<Arc<dyn ProvideCredentials>>,
}

impl CallDestination {
    pub(super) fn apply(self, options: &mut CallOptions) {
        if self.region.is_some() {
            options.region = self.region;
        }
        if self.credentials.is_some() {
            options.credentials = self.credentials;
        }
    }
}

//! Async calls.

use std::{future::IntoFuture, pin::Pin, time::Duration};

use http::Uri;
use tokio::time::timeout;

use super::{
    Call,
    call::{CallResult, result},
};
use crate::{
    Error, Service,
    driver::Driver,
    identity::CredentialsError,
    transport::nonblocking::{OUTSIDE_RUNTIME, within_runtime},
};

impl<S: Service> Call<S> {
    /// Makes the call. Awaiting the call itself does the same.
    ///
    /// # Errors
    /// [`Error`]; a response without a successful status is [`Error::Service`], with status, headers and body.
    pub fn send(self) -> impl Future<Output = CallResult<S>> + Send + use<S> {
        let prepared = self.prepare();
        async move {
            let (client, prepared) = prepared?;
            let outcome = client.execute(&prepared, &mut |_| Ok(())).await;
            result::<S>(prepared.operation.name, outcome)
        }
    }

    /// A presigned URL: until it expires, anyone can make this call with it, without credentials. The service may let
    /// it expire earlier, after five minutes. Keep the URL secret until then.
    ///
    /// The call must be made with the method, the body and the headers that were presigned.
    ///
    /// # Errors
    /// [`Error::Input`] if the call cannot be signed this way, [`Error::Credentials`] if there are no credentials.
    pub async fn presign(self, expires_in: Duration) -> Result<Uri, Error<S::ErrorCode>> {
        let shared = self.client.shared();
        let provided = if within_runtime(shared.peer(&shared.endpoint)).is_ok() {
            let provided = shared.credentials.provide_by(Driver::Awaiting);
            timeout(self.options.operation_timeout, provided).await.ok()
        } else {
            Some(Err(CredentialsError::new("the source of credentials", OUTSIDE_RUNTIME)))
        };
        self.presign_with(provided, expires_in)
    }
}

impl<S: Service> IntoFuture for Call<S> {
    type Output = CallResult<S>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

//! Async calls.

use std::{future::IntoFuture, pin::Pin, time::Duration};

use http::Uri;

use super::{
    Call,
    call::{CallResult, result},
};
use crate::{Error, Service};

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
            result::<S>(prepared, outcome)
        }
    }

    /// A presigned URL: until it expires, anyone can make this call with it, without credentials. The service may let
    /// it expire earlier, after five minutes. Keep the URL secret until then.
    ///
    /// The call must be made with the method, the body and the headers that were presigned. A URL that would outlive
    /// its credentials is refused.
    ///
    /// # Errors
    /// [`Error::Input`] if the call cannot be signed this way, [`Error::Credentials`] if there are no credentials.
    pub async fn presign(self, expires_in: Duration) -> Result<Uri, Error<S::ErrorCode>> {
        let (client, call) = self.prepare()?;
        let provided = client.identity(&call).await;
        client.presign(&call, provided, expires_in)
    }
}

impl<S: Service> IntoFuture for Call<S> {
    type Output = CallResult<S>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

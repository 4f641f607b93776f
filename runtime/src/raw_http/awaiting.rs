//! Async calls.

use std::{future::IntoFuture, pin::Pin, time::Duration};

use http::Uri;

use super::{
    Call,
    call::{CallResult, result},
};
use crate::{Error, Service, transport::Request};

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

    /// Makes a presigned URL. Until it expires, anyone can make this call with it, without credentials. The service may
    /// let it expire earlier, after five minutes. Keep the URL secret until then.
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

    /// The signed request of this call, for another program to send.
    ///
    /// The request proves the caller's identity and does not contain its secret key. It has the headers of the client,
    /// and an API key, if one is set. It is checked as in every call, and not sent; hooks do not run.
    ///
    /// Whoever sends it must not change it: method, URL, body, and every header that the signature names. It is
    /// accepted for some minutes from now on. Keep it secret until then. It has a header `Host` unless the client has a
    /// URL to send requests [`through`](crate::ClientBuilder::through): the server there sends the API's.
    ///
    /// # Errors
    /// [`Error::Input`] if the call is invalid or cannot be signed, [`Error::Credentials`] if there are no credentials.
    pub async fn sign(self) -> Result<Request, Error<S::ErrorCode>> {
        let (client, call) = self.prepare()?;
        let provided = client.identity(&call).await;
        client.sign(&call, provided)
    }
}

impl<S: Service> IntoFuture for Call<S> {
    type Output = CallResult<S>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.send())
    }
}

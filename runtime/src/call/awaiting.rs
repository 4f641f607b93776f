//! Async calls.

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

use super::{Call, WithMetadata};
use crate::{Operation, error::CallError, transport::Request};

impl<R: Operation> Call<R> {
    /// Makes the call and returns the response with its metadata.
    ///
    /// # Errors
    /// [`Error`](crate::Error), with the same metadata for error responses.
    pub fn with_metadata(
        self,
    ) -> impl Future<Output = Result<WithMetadata<R::Output>, CallError<R>>> + Send + use<R> {
        // Prepared outside of the future, which would otherwise store the request twice.
        let prepared = self.prepare();
        async move {
            let (client, prepared, mut decoder) = prepared?;
            let outcome = client.execute(&prepared, &mut |response| decoder.decode(response)).await;
            decoder.finish(outcome)
        }
    }

    /// The signed request of this call, for another program to send.
    ///
    /// The request proves the caller's identity and does not contain its secret key. The request is checked as in every call, and not sent; hooks do not run.
    ///
    /// Whoever sends it must not change it: method, URL, body, and every header that the signature names. The service
    /// accepts it for some minutes from now on. Keep it secret until then.
    ///
    /// # Errors
    /// [`Error::Input`](crate::Error::Input) if the request is invalid or the operation is not signed,
    /// [`Error::Credentials`](crate::Error::Credentials) if there are no credentials.
    pub async fn sign(self) -> Result<Request, CallError<R>> {
        let (client, call, _) = self.prepare()?;
        let provided = client.identity(&call).await;
        client.sign(&call, provided)
    }
}

impl<R: Operation> IntoFuture for Call<R> {
    type Output = Result<R::Output, CallError<R>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.with_metadata().await.map(|success| success.output) })
    }
}

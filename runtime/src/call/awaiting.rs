//! Async calls.

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

use super::{Call, WithMetadata};
use crate::{Operation, error::CallError};

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
}

impl<R: Operation> IntoFuture for Call<R> {
    type Output = Result<R::Output, CallError<R>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.with_metadata().await.map(|success| success.output) })
    }
}

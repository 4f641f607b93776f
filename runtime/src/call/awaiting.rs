//! Calls that are awaited.

use std::{
    future::{Future, IntoFuture},
    pin::Pin,
};

use super::{Call, WithMetadata};
use crate::{Error, Operation};

impl<R: Operation> Call<R> {
    /// Makes the call and keeps what came with the response.
    ///
    /// # Errors
    /// [`Error`], which has the same metadata of an error response.
    pub fn with_metadata(
        self,
    ) -> impl Future<Output = Result<WithMetadata<R::Output>, Error<R::Error>>> + Send + use<R> {
        // Prepared outside the future, which would hold the request twice otherwise.
        let prepared = self.prepare();
        async move {
            let (client, prepared, mut decoder) = prepared?;
            let outcome = client.execute(&prepared, &mut |response| decoder.decode(response)).await;
            decoder.finish(outcome)
        }
    }
}

impl<R: Operation> IntoFuture for Call<R> {
    type Output = Result<R::Output, Error<R::Error>>;
    type IntoFuture = Pin<Box<dyn Future<Output = Self::Output> + Send>>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { self.with_metadata().await.map(|success| success.output) })
    }
}

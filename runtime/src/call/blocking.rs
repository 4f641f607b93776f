//! Calls that block the thread.

use super::{Call, WithMetadata};
use crate::{
    Error, Operation,
    operation::Paginated,
    pages::{BlockingItems, BlockingPages},
};

impl<R: Operation> Call<R> {
    /// Makes the call and blocks the thread until it is over. Not for threads that run async tasks.
    ///
    /// # Errors
    /// [`Error`], as when the call is awaited.
    pub fn send_blocking(self) -> Result<R::Output, Error<R::Error>> {
        self.with_metadata_blocking().map(|answer| answer.output)
    }

    /// Makes the call, blocks the thread until it is over, and keeps what came with the response.
    ///
    /// # Errors
    /// [`Error`], which has the same metadata of an error response.
    pub fn with_metadata_blocking(self) -> Result<WithMetadata<R::Output>, Error<R::Error>> {
        let (client, prepared, mut decoder) = self.prepare()?;
        let outcome = client.execute_blocking(&prepared, &mut |response| decoder.decode(response));
        decoder.finish(outcome)
    }
}

impl<R: Paginated> Call<R> {
    /// The pages from this request on, fetched one by one as they are asked for, blocking the thread.
    pub fn pages_blocking(self) -> BlockingPages<R> {
        BlockingPages::new(self)
    }

    /// The items of all pages, fetched page by page as they are asked for, blocking the thread.
    pub fn items_blocking(self) -> BlockingItems<R> {
        BlockingItems::new(self.pages_blocking())
    }
}

//! Calls that block the thread.

use super::{Call, WithMetadata};
use crate::{Error, Operation};

impl<R: Operation> Call<R> {
    /// Makes the call and blocks the thread until it is over. Not for threads that run async tasks.
    ///
    /// # Errors
    /// [`Error`], as when the call is awaited.
    pub fn send_blocking(self) -> Result<R::Output, Error<R::Error>> {
        self.with_metadata_blocking().map(|success| success.output)
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

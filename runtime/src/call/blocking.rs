//! Blocking calls.

use super::{Call, WithMetadata};
use crate::{Operation, error::CallError, transport::Request};

impl<R: Operation> Call<R> {
    /// Makes the call and blocks the thread until the call ends. Not for threads that run async tasks.
    ///
    /// # Errors
    /// [`Error`](crate::Error), as for async calls.
    pub fn send_blocking(self) -> Result<R::Output, CallError<R>> {
        self.with_metadata_blocking().map(|success| success.output)
    }

    /// Makes the call, blocks the thread, and returns the response with its metadata.
    ///
    /// # Errors
    /// [`Error`](crate::Error), with the same metadata for error responses.
    pub fn with_metadata_blocking(self) -> Result<WithMetadata<R::Output>, CallError<R>> {
        let (client, prepared, mut decoder) = self.prepare()?;
        let outcome = client.execute_blocking(&prepared, &mut |response| decoder.decode(response));
        decoder.finish(outcome)
    }

    /// Like [`sign`](Self::sign), but blocks the thread while credentials are requested.
    ///
    /// # Errors
    /// The errors of [`sign`](Self::sign).
    pub fn sign_blocking(self) -> Result<Request, CallError<R>> {
        let (client, call, _) = self.prepare()?;
        let provided = client.identity_blocking(&call);
        client.sign(&call, provided)
    }
}

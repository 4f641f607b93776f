//! Blocking calls.

use std::time::Duration;

use http::Uri;

use super::{
    Call,
    call::{CallResult, result},
};
use crate::{Error, Service, transport::Request};

impl<S: Service> Call<S> {
    /// Makes the call and blocks the thread until the call ends. Not for threads that run async tasks.
    ///
    /// # Errors
    /// The errors of an async call.
    pub fn send_blocking(self) -> CallResult<S> {
        let (client, prepared) = self.prepare()?;
        let outcome = client.execute_blocking(&prepared, &mut |_| Ok(()));
        result::<S>(prepared, outcome)
    }

    /// Like [`presign`](Self::presign), but blocks the thread while credentials are requested.
    ///
    /// # Errors
    /// The errors of [`presign`](Self::presign).
    pub fn presign_blocking(self, expires_in: Duration) -> Result<Uri, Error<S::ErrorCode>> {
        let (client, call) = self.prepare()?;
        let provided = client.identity_blocking(&call);
        client.presign(&call, provided, expires_in)
    }

    /// Like [`sign`](Self::sign), but blocks the thread while credentials are requested.
    ///
    /// # Errors
    /// The errors of [`sign`](Self::sign).
    pub fn sign_blocking(self) -> Result<Request, Error<S::ErrorCode>> {
        let (client, call) = self.prepare()?;
        let provided = client.identity_blocking(&call);
        client.sign(&call, provided)
    }
}

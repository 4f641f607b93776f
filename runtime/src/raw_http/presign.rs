//! Presigned URLs of calls.

use std::{fmt::Display, time::Duration};

use http::Uri;

use super::Call;
use crate::{
    Error, OperationError, Service,
    error::{CallFailure, Failure, InputError},
    identity::{Credentials, CredentialsError},
    sign::sigv4::{Scope, Signer},
    validate::Violation,
};

/// What asking for credentials gave; `None` where it took too long.
type Provided = Option<Result<Credentials, CredentialsError>>;

impl<S: Service<ErrorCode: OperationError<Service = S>>> Call<S> {
    /// A URL that makes this call for anyone who has it, without credentials of theirs, until it expires; the service may
    /// let it expire earlier, after five minutes. It is as good as credentials while it lives.
    ///
    /// Who uses it sends the method, the body and the headers of this call.
    ///
    /// # Errors
    /// [`Error::Input`] where the call cannot be signed so, [`Error::Credentials`] where there are none.
    #[cfg(feature = "async")]
    pub async fn presign(self, expires_in: Duration) -> Result<Uri, Error<S::ErrorCode>> {
        let provided = self.client.provide(self.options.operation_timeout).await;
        self.presign_with(provided, expires_in)
    }

    /// Does the same, and blocks the thread while it asks for credentials.
    ///
    /// # Errors
    /// Those of [`presign`](Self::presign).
    #[cfg(feature = "blocking")]
    pub fn presign_blocking(self, expires_in: Duration) -> Result<Uri, Error<S::ErrorCode>> {
        let provided = self.client.provide_blocking(self.options.operation_timeout);
        self.presign_with(provided, expires_in)
    }

    fn presign_with(self, provided: Provided, expires_in: Duration) -> Result<Uri, Error<S::ErrorCode>> {
        let operation = self.operation().name;
        let (client, mut request, options) = self.into_request().map_err(Error::Input)?;
        let late = || Err(CredentialsError::new("their source", "no answer within the operation timeout"));
        let credentials = provided.unwrap_or_else(late).map_err(|error| {
            Error::new(Failure::Credentials(CallFailure { operation, attempts: 0, error }))
        })?;
        request.headers_mut().extend(options.headers);
        let shared = client.shared();
        let scope = Scope { region: &shared.region, service: shared.auth.signing_name() };
        let time = shared.clock.correct(shared.context.now());
        let signer = Signer::new(&credentials, scope, time).keys(&shared.keys);
        let refused = |error: &dyn Display| {
            let refused = vec![Violation::new("presigned URL", error.to_string())];
            Error::Input(Box::new(InputError::new(operation, refused)))
        };
        let url = signer.presign(&request, expires_in).map_err(|error| refused(&error))?;
        shared.route.of_url(&shared.endpoint, url).map_err(|error| refused(&error))
    }
}

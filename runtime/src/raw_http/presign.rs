//! Presigned URLs of calls.

use std::{fmt::Display, time::Duration};

use http::Uri;

use super::Call;
use crate::{
    Error, Service,
    error::{CallFailure, Failure, InputError},
    identity::{Credentials, CredentialsError},
    provider::late,
    sign::sigv4::{Scope, Signer},
    validate::Violation,
};

/// The result of a request for credentials; `None` after its time limit.
type Provided = Option<Result<Credentials, CredentialsError>>;

impl<S: Service> Call<S> {
    pub(super) fn presign_with(
        self,
        provided: Provided,
        expires_in: Duration,
    ) -> Result<Uri, Error<S::ErrorCode>> {
        let operation = self.operation().name;
        let (client, mut request, options) = self.into_request().map_err(Error::Input)?;
        let credentials = provided.unwrap_or_else(|| Err(late())).map_err(|error| {
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

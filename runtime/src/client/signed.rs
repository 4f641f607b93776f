//! Signed requests that someone else sends: presigned URLs, and requests signed in their headers.

use std::time::{Duration, UNIX_EPOCH};

use http::Uri;

use super::Client;
use crate::sign::sigv4::{Scope, Signer};
use crate::{
    Error, ServiceErrorCode,
    error::{CallFailure, Failure, InputError},
    exchange::Prepared,
    identity::{Credentials, CredentialsError},
    provider::{ANY_SOURCE, late},
    transport::Request,
    validate::Violation,
};

/// The result of a request for credentials; `None` after its time limit.
pub(crate) type Provided = Option<Result<Credentials, CredentialsError>>;

impl Client {
    /// A URL that makes this call until it expires.
    pub(crate) fn presign<C: ServiceErrorCode>(
        &self,
        call: &Prepared,
        provided: Provided,
        expires_in: Duration,
    ) -> Result<Uri, Error<C>> {
        let credentials = identity(call, provided)?;
        self.presigned_url(call, &credentials, expires_in)
            .map_err(|why| refused(call, Some(&credentials), "presigned URL", why))
    }

    /// The request of this call with a signature in its headers.
    pub(crate) fn sign<C: ServiceErrorCode>(
        &self,
        call: &Prepared,
        provided: Provided,
    ) -> Result<Request, Error<C>> {
        let credentials = identity(call, provided)?;
        self.signed_request(call, &credentials)
            .map_err(|why| refused(call, Some(&credentials), "signature", why))
    }

    fn presigned_url(
        &self,
        call: &Prepared,
        credentials: &Credentials,
        expires_in: Duration,
    ) -> Result<Uri, String> {
        let shared = self.shared();
        // A signature has whole seconds, from which the URL's validity counts.
        let now = shared.clock.correct(shared.context.now());
        let fraction = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
        let time = now - Duration::from_nanos(fraction.into());
        // The service decides whether it accepts expired credentials, as in every call.
        let left = credentials.expires_at().and_then(|end| end.duration_since(time).ok());
        if let Some(left) = left.filter(|left| *left < expires_in) {
            return Err(format!(
                "would be valid for {} s, but the credentials that sign it expire in {} s, and so does the URL; \
                 presign for less time, or use credentials that are valid for longer",
                expires_in.as_secs(),
                left.as_secs()
            ));
        }
        let destination = call.destination(shared);
        let scope = Scope { region: &destination.region, service: shared.auth.signing_name() };
        let signer =
            Signer::new(credentials, scope, time).settings(shared.auth.settings()).keys(&destination.keys);
        let url = signer.presign(&call.request, expires_in).map_err(|error| error.to_string())?;
        shared.route.of_url(&destination.endpoint, url).map_err(|error| error.to_string())
    }

    fn signed_request(&self, call: &Prepared, credentials: &Credentials) -> Result<Request, String> {
        let shared = self.shared();
        let nonce = shared.auth.nonce(&|bytes| shared.context.random(bytes));
        let time = shared.clock.correct(shared.context.now());
        let mut request = call.request.clone();
        let signing = call.signing(shared, credentials, time, &nonce);
        shared.auth.sign(&signing, &mut request).map_err(|error| error.to_string())?;
        let endpoint = &call.destination(shared).endpoint;
        shared.route.hand_over(endpoint, &mut request).map_err(|error| error.to_string())?;
        Ok(request)
    }
}

fn identity<C: ServiceErrorCode>(call: &Prepared, provided: Provided) -> Result<Credentials, Error<C>> {
    if call.operation.unsigned {
        let why = "the operation is called without credentials and signature".to_owned();
        return Err(refused(call, None, "signature", why));
    }
    provided.unwrap_or_else(|| Err(late(ANY_SOURCE))).map_err(|error| {
        Error::new(Failure::Credentials(CallFailure { called: call.called(None), attempts: 0, error }))
    })
}

fn refused<C: ServiceErrorCode>(
    call: &Prepared,
    credentials: Option<&Credentials>,
    place: &'static str,
    why: String,
) -> Error<C> {
    Error::Input(Box::new(InputError::new(call.called(credentials), vec![Violation::new(place, why)])))
}

//! Clients of services that issue temporary credentials.

use std::{fmt, sync::Arc, sync::OnceLock, time::Duration};

use serde_core::Serialize;
use serde_json::Value;

use super::{
    Credentials, CredentialsError, ProvideCredentials, Setup, credentials_json::CredentialsJson, io::Io,
    policy::ROLE, provide, response,
};
use crate::{
    Client, Error, Operation, Service, ServiceInfo,
    client::{Parts, user_agent},
    driver::Driver,
    endpoint::Endpoint,
    operation::ServiceErrorCode,
    settings::Settings,
    text::with_causes,
};

/// A client of such a service, created when it is first called.
#[derive(Default)]
pub(super) struct Issuer(OnceLock<Client>);

impl Issuer {
    /// The credentials in the response to a request; `connect` creates the client, and `document` names their members.
    #[cfg_attr(
        not(feature = "async-driver"),
        expect(clippy::unused_async, reason = "only calls by the other driver await")
    )]
    pub(super) async fn call<R: Operation, C: Serialize>(
        &self,
        io: Io<'_>,
        connect: impl FnOnce() -> Result<Client, String>,
        request: R,
        issued: fn(R::Output) -> Option<C>,
        document: &CredentialsJson,
    ) -> Result<Credentials, CredentialsError> {
        let source = &source(R::Service::INFO);
        let client = self.client(connect).map_err(|problem| CredentialsError::new(source, problem))?;
        let limit = ROLE.all_attempts().min(io.left());
        let mut call = client.call(request).operation_timeout(limit);
        call.options.accepted_once = io.uses_up;
        let response = match io.driver {
            #[cfg(feature = "async-driver")]
            Driver::Awaiting => call.with_metadata().await,
            #[cfg(feature = "blocking-driver")]
            Driver::Blocking { .. } => call.with_metadata_blocking(),
        };
        let response = response.map_err(|error| failure(source, &error, io.left()))?;
        let (shared, headers) = (client.shared(), response.metadata.headers());
        let json = serde_json::to_value(issued(response.output)).unwrap_or(Value::Null);
        let credentials = document.read(source, &json)?;
        response::follow_issuer(&shared.clock, headers, credentials.expires_at(), shared.context.now());
        Ok(credentials)
    }

    fn client(&self, connect: impl FnOnce() -> Result<Client, String>) -> Result<&Client, String> {
        if let Some(client) = self.0.get() {
            return Ok(client);
        }
        let client = connect()?;
        Ok(self.0.get_or_init(|| client))
    }
}

/// Requests that are not signed, of this source: a token identifies the caller.
#[derive(Debug)]
pub(super) struct Unsigned(pub(super) &'static str);

provide!(Unsigned, |unsigned| Err(CredentialsError::new(unsigned.0, "the request is not signed")));

/// The failure of a call that had so much time left when it ended, with its explanation.
fn failure<C: ServiceErrorCode>(source: &str, error: &Error<C>, left: Duration) -> CredentialsError {
    if let Error::Credentials(failure) = error {
        return failure.error().clone();
    }
    let explanation = error.explain();
    let is_late = error.is_timeout() && left.is_zero();
    let failure = if is_late { CredentialsError::timed_out } else { CredentialsError::new };
    failure(source, with_causes(error)).with_advice(explanation.causes, explanation.remedies)
}

/// The service's name in errors.
fn source(service: &ServiceInfo) -> String {
    service.settings_id.to_ascii_lowercase()
}

/// A client of an endpoint of the service, whose requests the user of `source` signs.
pub(super) fn connect(
    setup: &Setup,
    service: &'static ServiceInfo,
    settings: &Settings,
    endpoint: Endpoint,
    source: impl ProvideCredentials,
) -> Result<Client, String> {
    let transports = setup.transports(&endpoint.url);
    let parts = Parts {
        service,
        auth: service.auth,
        settings,
        credentials: Arc::new(source),
        transports: transports.map_err(|error| error.to_string())?,
        context: Arc::clone(&setup.context),
        clock: setup.clock.for_sender(&endpoint.url),
        endpoint,
        user_agent: user_agent(None, settings)
            .ok_or("the application's name is not a part of a user agent")?,
        attempt_timeout: ROLE.attempt,
        operation_timeout: ROLE.all_attempts(),
    };
    let mut shared = parts.share().map_err(|error| error.to_string())?;
    // The service itself reports what it does not accept.
    shared.options.check_constraints = false;
    Ok(Client::new(shared))
}

impl fmt::Debug for Issuer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Issuer").finish_non_exhaustive()
    }
}

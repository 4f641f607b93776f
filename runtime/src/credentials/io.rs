//! The I/O of sources of credentials, which is passed to them.

use std::{fmt, time::Duration};

use http::StatusCode;

use super::{
    Credentials, CredentialsError, ProvideCredentials, Setup,
    policy::{Attempts, Policy, pause_after},
    setup::Way,
};
use crate::{
    BoxFuture,
    driver::Driver,
    exchange::{Retry, Verdict},
    provider::late,
    secrets::Secrets,
    settings::SettingsError,
    text::with_causes,
    transport::{MetadataRequest, Request, Response, TransportError},
};

/// A source whose credentials are cached. It does I/O only through its argument.
pub(super) trait Source: fmt::Debug + Send + Sync + 'static {
    /// Requests credentials.
    fn ask<'a>(&'a self, io: Io<'a>) -> BoxFuture<'a, Result<Credentials, CredentialsError>>;
}

/// Implements [`Source`] by a future.
macro_rules! source {
    ($source:ty, |$this:ident, $io:ident| $asked:expr) => {
        impl crate::credentials::io::Source for $source {
            fn ask<'a>(
                &'a self,
                $io: crate::credentials::io::Io<'a>,
            ) -> crate::BoxFuture<'a, Result<crate::identity::Credentials, crate::identity::CredentialsError>>
            {
                let $this = self;
                Box::pin($asked)
            }
        }
    };
}
pub(super) use source;

/// Custom sources do their I/O themselves.
impl Source for Box<dyn ProvideCredentials> {
    fn ask<'a>(&'a self, io: Io<'a>) -> BoxFuture<'a, Result<Credentials, CredentialsError>> {
        self.provide_by(io.driver)
    }
}

/// What a source may use: environment, files, clock and transports of its client, and the driver of the waiting call.
#[derive(Clone, Copy, Debug)]
pub(super) struct Io<'a> {
    pub(super) setup: &'a Setup,
    pub(super) driver: Driver,
    /// The request uses up what it sends: it does not end with the call, and is not repeated.
    pub(super) uses_up: bool,
}

impl<'a> Io<'a> {
    /// What sources use for a call with this driver.
    pub(super) fn new(setup: &'a Setup, driver: Driver) -> Self {
        Self { setup, driver, uses_up: false }
    }

    /// Asks a source, with retries after transient failures, by its policy.
    pub(super) async fn insist<'b, T>(
        self,
        policy: Policy,
        attempt: impl Fn(Attempts) -> BoxFuture<'b, Result<T, CredentialsError>> + Send,
    ) -> Result<T, CredentialsError> {
        let context = &*self.setup.context;
        let wait = self.driver.wait();
        let mut attempts = self.attempts(policy);
        loop {
            let error = match attempt(attempts).await {
                Ok(found) => return Ok(found),
                Err(error) => error,
            };
            // A source that is absent is asked once.
            let may_help = error.is_transient() && !error.is_absent();
            let pause = may_help.then(|| attempts.next(wait.now(context), self.setup.random())).flatten();
            let Some(pause) = pause else { return Err(error) };
            crate::trace::asked_again(&error, pause);
            wait.sleep(context, pause).await;
        }
    }

    /// The attempts of a request that begins now.
    pub(super) fn attempts(self, policy: Policy) -> Attempts {
        Attempts::begin(policy, self.driver.wait().now(&*self.setup.context), self.left())
    }

    /// Waits as long as before a second attempt, or until the call ends.
    pub(super) async fn pause(self) {
        let pause = pause_after(1, self.setup.random()).min(self.left());
        self.driver.wait().sleep(&*self.setup.context, pause).await;
    }

    /// The same without the time limit of the call, for a request that uses up what it sends.
    pub(super) fn to_the_end(self) -> Self {
        Self { uses_up: true, ..self }
    }

    /// How long the call still waits, if the request ends with it.
    pub(super) fn left(self) -> Duration {
        if self.uses_up { Duration::MAX } else { self.driver.left() }
    }

    /// The response to a request that is sent once, whatever its status; errors are errors of `source`.
    pub(super) async fn ask(
        self,
        source: &str,
        request: Request,
        way: Way,
        attempts: Attempts,
    ) -> Result<Response, CredentialsError> {
        self.send(request, way, attempts).await.map_err(|error| error.of(source))
    }

    /// Sends a request once.
    pub(super) async fn send(
        self,
        mut request: Request,
        way: Way,
        attempts: Attempts,
    ) -> Result<Response, SendError> {
        let transports = self.setup.transports(request.uri()).map_err(SendError::Settings)?;
        if way == Way::Metadata {
            request.extensions_mut().insert(MetadataRequest);
        }
        let secrets = Secrets::of_request(&request, request.body(), &[], None);
        let limit = attempts.limit(self.driver.wait().now(&*self.setup.context));
        let sent = self.driver.wait().send(&transports, request, limit).await;
        let is_late = self.left().is_zero();
        let failure = |error: TransportError| {
            if is_late && error.kind().is_timeout() { SendError::Late } else { SendError::Transport(error) }
        };
        // An error response may repeat the request.
        sent.map_err(failure).map(|response| match response.status() {
            StatusCode::OK => response,
            _ => secrets.conceal(response),
        })
    }
}

/// Why a request has no response.
pub(super) enum SendError {
    /// It cannot be sent by these settings.
    Settings(SettingsError),
    /// It was sent, or might have been.
    Transport(TransportError),
    /// The call that waits for it ended first.
    Late,
}

impl SendError {
    /// The same as an error of this source.
    pub(super) fn of(&self, source: &str) -> CredentialsError {
        match self {
            Self::Settings(error) => CredentialsError::new(source, error.to_string()),
            Self::Late => late(source),
            Self::Transport(error) => CredentialsError::new(source, with_causes(error))
                .transient_if(Verdict::of_transport(error).retry != Retry::Never),
        }
    }
}

#[cfg(all(feature = "async-driver", feature = "blocking-driver"))]
#[cfg(test)]
mod tests {
    use std::{net::TcpListener, sync::Arc, time::Instant};

    use super::{super::policy, *};
    use crate::{context::SystemContext, driver::blocking::block_on, transport::TransportErrorKind};

    async fn send(driver: Driver, url: String, timeout: Duration) -> TransportErrorKind {
        let mut request = Request::default();
        *request.uri_mut() = url.parse().unwrap();
        let setup = Setup::new(Arc::new(SystemContext), None);
        let policy = Policy { attempt: timeout, ..policy::own("") };
        let attempts = Attempts::begin(policy, Instant::now(), Duration::MAX);
        match Io::new(&setup, driver).send(request, Way::Metadata, attempts).await {
            Err(SendError::Transport(error)) => error.kind(),
            _ => unreachable!("nothing responds"),
        }
    }

    #[test]
    fn what_is_awaited_outside_of_a_runtime_fails() {
        let sent = send(Driver::Awaiting, "http://127.0.0.1:9/".to_owned(), Duration::from_secs(9));
        assert_eq!(block_on(sent, Duration::from_secs(60)), Some(TransportErrorKind::NoRuntime));
    }

    #[test]
    fn silence_lasts_as_long_as_the_timeout() {
        // Connections are opened, but never accepted.
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let send = |driver| {
            send(driver, format!("http://{}/", listener.local_addr().unwrap()), Duration::from_millis(50))
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        assert_eq!(runtime.block_on(send(Driver::Awaiting)), TransportErrorKind::AttemptTimeout);
        let blocked = block_on(send(Driver::Blocking { until: None }), Duration::from_secs(60));
        assert_eq!(blocked, Some(TransportErrorKind::AttemptTimeout));
    }
}

//! Settings of the fake.

use std::{io, net::Ipv4Addr, sync::Arc};

use tokio::{net::TcpListener, runtime::Handle};

use super::{
    Fake, FakeService,
    router::Router,
    server::{self, Port},
};
use crate::{
    Secret,
    context::{Context, SystemContext},
    credentials::Credentials,
};

/// The remedy for fakes that are started outside of a runtime.
const OUTSIDE_RUNTIME: &str = "a fake runs on tokio: start it within a runtime with I/O and time, as `#[tokio::test]` \
                               starts one, or inside `Runtime::block_on`";

/// Builds a [`Fake`](super::Fake).
#[derive(Debug)]
#[must_use]
pub struct FakeBuilder {
    service: &'static FakeService,
    port: u16,
    credentials: Credentials,
    region: Option<String>,
    control: bool,
    context: Arc<dyn Context>,
}

impl FakeBuilder {
    pub(super) fn new(service: &'static FakeService) -> Self {
        Self {
            service,
            port: 0,
            credentials: Credentials::new(
                "AKIDEXAMPLE",
                Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
            ),
            region: None,
            control: false,
            context: Arc::new(SystemContext),
        }
    }

    /// The port to listen on; default: a free port.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// The credentials that requests must be signed with; default: examples.
    pub fn credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// The region that requests must be signed for, if signatures name one. Default: any region.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.region = Some(region.into());
        self
    }

    /// Whether other processes may control the fake, by unsigned requests to the same port. Default: no.
    ///
    /// - `POST /__gatewright/fail` with `{"operation": …, "code" | "exception" | "status": …, "message": …, "details": {…}, "times": …}`
    ///   fails an operation, as [`Fake::fail`] does; code and exception may be given together. An order with an unknown
    ///   member or a wrong value is refused: status 400, and a `message` with the member's name.
    /// - `GET /__gatewright/requests` returns the received requests, as [`Fake::requests`] does.
    /// - `POST /__gatewright/reset` removes both failures and received requests.
    pub fn control(mut self, control: bool) -> Self {
        self.control = control;
        self
    }

    /// The source of the service's time; default: this machine.
    pub fn context(mut self, context: impl Context) -> Self {
        self.context = Arc::new(context);
        self
    }

    /// Starts the fake on the caller's runtime.
    ///
    /// # Errors
    /// The error of listening on the port, or the lack of a runtime.
    pub async fn start(self) -> io::Result<Fake> {
        // Outside of a runtime, tokio would panic.
        Handle::try_current().map_err(|_| io::Error::other(OUTSIDE_RUNTIME))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, self.port)).await?;
        let address = listener.local_addr()?;
        let port = Arc::new(Port::new(listener));
        let router =
            Arc::new(Router::new(self.service, self.credentials, self.region, self.control, self.context));
        // Only the task keeps the port, so that it ends with its runtime.
        let to_close = Arc::downgrade(&port);
        let server = tokio::spawn(server::serve(port, Arc::clone(&router)));
        Ok(Fake { router, address, port: to_close, server })
    }
}

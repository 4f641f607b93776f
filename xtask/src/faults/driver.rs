//! Calls in simulated time.

use std::{
    fmt::{self, Display, Formatter},
    sync::{Arc, mpsc},
    time::Duration,
};

use gatewright::{
    BoxFuture, Call, ClientBuilder, Error, Operation, ServiceClient, ServiceErrorCode,
    context::Context as _,
    fake::TestContext,
    transport::{
        BlockingHttpTransport, BlockingTransport, HttpTransport, Request, Response, Transport,
        TransportError, TransportErrorKind,
    },
};
use tokio::runtime::{self, Handle};

/// How a call ended.
pub(super) struct Ending {
    pub(super) attempts: u32,
    pub(super) outcome: String,
    /// In simulated time.
    pub(super) time: Duration,
}

impl Display for Ending {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let Self { attempts, outcome, time } = self;
        write!(f, "{attempts}, {outcome}, {:.2} s", time.as_secs_f64())
    }
}

/// How long to wait for a response, in real time.
const PATIENCE: Duration = Duration::from_secs(1);

/// A driver of calls: async or blocking.
#[derive(Clone, Copy, Debug)]
pub(super) enum Driver {
    Awaiting,
    Blocking,
}

impl Driver {
    /// Name of the driver: `async`.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Awaiting => "async",
            Self::Blocking => "blocking",
        }
    }

    /// Gives a client the default transport, which sees real time only while it waits for a response.
    pub(super) fn transport<C: ServiceClient>(
        self,
        builder: ClientBuilder<C>,
        clock: &TestContext,
        runtime: &Handle,
    ) -> ClientBuilder<C> {
        match self {
            Self::Awaiting => builder.transport(Awaited {
                transport: Arc::new(HttpTransport::builder(clock).allow_http_to_any_host(true).build()),
                runtime: runtime.clone(),
            }),
            Self::Blocking => builder.blocking_transport(Blocked {
                transport: HttpTransport::builder(clock).allow_http_to_any_host(true).build_blocking(),
                clock: clock.clone(),
            }),
        }
    }

    /// Makes a call.
    pub(super) fn make<R: Operation>(self, clock: &TestContext, call: Call<R>) -> Ending {
        let (outcome, time) = match self {
            Self::Awaiting => {
                let runtime = runtime::Builder::new_current_thread().enable_time().start_paused(true).build();
                let runtime = runtime.expect("a runtime without I/O needs nothing of the system");
                runtime.block_on(async {
                    let start = tokio::time::Instant::now();
                    (call.with_metadata().await, start.elapsed())
                })
            }
            Self::Blocking => {
                let start = clock.instant();
                (call.with_metadata_blocking(), clock.instant() - start)
            }
        };
        let (attempts, outcome) = match &outcome {
            Ok(response) => (response.metadata.attempts(), "ok".to_owned()),
            Err(error) => (error.attempts(), described(error)),
        };
        Ending { attempts, outcome, time }
    }
}

fn described<E: ServiceErrorCode>(error: &Error<E>) -> String {
    match error {
        Error::Transport(failure) => format!("{:?}", failure.error().kind()),
        Error::Service(error) => match (&error.fault().code, &error.fault().exception) {
            (Some(name), _) | (None, Some(name)) => name.clone(),
            (None, None) => error.metadata().status().as_u16().to_string(),
        },
        Error::Response(_) => "undecodable".to_owned(),
        _ => "not sent".to_owned(),
    }
}

/// The default transport on a runtime of real time, for callers whose own time is paused.
#[derive(Debug)]
struct Awaited {
    transport: Arc<HttpTransport>,
    runtime: Handle,
}

impl Transport for Awaited {
    fn send(&self, request: Request) -> BoxFuture<'_, Result<Response, TransportError>> {
        let (sender, receiver) = mpsc::channel();
        let transport = Arc::clone(&self.transport);
        let sending = self.runtime.spawn(async move {
            // The receiver is gone if its timeout was shorter.
            let _ = sender.send(transport.send(request).await);
        });
        let response = receiver.recv_timeout(PATIENCE);
        sending.abort();
        Box::pin(async move {
            match response {
                Ok(response) => response,
                Err(_) => std::future::pending().await,
            }
        })
    }
}

/// The default blocking transport, whose timeouts strike early and count in full.
#[derive(Debug)]
struct Blocked {
    transport: BlockingHttpTransport,
    clock: TestContext,
}

impl BlockingTransport for Blocked {
    fn send(&self, request: Request, timeout: Duration) -> Result<Response, TransportError> {
        let response = self.transport.send(request, timeout.min(PATIENCE));
        if response.as_ref().is_err_and(|error| error.kind() == TransportErrorKind::AttemptTimeout) {
            self.clock.sleep(timeout);
        }
        response
    }
}

//! The client beneath every service's `Client`: what calls share, and the loop that makes them.

use std::{fmt, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, Uri, header};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    Call, Operation, ServiceInfo,
    context::Context,
    credentials::{CredentialsError, ProvideCredentials},
    error::{CallFailure, Failure, ResponseError, ResponseMetadata},
    exchange::{Budget, Event, Exchange, Step, Verdict},
    protocol::{Fault, looks_like},
    sign::sigv4::{Scope, Signer, SigningKeys},
    transport::{Reached, Request, Response, Transport, TransportError, TransportErrorKind},
};

/// What calls of a service share: connections, credentials, retry budget. Cheap to clone.
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
}

pub(crate) struct Shared {
    pub(crate) service: &'static ServiceInfo,
    pub(crate) endpoint: Uri,
    pub(crate) region: String,
    pub(crate) credentials: Arc<dyn ProvideCredentials>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) context: Arc<dyn Context>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) options: CallOptions,
    pub(crate) keys: SigningKeys,
    pub(crate) budget: Arc<Budget>,
}

/// What a call may set for itself alone.
#[derive(Clone, Debug)]
pub(crate) struct CallOptions {
    pub(crate) operation_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_attempts: u32,
    pub(crate) check_constraints: bool,
    pub(crate) headers: HeaderMap,
}

/// A call after everything that depends on its operation's types.
pub(crate) struct Prepared {
    pub(crate) operation: &'static str,
    pub(crate) request: Request,
    pub(crate) repeatable: bool,
    pub(crate) options: CallOptions,
    pub(crate) fault: fn(&Response) -> Fault,
    pub(crate) request_id: fn(&HeaderMap) -> Option<&str>,
}

/// Reads a response into its type.
pub(crate) type Decode<'a> = &'a mut (dyn FnMut(&Response) -> Result<(), String> + Send);

impl Client {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// A call of an operation of this client's service.
    pub fn call<R: Operation>(&self, request: R) -> Call<R> {
        Call::new(self.clone(), request)
    }

    /// Where requests go.
    pub fn endpoint(&self) -> &Uri {
        &self.shared.endpoint
    }

    /// The region that requests are signed for.
    pub fn region(&self) -> &str {
        &self.shared.region
    }

    pub(crate) fn options(&self) -> &CallOptions {
        &self.shared.options
    }

    /// A fresh client token: a random UUID (RFC 9562, version 4).
    pub(crate) fn token(&self) -> String {
        let mut bytes = [0; 16];
        self.shared.context.random(&mut bytes);
        let number = u128::from_be_bytes(bytes) & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
        let hex = format!("{number:032x}");
        let mut rest = hex.as_str();
        let groups = [8, 4, 4, 4, 12].map(|length| {
            let (group, tail) = rest.split_at(length);
            rest = tail;
            group
        });
        groups.join("-")
    }

    /// Makes a call: attempts until a response is decoded or no further attempt helps.
    pub(crate) async fn execute(
        &self,
        mut call: Prepared,
        decode: Decode<'_>,
    ) -> Result<ResponseMetadata, Failure> {
        let deadline = Instant::now() + call.options.operation_timeout;
        let headers = call.request.headers_mut();
        headers.insert(header::USER_AGENT, self.shared.user_agent.clone());
        headers.extend(std::mem::take(&mut call.options.headers));
        let mut exchange =
            Exchange::new(call.options.max_attempts, call.repeatable, Arc::clone(&self.shared.budget));
        loop {
            let outcome = self.attempt(&call, deadline, exchange.attempts(), decode).await;
            let event = match &outcome {
                Ok(_) => Event::Succeeded,
                Err(failed) => Event::Failed(failed.verdict),
            };
            match exchange.next(event, left(deadline), || self.jitter()) {
                Step::Done => return outcome.map_err(|failed| failed.failure),
                Step::Retry(delay) => sleep(delay).await,
            }
        }
    }

    async fn attempt(
        &self,
        call: &Prepared,
        deadline: Instant,
        attempts: u32,
        decode: Decode<'_>,
    ) -> Result<ResponseMetadata, Box<Failed>> {
        let credentials_failed = |error: CredentialsError| {
            let failure = CallFailure { operation: call.operation, attempts: attempts - 1, error };
            Failed::new(Failure::Credentials(failure), Verdict::FINAL)
        };
        let transport_failed = |error: TransportError| {
            let verdict = Verdict::of_transport(&error);
            Failed::new(
                Failure::Transport(CallFailure { operation: call.operation, attempts, error }),
                verdict,
            )
        };
        let Ok(signed) = timeout(left(deadline), self.sign(call)).await else {
            let reason = "no answer within the operation timeout";
            return Err(credentials_failed(CredentialsError::new("their source", reason)));
        };
        let request = signed.map_err(|error| match error {
            Unsigned::Credentials(error) => credentials_failed(error),
            Unsigned::Request(error) => transport_failed(error),
        })?;
        let left = left(deadline);
        let bound = call.options.attempt_timeout.min(left);
        let Ok(sent) = timeout(bound, self.shared.transport.send(request)).await else {
            let kind = if bound == left {
                TransportErrorKind::OperationTimeout
            } else {
                TransportErrorKind::AttemptTimeout
            };
            return Err(transport_failed(TransportError::new(kind, self.peer(), Reached::MaybeSent)));
        };
        let response = sent.map_err(transport_failed)?;
        self.read(call, response, attempts, decode)
    }

    async fn sign(&self, call: &Prepared) -> Result<Request, Unsigned> {
        let credentials = self.shared.credentials.provide().await.map_err(Unsigned::Credentials)?;
        let mut request = call.request.clone();
        let scope = Scope { region: &self.shared.region, service: self.shared.service.signing_name };
        Signer::new(&credentials, scope, self.shared.context.now())
            .keys(&self.shared.keys)
            .sign(&mut request)
            .map_err(|error| {
                let refused = TransportError::new(TransportErrorKind::Request, self.peer(), Reached::NotSent);
                Unsigned::Request(refused.with_source(error))
            })?;
        Ok(request)
    }

    fn read(
        &self,
        call: &Prepared,
        response: Response,
        attempts: u32,
        decode: Decode<'_>,
    ) -> Result<ResponseMetadata, Box<Failed>> {
        let status = response.status();
        if !status.is_success() {
            let fault = (call.fault)(&response);
            let verdict =
                Verdict::of_service(self.shared.service, &fault, status, retry_after(response.headers()));
            let metadata = ResponseMetadata::new(response, call.request_id, attempts);
            return Err(Failed::new(Failure::Service(call.operation, fault, metadata), verdict));
        }
        let decoded = decode(&response);
        let metadata = ResponseMetadata::new(response, call.request_id, attempts);
        let Err(reason) = decoded else { return Ok(metadata) };
        let reason = match looks_like(metadata.body()) {
            Some(guess) => format!("{guess} ({reason})"),
            None => reason,
        };
        let error = ResponseError { operation: call.operation, reason, metadata };
        Err(Failed::new(Failure::Response(error), Verdict::GARBAGE))
    }

    fn peer(&self) -> &str {
        self.endpoint().authority().map_or("", |authority| authority.as_str())
    }

    fn jitter(&self) -> f64 {
        let mut bytes = [0; 4];
        self.shared.context.random(&mut bytes);
        f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX)
    }
}

/// A failed attempt, and what it means for further ones.
struct Failed {
    failure: Failure,
    verdict: Verdict,
}

impl Failed {
    fn new(failure: Failure, verdict: Verdict) -> Box<Self> {
        Box::new(Self { failure, verdict })
    }
}

fn left(deadline: Instant) -> Duration {
    deadline.saturating_duration_since(Instant::now())
}

enum Unsigned {
    Credentials(CredentialsError),
    Request(TransportError),
}

/// The service's wish for the next attempt; anything but a number of milliseconds is none.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    headers.get("x-amz-retry-after")?.to_str().ok()?.trim().parse().ok().map(Duration::from_millis)
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.shared.service.title)
            .field("endpoint", &self.shared.endpoint)
            .field("region", &self.shared.region)
            .field("credentials", &self.shared.credentials)
            .field("transport", &self.shared.transport)
            .field("options", &self.shared.options)
            .finish_non_exhaustive()
    }
}

//! The client beneath every service's `Client`: what calls share, and what drives them.

#[cfg(feature = "async")]
mod awaiting;
#[cfg(feature = "blocking")]
mod blocking;
mod parts;

use std::{borrow::Cow, fmt, sync::Arc, time::Duration};

use http::{HeaderMap, HeaderValue, Uri, header::USER_AGENT};

pub(crate) use self::parts::{Parts, user_agent};
#[cfg(feature = "raw-http")]
use crate::raw_http::Route;
use crate::{
    ServiceInfo,
    context::Context,
    exchange::{Budget, ClockOffset, Limits, RateLimit},
    hook::Hook,
    identity::ProvideCredentials,
    protocol::{Choices, Fault, OperationInfo},
    sign::{Auth, sigv4::SigningKeys},
    transport::{Request, Response, Transports},
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
    pub(crate) transports: Transports,
    pub(crate) context: Arc<dyn Context>,
    pub(crate) user_agent: HeaderValue,
    pub(crate) options: CallOptions,
    pub(crate) hooks: Vec<Arc<dyn Hook>>,
    pub(crate) auth: Auth,
    pub(crate) keys: SigningKeys,
    pub(crate) budget: Arc<Budget>,
    /// Only in the adaptive retry mode.
    pub(crate) rate: Option<RateLimit>,
    pub(crate) clock: Arc<ClockOffset>,
    #[cfg(feature = "raw-http")]
    pub(crate) route: Route,
}

/// What a call may set for itself alone.
#[derive(Clone, Debug)]
pub(crate) struct CallOptions {
    pub(crate) operation_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) max_attempts: u32,
    pub(crate) retry_everything: bool,
    pub(crate) check_constraints: bool,
    pub(crate) choices: Choices,
    pub(crate) headers: HeaderMap,
}

/// A call after everything that depends on its operation's types.
pub(crate) struct Prepared {
    pub(crate) operation: &'static OperationInfo,
    pub(crate) request: Request,
    /// The request's body before it was compressed, if it was.
    #[cfg(feature = "compression")]
    pub(crate) uncompressed: Option<bytes::Bytes>,
    pub(crate) limits: Limits,
    pub(crate) operation_timeout: Duration,
    pub(crate) attempt_timeout: Duration,
    pub(crate) fault: fn(&Response) -> Fault,
    pub(crate) request_id: fn(&Response) -> Option<Cow<'_, str>>,
    /// Responses may come from behind the service, where no status proves that nothing was executed.
    pub(crate) passes_answers_on: bool,
}

impl Prepared {
    pub(crate) fn new(
        client: &Client,
        operation: &'static OperationInfo,
        mut request: Request,
        options: CallOptions,
        fault: fn(&Response) -> Fault,
        request_id: fn(&Response) -> Option<Cow<'_, str>>,
    ) -> Self {
        let repeatable = operation.repeatable || options.retry_everything;
        // A call may say another user agent.
        request.headers_mut().insert(USER_AGENT, client.shared.user_agent.clone());
        request.headers_mut().extend(options.headers);
        Self {
            operation,
            request,
            #[cfg(feature = "compression")]
            uncompressed: None,
            limits: Limits { max_attempts: options.max_attempts, repeatable },
            operation_timeout: options.operation_timeout,
            attempt_timeout: options.attempt_timeout,
            fault,
            request_id,
            passes_answers_on: false,
        }
    }
}

impl Prepared {
    /// The request's body, before compression.
    pub(crate) fn body(&self) -> &[u8] {
        #[cfg(feature = "compression")]
        if let Some(body) = &self.uncompressed {
            return body;
        }
        self.request.body()
    }
}

impl Client {
    pub(crate) fn new(shared: Shared) -> Self {
        Self { shared: Arc::new(shared) }
    }

    /// Whether calls check the model's constraints unless they say otherwise.
    #[cfg(feature = "dynamic")]
    pub(crate) fn checks_constraints(&self) -> bool {
        self.shared.options.check_constraints
    }

    /// Where requests go.
    pub fn endpoint(&self) -> &Uri {
        &self.shared.endpoint
    }

    /// The region that requests are signed for.
    pub fn region(&self) -> &str {
        &self.shared.region
    }

    /// Seconds that are added to this machine's clock when requests are signed, since the service found it off: 0 unless
    /// it did, negative where the clock is ahead.
    pub fn clock_offset(&self) -> i64 {
        self.shared.clock.seconds()
    }

    /// Tokens left for retries, of 500: each retry takes 14, or 5 after throttling; successes give them back. Calls are
    /// not retried while there are too few, so that an outage does not cause a flood of requests.
    pub fn retry_tokens(&self) -> u32 {
        self.shared.budget.left()
    }

    #[cfg(any(feature = "assume-role", feature = "raw-http"))]
    pub(crate) fn shared(&self) -> &Shared {
        &self.shared
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
}

impl Shared {
    /// Host and port that requests go to.
    pub(crate) fn peer(&self) -> &str {
        let address = &self.endpoint;
        #[cfg(feature = "raw-http")]
        let address = self.route.address(address);
        address.authority().map_or("", |authority| authority.as_str())
    }

    /// Drawn evenly from 0 to 1.
    pub(crate) fn jitter(&self) -> f64 {
        let mut bytes = [0; 4];
        self.context.random(&mut bytes);
        f64::from(u32::from_be_bytes(bytes)) / f64::from(u32::MAX)
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("service", &self.shared.service.title)
            .field("endpoint", &self.shared.endpoint)
            .field("region", &self.shared.region)
            .field("credentials", &self.shared.credentials)
            .field("transports", &self.shared.transports)
            .field("options", &self.shared.options)
            .field("hooks", &self.shared.hooks)
            .finish_non_exhaustive()
    }
}

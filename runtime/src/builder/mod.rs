//! The builder of clients.

#[cfg(feature = "aliyun-rpc")]
mod aliyun_rpc;
mod build;
mod error;
#[cfg_attr(not(feature = "http-transport"), path = "http/disabled.rs")]
mod http;
mod target;

use std::{fmt, marker::PhantomData, num::NonZeroU32, sync::Arc, time::Duration};

pub use self::error::BuildError;
use self::http::Http;
pub use self::target::TargetError;
use self::target::{Aim, Target};
use crate::{
    Client, Service,
    context::{Context, SystemContext},
    credentials::Setup,
    hook::Hook,
    protocol::Choices,
    provider::ProvideCredentials,
    retry::{Backoff, Classification, Classifier, FailedAttempt, RetryBudget},
    settings::RetryMode,
    sign::Auth,
};

/// The client of a service; the generated crate defines one per service.
pub trait ServiceClient: Sized {
    /// The service.
    type Service: Service;

    /// Wraps the base of all clients.
    fn from_client(client: Client) -> Self;
}

/// Builds a client. Missing settings come from the environment and the shared profile files of the service's vendor,
/// never from another vendor's. The variables and keys named below are AWS's; for others see
/// [`Settings`](crate::settings::Settings) and [`CredentialsChain`](crate::credentials::CredentialsChain).
///
/// | to set | method |
/// | --- | --- |
/// | region and endpoint | [`region`](Self::region), [`endpoint_url`](Self::endpoint_url), [`use_fips`](Self::use_fips), [`use_dual_stack`](Self::use_dual_stack), [`use_global_endpoint`](Self::use_global_endpoint), [`use_vpc`](Self::use_vpc) |
/// | credentials | [`credentials`](Self::credentials), [`profile`](Self::profile), `mfa_code` |
/// | time limits | [`operation_timeout`](Self::operation_timeout), [`attempt_timeout`](Self::attempt_timeout), `connect_timeout` |
/// | retries | [`max_attempts`](Self::max_attempts), [`retry_mode`](Self::retry_mode), [`backoff`](Self::backoff), [`retry_classifier`](Self::retry_classifier), [`retry_budget`](Self::retry_budget), [`retry_everything`](Self::retry_everything) |
/// | certificates | `root_certificates`; client certificates: `client_certificate` of a transport's builder |
/// | proxies, idle connections | `proxy`, `no_proxy` and others of a transport's builder; pass the transport to `transport` or `blocking_transport` |
/// | logs and metrics | the feature `tracing`, or [`hook`](Self::hook) |
/// | time, environment and files, in tests | [`context`](Self::context) |
#[must_use]
pub struct ClientBuilder<C> {
    setup: Setup,
    credentials: Option<Arc<dyn ProvideCredentials>>,
    http: Http,
    attempt_timeout: Duration,
    operation_timeout: Duration,
    retry_everything: bool,
    backoff: Backoff,
    classifier: Option<Classifier>,
    budget: RetryBudget,
    check_constraints: bool,
    choices: Choices,
    hooks: Vec<Arc<dyn Hook>>,
    auth: Option<Auth>,
    user_agent_suffix: Option<String>,
    pub(crate) target: Target,
    client: PhantomData<fn() -> C>,
}

impl<C: ServiceClient> ClientBuilder<C> {
    /// A builder whose settings all come from the environment and the shared profile files.
    #[expect(clippy::new_without_default, reason = "clients offer `builder()`")]
    pub fn new() -> Self {
        Self {
            setup: Setup::new(Arc::new(SystemContext), None),
            credentials: None,
            http: Http::default(),
            attempt_timeout: Duration::from_secs(60),
            operation_timeout: Duration::from_secs(3 * 60),
            retry_everything: false,
            backoff: Backoff::default(),
            classifier: None,
            budget: RetryBudget::default(),
            check_constraints: true,
            choices: Choices::default(),
            hooks: Vec::new(),
            auth: None,
            user_agent_suffix: None,
            target: Target::default(),
            client: PhantomData,
        }
    }

    /// The region: `us-east-1`. Default: `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's `region`.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.setup.explicit.region = Some(region.into());
        self
    }

    /// The [`Credentials`](crate::credentials::Credentials) that sign requests, or a source of them. Default: the
    /// [`CredentialsChain`](crate::credentials::CredentialsChain) of the service's vendor.
    pub fn credentials(mut self, credentials: impl ProvideCredentials) -> Self {
        self.credentials = Some(Arc::new(credentials));
        self
    }

    /// The source of codes of multi-factor devices, for profiles with `mfa_serial`.
    #[cfg(feature = "assume-role")]
    pub fn mfa_code(mut self, code: impl crate::credentials::ProvideMfaCode) -> Self {
        self.setup.mfa_code = Some(Arc::new(code));
        self
    }

    /// The profile of the shared files. Default: `AWS_PROFILE`, else `default`.
    pub fn profile(mut self, profile: impl Into<String>) -> Self {
        self.setup.explicit.profile = Some(profile.into());
        self
    }

    /// The URL that requests are sent to, instead of the service's own endpoint. Default: `AWS_ENDPOINT_URL_<SERVICE>`,
    /// `AWS_ENDPOINT_URL` or the profile's `endpoint_url`.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.setup.explicit.endpoint_url = Some(url.into());
        self
    }

    /// Whether to use endpoints with FIPS 140 validated cryptography. Default: `AWS_USE_FIPS_ENDPOINT` or the profile's
    /// `use_fips_endpoint`. Also applies to STS and IAM Identity Center, if the client finds its credentials there.
    pub fn use_fips(mut self, fips: bool) -> Self {
        self.setup.explicit.use_fips = Some(fips);
        self
    }

    /// Whether to use endpoints with IPv4 and IPv6 addresses. Default: `AWS_USE_DUALSTACK_ENDPOINT` or the profile's
    /// `use_dualstack_endpoint`. Also applies to STS and IAM Identity Center, if the client finds its credentials
    /// there.
    pub fn use_dual_stack(mut self, dual_stack: bool) -> Self {
        self.setup.explicit.use_dual_stack = Some(dual_stack);
        self
    }

    /// Whether to use the endpoint that all regions share, if the service has one. Default:
    /// `AWS_<SERVICE>_REGIONAL_ENDPOINTS` or the profile's `<service>_regional_endpoints`: `legacy` means yes,
    /// `regional` no.
    pub fn use_global_endpoint(mut self, global: bool) -> Self {
        self.setup.explicit.use_global = Some(global);
        self
    }

    /// Whether to use endpoints within a virtual private cloud, if the service has them.
    pub fn use_vpc(mut self, vpc: bool) -> Self {
        self.setup.explicit.use_vpc = vpc;
        self
    }

    /// Maximum number of attempts, including the first; 1 disables retries. Default: `AWS_MAX_ATTEMPTS` or the
    /// profile's `max_attempts`, else 3.
    pub fn max_attempts(mut self, attempts: NonZeroU32) -> Self {
        self.setup.explicit.max_attempts = Some(attempts);
        self
    }

    /// How retries are delayed. Default: `AWS_RETRY_MODE` or the profile's `retry_mode`, else [`RetryMode::Standard`].
    pub fn retry_mode(mut self, mode: RetryMode) -> Self {
        self.setup.explicit.retry_mode = Some(mode);
        self
    }

    /// Whether to retry every transient failure, as the AWS SDKs do; default: no. An operation that changes something
    /// may then be executed twice, if its response is lost. Without this setting, a request is sent again only if the
    /// service cannot have executed it, or if executing it twice does no harm.
    pub fn retry_everything(mut self, everything: bool) -> Self {
        self.retry_everything = everything;
        self
    }

    /// The delays between attempts. [`max_attempts`](Self::max_attempts) and
    /// [`operation_timeout`](Self::operation_timeout) bound a call as a whole.
    pub fn backoff(mut self, backoff: Backoff) -> Self {
        self.backoff = backoff;
        self
    }

    /// Classifies failed attempts: whether and after which delay another attempt follows. The classifier is not called
    /// for a wrong clock, which is corrected once.
    ///
    /// ```
    /// # extern crate gatewright_runtime as gatewright;
    /// # use gatewright::{ClientBuilder, ServiceClient};
    /// use gatewright::{hook::Outcome, retry::Classification};
    ///
    /// # fn example<C: ServiceClient>() -> ClientBuilder<C> {
    /// ClientBuilder::new().retry_classifier(|failure| match &failure.outcome {
    ///     // A gateway that restarts is connected again after a moment.
    ///     Outcome::Refused(fault, _) if fault.code.as_deref() == Some("GatewayNotConnected") => {
    ///         Classification::transient().not_executed()
    ///     }
    ///     _ => failure.usual,
    /// })
    /// # }
    /// ```
    pub fn retry_classifier(
        mut self,
        classify: impl Fn(&FailedAttempt<'_>) -> Classification + Send + Sync + 'static,
    ) -> Self {
        self.classifier = Some(Classifier::new(classify));
        self
    }

    /// The retry budget, which several clients may share. Default: 500 tokens for this client alone.
    pub fn retry_budget(mut self, budget: RetryBudget) -> Self {
        self.budget = budget;
        self
    }

    /// Time limit of each attempt; default: 60 s.
    pub fn attempt_timeout(mut self, timeout: Duration) -> Self {
        self.attempt_timeout = timeout;
        self
    }

    /// Time limit of a whole call, with all attempts and the waits between them. Default: 180 s.
    pub fn operation_timeout(mut self, timeout: Duration) -> Self {
        self.operation_timeout = timeout;
        self
    }

    /// Whether requests are checked against the model's constraints before they are sent; default: yes.
    pub fn check_constraints(mut self, check: bool) -> Self {
        self.check_constraints = check;
        self
    }

    /// The transport of async calls, instead of the default [`HttpTransport`](crate::transport::HttpTransport). The
    /// client's own search for credentials uses it, too.
    ///
    /// Several clients may share a transport: then they share connections and certificates.
    ///
    /// ```
    /// # extern crate gatewright_runtime as gatewright;
    /// # use gatewright::{BuildError, ClientBuilder, ServiceClient};
    /// use gatewright::{context::SystemContext, transport::HttpTransport};
    ///
    /// # fn example<One: ServiceClient, Other: ServiceClient>() -> Result<(One, Other), BuildError> {
    /// let transport = HttpTransport::new(&SystemContext);
    /// let one: One = ClientBuilder::new().transport(transport.clone()).build()?;
    /// let other: Other = ClientBuilder::new().transport(transport).build()?;
    /// # Ok((one, other))
    /// # }
    /// ```
    #[cfg(feature = "async-driver")]
    pub fn transport(mut self, transport: impl crate::transport::Transport) -> Self {
        self.setup.transports.own.awaited = Some(Arc::new(transport));
        self
    }

    /// The transport of blocking calls, instead of the default
    /// [`BlockingHttpTransport`](crate::transport::BlockingHttpTransport). The client's own search for credentials uses
    /// it, too, while blocking calls wait; several clients may share it.
    #[cfg(feature = "blocking-driver")]
    pub fn blocking_transport(mut self, transport: impl crate::transport::BlockingTransport) -> Self {
        self.setup.transports.own.blocking = Some(Arc::new(transport));
        self
    }

    /// Adds a hook. The hook observes every attempt, and may change or stop requests before they are signed. Hooks run
    /// in the order in which they were added.
    pub fn hook(mut self, hook: impl Hook) -> Self {
        self.hooks.push(Arc::new(hook));
        self
    }

    /// The kind of signature, if the service accepts several; default: the service's own.
    pub fn auth(mut self, auth: Auth) -> Self {
        self.auth = Some(auth);
        self
    }

    /// The source of time, randomness, environment and files; default: this machine.
    pub fn context(mut self, context: impl Context) -> Self {
        self.setup.set_context(context);
        self
    }

    /// A suffix of the header `User-Agent`.
    ///
    /// Before the suffix, the header names this client, the operating system, the architecture and the language in the
    /// form of the AWS SDKs. Default: `app/` and the name in `AWS_SDK_UA_APP_ID` or the profile's `sdk_ua_app_id`.
    pub fn user_agent_suffix(mut self, suffix: impl Into<String>) -> Self {
        self.user_agent_suffix = Some(suffix.into());
        self
    }
}

impl<C> fmt::Debug for ClientBuilder<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("explicit", &self.setup.explicit)
            .field("credentials", &self.credentials)
            .field("hooks", &self.hooks)
            .finish_non_exhaustive()
    }
}

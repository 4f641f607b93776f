//! RAM roles that are assumed with other credentials, or by a token.

mod oidc;
mod profile;
mod token_service;

use std::{sync::Arc, time::Duration};

pub use self::oidc::AlibabaCloudOidcCredentials;
use self::token_service::{AssumeRoleRequest, AssumeRoleRequired, TokenService};
use super::super::{
    CachedCredentials, CredentialsError, ProvideCredentials, Setup, io::source, policy::ROLE, provide,
    role::session_name, setup::setup_setters, used_by,
};
use crate::{
    context::{Context, SystemContext},
    profile::variable_of,
    settings::{OwnUrl, SourceEndpoint},
};

/// The token that the environment names, as one of several sources.
pub(super) fn oidc(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    Arc::new(AlibabaCloudOidcCredentials::of(setup.clone(), oidc::Oidc::default()))
}

/// Credentials of a RAM role that other credentials assume, in any account. Cached until shortly before they expire.
///
/// ```
/// # extern crate gatewright_runtime as gatewright;
/// use gatewright::{Secret, credentials::{AlibabaCloudRoleCredentials, Credentials}};
///
/// let ours = Credentials::new("LTAI5tEXAMPLE", Secret::new("secret"));
/// let theirs = AlibabaCloudRoleCredentials::builder("acs:ram::1234567890123456:role/reader", ours)
///     .external_id("given-by-their-owner")
///     .region("cn-hangzhou")
///     .build();
/// ```
#[derive(Debug)]
pub struct AlibabaCloudRoleCredentials(CachedCredentials);

impl AlibabaCloudRoleCredentials {
    /// The role of this ARN, assumed with the credentials of `source`.
    pub fn builder(role_arn: impl Into<String>, source: impl ProvideCredentials) -> AlibabaCloudRoleBuilder {
        let session = Session { role_arn: Some(role_arn.into()), ..Session::default() };
        let setup = Setup::alibaba_cloud(Arc::new(SystemContext), None);
        AlibabaCloudRoleBuilder { session, source: Arc::new(source), setup }
    }
}

provide!(AlibabaCloudRoleCredentials, |source, driver| source.0.ask(driver));

/// Builds [`AlibabaCloudRoleCredentials`]. Unset settings of the endpoint come from the environment.
#[derive(Clone, Debug)]
#[must_use]
pub struct AlibabaCloudRoleBuilder {
    session: Session,
    source: Arc<dyn ProvideCredentials>,
    setup: Setup,
}

impl AlibabaCloudRoleBuilder {
    /// Name of the session, which logs show; otherwise `ALIBABA_CLOUD_ROLE_SESSION_NAME`, or `gatewright-` and the time.
    pub fn session_name(mut self, name: impl Into<String>) -> Self {
        self.session.name = Some(name.into());
        self
    }

    /// The external id, if the role requires one; the role's owner chooses it.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.session.external_id = Some(id.into());
        self
    }

    /// The lifetime of the credentials: one hour unless set. At least 15 minutes, at most the role's own maximum, in
    /// whole seconds.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.session.duration_seconds = Some(duration.as_secs());
        self
    }

    /// A policy, as JSON, which narrows what the credentials may do.
    pub fn policy(mut self, policy: impl Into<String>) -> Self {
        self.session.policy = Some(policy.into());
        self
    }

    /// Region of the endpoint; otherwise `ALIBABA_CLOUD_STS_REGION`; without any, the endpoint that all regions share.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.session.endpoint.region = Some(region.into());
        self
    }

    /// Whether the endpoint is within the caller's virtual private cloud. Such endpoints need a region. Unless set,
    /// `ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED` decides.
    pub fn vpc(mut self, vpc: bool) -> Self {
        self.session.endpoint.vpc = Some(vpc);
        self
    }

    /// The endpoint; otherwise `ALIBABA_CLOUD_STS_ENDPOINT`. `http://` is permitted only to this machine.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.session.endpoint.endpoint_url = Some(OwnUrl(url.into()));
        self
    }

    setup_setters!();

    /// Builds the source. Nothing is sent before a call needs credentials.
    pub fn build(self) -> AlibabaCloudRoleCredentials {
        let Self { session, source, setup } = self;
        let service = TokenService::new(session.endpoint.clone());
        AlibabaCloudRoleCredentials(CachedCredentials::of(ROLE, setup, Assumed { session, source, service }))
    }
}

/// A session of a role, as a program or profile describes it. What is missing comes from the environment.
#[derive(Clone, Debug, Default)]
pub(super) struct Session {
    role_arn: Option<String>,
    name: Option<String>,
    duration_seconds: Option<u64>,
    policy: Option<String>,
    external_id: Option<String>,
    endpoint: SourceEndpoint,
}

impl Session {
    fn role_arn(&self, context: &dyn Context, source: &str) -> Result<String, CredentialsError> {
        let arn = self.role_arn.clone().or_else(|| variable_of(context, "ALIBABA_CLOUD_ROLE_ARN"));
        arn.ok_or_else(|| {
            let problem = "the role's ARN is missing: set it in the profile, or ALIBABA_CLOUD_ROLE_ARN";
            CredentialsError::new(source, problem)
        })
    }

    fn name(&self, context: &dyn Context) -> String {
        let name = self.name.clone().or_else(|| variable_of(context, "ALIBABA_CLOUD_ROLE_SESSION_NAME"));
        session_name(context, name.as_deref())
    }

    /// The lifetime in requests, which the vendor's tools always send; the service refuses one that is too long.
    #[expect(clippy::unnecessary_wraps, reason = "the member is optional")]
    fn seconds(&self) -> Option<i64> {
        const HOUR: u64 = 3600;
        Some(i64::try_from(self.duration_seconds.unwrap_or(HOUR)).unwrap_or(i64::MAX))
    }
}

#[derive(Debug)]
struct Assumed {
    session: Session,
    source: Arc<dyn ProvideCredentials>,
    service: TokenService,
}

source!(Assumed, |assumed, io| async move {
    let (session, context) = (&assumed.session, &*io.setup.context);
    let role_arn = session.role_arn(context, ROLE.source)?;
    let mut request = AssumeRoleRequest::new(AssumeRoleRequired {
        role_arn: role_arn.clone(),
        role_session_name: session.name(context),
    });
    request.duration_seconds = session.seconds();
    request.external_id.clone_from(&session.external_id);
    request.policy.clone_from(&session.policy);
    let source = Arc::clone(&assumed.source);
    let issued = assumed.service.call(io, source, request, |response| response.credentials);
    used_by(&format!("role {role_arn}"), issued.await)
});

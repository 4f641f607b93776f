//! RAM roles that the token of a file assumes: pods with RRSA, jobs of build services.

use std::sync::Arc;

use super::{
    super::super::{
        CachedCredentials, Credentials, CredentialsError, Setup,
        io::{Io, source},
        issuer::Unsigned,
        policy::OIDC,
        provide, token_file, used_by,
    },
    Session,
    token_service::{AssumeRoleWithOidcRequest, AssumeRoleWithOidcRequired, TokenService},
};
use crate::{context::Context, profile::variable_of};

/// Credentials of a RAM role for the holder of an OIDC token. Cached until shortly before they expire.
///
/// The token is in a file, which is read whenever credentials are needed, since other programs renew it. Requests have
/// no signature.
#[derive(Debug)]
pub struct AlibabaCloudOidcCredentials(CachedCredentials);

impl AlibabaCloudOidcCredentials {
    /// A source that environment variables describe. `ALIBABA_CLOUD_OIDC_TOKEN_FILE`, `ALIBABA_CLOUD_OIDC_PROVIDER_ARN`
    /// and `ALIBABA_CLOUD_ROLE_ARN` name file, provider and role, `ALIBABA_CLOUD_ROLE_SESSION_NAME` the session.
    pub fn new(context: Arc<dyn Context>) -> Self {
        Self::of(Setup::alibaba_cloud(context, None), Oidc::default())
    }

    pub(super) fn of(setup: Setup, source: Oidc) -> Self {
        Self(CachedCredentials::of(OIDC, setup, source))
    }
}

provide!(AlibabaCloudOidcCredentials, |source, driver| source.0.ask(driver));

const SOURCE: &str = OIDC.source;

/// A role, and the token that may assume it. What is missing comes from the environment.
#[derive(Debug, Default)]
pub(super) struct Oidc {
    session: Session,
    provider_arn: Option<String>,
    token_file: Option<String>,
    service: TokenService,
}

impl Oidc {
    pub(super) fn new(session: Session, provider_arn: Option<String>, token_file: Option<String>) -> Self {
        let service = TokenService::new(session.endpoint.clone());
        Self { session, provider_arn, token_file, service }
    }

    async fn assume(&self, io: Io<'_>) -> Result<Credentials, CredentialsError> {
        const FILE: &str = "ALIBABA_CLOUD_OIDC_TOKEN_FILE";
        const PROVIDER: &str = "ALIBABA_CLOUD_OIDC_PROVIDER_ARN";
        let (session, context) = (&self.session, &*io.setup.context);
        let own = |value: &Option<String>, name| value.clone().or_else(|| variable_of(context, name));
        let Some(file) = own(&self.token_file, FILE) else {
            return Err(CredentialsError::absent(SOURCE, format!("{FILE} is not set")));
        };
        let fail = |problem| CredentialsError::new(SOURCE, problem);
        let provider_arn = own(&self.provider_arn, PROVIDER).ok_or_else(|| {
            fail(format!("the provider's ARN is missing: set it in the profile, or {PROVIDER}"))
        })?;
        let role_arn = session.role_arn(context, SOURCE)?;
        let mut request = AssumeRoleWithOidcRequest::new(AssumeRoleWithOidcRequired {
            oidc_provider_arn: provider_arn,
            oidc_token: token_file::read(context, &file).map_err(fail)?,
            role_arn,
            role_session_name: session.name(context),
        });
        request.duration_seconds = session.seconds();
        request.policy.clone_from(&session.policy);
        let issued = self.service.call(io, Unsigned(SOURCE), request, |response| response.credentials);
        used_by(SOURCE, issued.await)
    }
}

source!(Oidc, |oidc, io| oidc.assume(io));

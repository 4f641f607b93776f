//! Roles that the token of an identity may assume: pods of EKS, jobs of build services.

use std::sync::Arc;

use super::{
    CachedCredentials, Credentials, CredentialsError, ProvideCredentials, Setup,
    role::session_name,
    token_service::{AssumeRoleWithWebIdentity, TokenService},
};
use crate::{
    BoxFuture,
    context::Context,
    profile::{expand_home, variable_of},
    text,
};

/// Credentials of a role that trusts the identity whose token is in a file. Kept until shortly before they expire.
///
/// The file is read whenever credentials are needed, since others renew it.
#[derive(Debug)]
pub struct WebIdentityCredentials(CachedCredentials);

impl WebIdentityCredentials {
    /// File, role and name of the session as `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and `AWS_ROLE_SESSION_NAME` say.
    pub fn new(context: Arc<dyn Context>) -> Self {
        Self::of(Setup::new(context, None))
    }

    pub(super) fn of(setup: Setup) -> Self {
        Self::from_role(setup, None)
    }

    pub(super) fn of_profile(
        setup: Setup,
        role_arn: String,
        session_name: Option<String>,
        token_file: String,
    ) -> Self {
        Self::from_role(setup, Some(Told { role_arn, session_name, token_file }))
    }

    fn from_role(setup: Setup, role: Option<Told>) -> Self {
        let context = Arc::clone(&setup.context);
        let service = TokenService::new(setup, None);
        let identity = WebIdentity { role, service, context: Arc::clone(&context) };
        Self(CachedCredentials::named(SOURCE, context, identity))
    }
}

impl ProvideCredentials for WebIdentityCredentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        self.0.provide()
    }
}

const SOURCE: &str = "web identity";

#[derive(Debug)]
struct WebIdentity {
    /// Of a profile; else the environment tells.
    role: Option<Told>,
    service: TokenService,
    context: Arc<dyn Context>,
}

#[derive(Clone, Debug)]
struct Told {
    role_arn: String,
    session_name: Option<String>,
    token_file: String,
}

impl WebIdentity {
    async fn ask(&self) -> Result<Credentials, CredentialsError> {
        let Told { role_arn, session_name: chosen, token_file } = match &self.role {
            Some(role) => role.clone(),
            None => self.in_environment()?,
        };
        let request = AssumeRoleWithWebIdentity {
            session_name: session_name(&*self.context, chosen.as_deref()),
            token: self.token(&token_file)?,
            role_arn,
        };
        self.service.call(NoCredentials, request).await.map_err(|error| error.of_use(SOURCE))
    }

    fn in_environment(&self) -> Result<Told, CredentialsError> {
        const FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
        const ROLE: &str = "AWS_ROLE_ARN";
        let variable = |name| variable_of(&*self.context, name);
        let Some(token_file) = variable(FILE) else {
            return Err(CredentialsError::absent(SOURCE, format!("{FILE} is not set")));
        };
        let Some(role_arn) = variable(ROLE) else {
            return Err(CredentialsError::new(SOURCE, format!("{ROLE} is missing though {FILE} is set")));
        };
        Ok(Told { role_arn, session_name: variable("AWS_ROLE_SESSION_NAME"), token_file })
    }

    fn token(&self, file: &str) -> Result<String, CredentialsError> {
        let path = expand_home(&*self.context, file).unwrap_or_else(|| file.into());
        let fail = |problem: &str| CredentialsError::new(SOURCE, format!("{}: {problem}", path.display()));
        let bytes = self.context.read_file(&path).map_err(|error| fail(&error.to_string()))?;
        let bytes = text::without_mark(&bytes);
        let token = str::from_utf8(&bytes).map_err(|_| fail("not UTF-8, so no token"))?;
        match token.trim() {
            "" => Err(fail("it is empty")),
            token => Ok(token.to_owned()),
        }
    }
}

impl ProvideCredentials for WebIdentity {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(self.ask())
    }
}

/// The request is not signed: the token says who asks.
#[derive(Debug)]
struct NoCredentials;

impl ProvideCredentials for NoCredentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        let error = CredentialsError::new(SOURCE, "the request is not signed");
        Box::pin(std::future::ready(Err(error)))
    }
}

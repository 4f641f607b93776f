//! Roles that a web identity assumes: pods of EKS, jobs of build services.

use std::sync::Arc;

use super::{
    super::{
        CachedCredentials, Credentials, CredentialsError, Setup,
        io::{Io, source},
        issuer::Unsigned,
        policy::WEB_IDENTITY,
        profile, provide, token_file, used_by,
    },
    session_name,
    token_service::{
        AssumeRoleWithWebIdentityRequest, AssumeRoleWithWebIdentityRequired, TokenService, seconds,
    },
};
use crate::{context::Context, profile::variable_of};

/// Credentials of a role for the identity whose token is in a file. Cached until shortly before they expire.
///
/// The file is read whenever credentials are needed, since other programs renew it.
#[derive(Debug)]
pub struct WebIdentityCredentials(CachedCredentials);

impl WebIdentityCredentials {
    /// File, role and name of the session as `AWS_WEB_IDENTITY_TOKEN_FILE`, `AWS_ROLE_ARN` and `AWS_ROLE_SESSION_NAME`
    /// name them.
    pub fn new(context: Arc<dyn Context>) -> Self {
        Self::of(Setup::new(context, None), Place::Environment)
    }

    /// The role in the environment, unless the profile has one.
    pub(super) fn of_chain(setup: Setup) -> Self {
        Self::of(setup, Place::Chain)
    }

    pub(super) fn of_profile(setup: Setup, role: TokenRole) -> Self {
        Self::of(setup, Place::Profile(role))
    }

    fn of(setup: Setup, place: Place) -> Self {
        let source = WebIdentity { place, service: TokenService::new(None) };
        Self(CachedCredentials::of(WEB_IDENTITY, setup, source))
    }
}

provide!(WebIdentityCredentials, |source, driver| source.0.ask(driver));

const SOURCE: &str = WEB_IDENTITY.source;

#[derive(Debug)]
struct WebIdentity {
    place: Place,
    service: TokenService,
}

/// Where the role is described.
#[derive(Debug)]
enum Place {
    Environment,
    /// The environment, as one of several sources.
    Chain,
    Profile(TokenRole),
}

/// A role and the file of the token that may assume it.
#[derive(Clone, Debug)]
pub(super) struct TokenRole {
    pub(super) role_arn: String,
    pub(super) session_name: Option<String>,
    pub(super) duration_seconds: Option<u64>,
    pub(super) token_file: String,
}

impl WebIdentity {
    async fn assume(&self, io: Io<'_>) -> Result<Credentials, CredentialsError> {
        let role = match &self.place {
            Place::Profile(role) => role.clone(),
            Place::Environment | Place::Chain => self.in_environment(io.setup)?,
        };
        let name = session_name(&*io.setup.context, role.session_name.as_deref());
        let token = token_file::read(&*io.setup.context, &role.token_file);
        let token = token.map_err(|problem| CredentialsError::new(SOURCE, problem))?;
        let mut request = AssumeRoleWithWebIdentityRequest::new(AssumeRoleWithWebIdentityRequired {
            role_arn: role.role_arn,
            role_session_name: name,
            web_identity_token: token,
        });
        request.duration_seconds = role.duration_seconds.map(seconds);
        let issued = self.service.call(io, Unsigned(SOURCE), request, |response| response.credentials);
        used_by(SOURCE, issued.await)
    }

    fn in_environment(&self, setup: &Setup) -> Result<TokenRole, CredentialsError> {
        const FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
        const ROLE: &str = "AWS_ROLE_ARN";
        let variable = |name| variable_of(&*setup.context, name);
        let Some(token_file) = variable(FILE) else {
            return Err(CredentialsError::absent(SOURCE, format!("{FILE} is not set")));
        };
        if matches!(self.place, Place::Chain)
            && let Some(profile) = profile::with_role(setup)?
        {
            let problem = format!(
                "{FILE} is not used because of the role that profile `{}` names",
                profile.escape_debug()
            );
            return Err(CredentialsError::absent(SOURCE, problem));
        }
        let Some(role_arn) = variable(ROLE) else {
            return Err(CredentialsError::new(SOURCE, format!("{ROLE} is missing although {FILE} is set")));
        };
        let session_name = variable("AWS_ROLE_SESSION_NAME");
        Ok(TokenRole { role_arn, session_name, duration_seconds: None, token_file })
    }
}

source!(WebIdentity, |identity, io| identity.assume(io));

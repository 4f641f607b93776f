//! Roles that are assumed with other credentials.

mod profile;
mod token_service;
mod web_identity;

use std::{
    sync::Arc,
    time::{Duration, UNIX_EPOCH},
};

use self::token_service::{AssumeRoleRequest, AssumeRoleRequired, TokenService, seconds};
pub use self::web_identity::WebIdentityCredentials;
pub use super::mfa::ProvideMfaCode;
use super::{
    CachedCredentials, Credentials, CredentialsError, ProvideCredentials, Setup,
    io::{Io, source},
    policy::ROLE,
    provide,
    setup::setup_setters,
    used_by,
};
use crate::{
    context::{Context, SystemContext},
    settings::OwnUrl,
};

/// Credentials of a role that other credentials assume, in any account. Cached until shortly before they expire.
///
/// ```
/// # extern crate gatewright_runtime as gatewright;
/// use gatewright::{Secret, credentials::{Credentials, RoleCredentials}};
///
/// let ours = Credentials::new("AKIDEXAMPLE", Secret::new("secret"));
/// let theirs = RoleCredentials::builder("arn:aws:iam::123456789012:role/reader", ours)
///     .external_id("given-by-their-owner")
///     .region("eu-west-1")
///     .build();
/// ```
#[derive(Debug)]
pub struct RoleCredentials(CachedCredentials);

impl RoleCredentials {
    /// The role of this ARN, assumed with the credentials of `source`.
    pub fn builder(role_arn: impl Into<String>, source: impl ProvideCredentials) -> RoleBuilder {
        RoleBuilder {
            role_arn: role_arn.into(),
            source: Arc::new(source),
            session_name: None,
            external_id: None,
            duration_seconds: None,
            mfa_serial: None,
            endpoint_url: None,
            setup: Setup::new(Arc::new(SystemContext), None),
        }
    }
}

provide!(RoleCredentials, |source, driver| source.0.ask(driver));

/// Builds [`RoleCredentials`]. Unset settings of the endpoint come from the environment and the profile.
#[derive(Clone, Debug)]
#[must_use]
pub struct RoleBuilder {
    role_arn: String,
    source: Arc<dyn ProvideCredentials>,
    session_name: Option<String>,
    external_id: Option<String>,
    duration_seconds: Option<u64>,
    mfa_serial: Option<String>,
    endpoint_url: Option<OwnUrl>,
    setup: Setup,
}

impl RoleBuilder {
    /// Name of the session, which logs show: `gatewright-` and the time unless set.
    pub fn session_name(mut self, name: impl Into<String>) -> Self {
        self.session_name = Some(name.into());
        self
    }

    /// The external id, if the role requires one; the role's owner chooses it.
    pub fn external_id(mut self, id: impl Into<String>) -> Self {
        self.external_id = Some(id.into());
        self
    }

    /// The lifetime of the credentials; default: the role's own.
    ///
    /// It is between 15 minutes and 12 hours, and at most one hour if the caller uses a role, too.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.duration_seconds = Some(duration.as_secs());
        self
    }

    /// The multi-factor device of the caller, and the source of its codes. `serial` is the device's serial number or
    /// ARN.
    pub fn mfa(mut self, serial: impl Into<String>, code: impl ProvideMfaCode) -> Self {
        self.mfa_serial = Some(serial.into());
        self.setup.mfa_code = Some(Arc::new(code));
        self
    }

    /// Region of the endpoint. Otherwise `AWS_REGION`, `AWS_DEFAULT_REGION` or the profile's `region`; without any, the
    /// endpoint that all regions share.
    pub fn region(mut self, region: impl Into<String>) -> Self {
        self.setup.explicit.region = Some(region.into());
        self
    }

    /// The endpoint; otherwise `AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL` or the profile's `endpoint_url`.
    pub fn endpoint_url(mut self, url: impl Into<String>) -> Self {
        self.endpoint_url = Some(OwnUrl(url.into()));
        self
    }

    setup_setters!();

    /// Builds the source. Nothing is sent before a call needs credentials.
    pub fn build(self) -> RoleCredentials {
        let Self { role_arn, source, session_name, external_id, duration_seconds, mfa_serial, .. } = self;
        let service = TokenService::new(self.endpoint_url);
        let role =
            Assumed { role_arn, session_name, external_id, duration_seconds, mfa_serial, source, service };
        RoleCredentials(CachedCredentials::of(ROLE, self.setup, role))
    }
}

#[derive(Debug)]
struct Assumed {
    role_arn: String,
    session_name: Option<String>,
    external_id: Option<String>,
    duration_seconds: Option<u64>,
    mfa_serial: Option<String>,
    source: Arc<dyn ProvideCredentials>,
    service: TokenService,
}

impl Assumed {
    async fn assume(&self, io: Io<'_>) -> Result<Credentials, CredentialsError> {
        let name = session_name(&*io.setup.context, self.session_name.as_deref());
        let mut request = AssumeRoleRequest::new(AssumeRoleRequired {
            role_arn: self.role_arn.clone(),
            role_session_name: name,
        });
        request.external_id.clone_from(&self.external_id);
        request.duration_seconds = self.duration_seconds.map(seconds);
        request.token_code = self.code(io.setup.mfa_code.as_deref()).await?;
        request.serial_number.clone_from(&self.mfa_serial);
        // A code can be used once.
        let io = if request.token_code.is_some() { io.to_the_end() } else { io };
        self.service.call(io, Arc::clone(&self.source), request, |response| response.credentials).await
    }

    async fn code(&self, mfa_code: Option<&dyn ProvideMfaCode>) -> Result<Option<String>, CredentialsError> {
        let Some(serial) = &self.mfa_serial else { return Ok(None) };
        let Some(mfa_code) = mfa_code else {
            return Err(CredentialsError::new(
                "multi-factor device",
                format!(
                    "a code of {} is needed; set a source of codes with `mfa_code` on the client, or put what \
                     `aws configure export-credentials --format env` prints for the profile into the environment",
                    serial.escape_debug()
                ),
            ));
        };
        let code = mfa_code.code(serial).await?.trim().to_owned();
        if code.is_empty() || !code.bytes().all(|byte| byte.is_ascii_digit()) {
            let problem = "the code is empty or has characters other than digits";
            return Err(CredentialsError::new("multi-factor device", problem));
        }
        Ok(Some(code))
    }
}

source!(
    Assumed,
    |role, io| async move { used_by(&format!("role {}", role.role_arn), role.assume(io).await) }
);

/// The web identity that the environment names, unless the profile names a role.
pub(super) fn web_identity(setup: &Setup) -> Arc<dyn ProvideCredentials> {
    Arc::new(WebIdentityCredentials::of_chain(setup.clone()))
}

/// The name of a session: the chosen one, or one with the current time.
pub(super) fn session_name(context: &dyn Context, chosen: Option<&str>) -> String {
    chosen.map_or_else(
        || {
            let now = context.now().duration_since(UNIX_EPOCH).unwrap_or_default();
            format!("gatewright-{}", now.as_secs())
        },
        str::to_owned,
    )
}

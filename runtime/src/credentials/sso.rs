//! Sign-ins of IAM Identity Center (SSO): the token of `aws sso login`, and the credentials of a role.

mod endpoints;
mod sign_in;

use std::sync::Arc;

use http::{HeaderName, StatusCode, Uri};

use self::{endpoints::PORTAL, sign_in::SignIns};
use super::{
    CachedCredentials, Credentials, CredentialsError, Setup,
    credentials_json::CredentialsJson,
    io::{Io, source},
    policy::{Attempts, SSO},
    profile::{Finder, Found, named},
    provide, response,
    setup::Way,
    static_keys::Names,
};
use gatewright_core::percent::encode_query;

use crate::{
    context::Context,
    endpoint::check_region,
    profile::{Kind, Profile},
    service::ServiceInfo,
    transport::Request,
    wire::is_authentic,
};

/// Credentials of a role for a user who signed in with `aws sso login`. Cached until shortly before they expire.
///
/// The sign-in is read from `~/.aws/sso/cache` whenever credentials are needed, so that a renewed one is found. The
/// sign-in of an `[sso-session …]` section is renewed by its refresh token, and written there in the AWS CLI's form.
#[derive(Debug)]
pub struct SsoCredentials(CachedCredentials);

impl SsoCredentials {
    /// This role.
    pub fn new(context: Arc<dyn Context>, role: SsoRole) -> Self {
        Self::of(Setup::new(context, None), role)
    }

    fn of(setup: Setup, role: SsoRole) -> Self {
        let sign_ins = SignIns::new(role.clone());
        Self(CachedCredentials::of(SSO, setup, Sso { role, sign_ins }))
    }
}

provide!(SsoCredentials, |source, driver| source.0.ask(driver));

/// Which role of which sign-in.
#[derive(Clone, Debug)]
#[expect(
    clippy::exhaustive_structs,
    reason = "the members that the portal and the cache of sign-ins ask for"
)]
pub struct SsoRole {
    /// Name of the sign-in's `[sso-session …]` section; without such a section, its start URL.
    pub session: String,
    /// Region of the sign-in.
    pub region: String,
    /// Account that the role belongs to.
    pub account_id: String,
    /// Name of the role.
    pub role_name: String,
    /// The command that renews the sign-in: `aws sso login --profile x`.
    pub login: String,
}

const SOURCE: &str = SSO.source;
const TOKEN: HeaderName = HeaderName::from_static("x-amz-sso_bearer_token");

#[derive(Debug)]
struct Sso {
    role: SsoRole,
    sign_ins: SignIns,
}

impl Sso {
    async fn attempt(&self, io: Io<'_>, attempts: Attempts) -> Result<Credentials, CredentialsError> {
        let SsoRole { account_id, role_name, login, .. } = &self.role;
        let mut request = Request::default();
        let [account, role] = [account_id, role_name].map(|text| encode_query(text.as_bytes()));
        let path = format!("/federation/credentials?role_name={role}&account_id={account}");
        *request.uri_mut() = url(io.setup, &self.role, PORTAL, &path)?;
        request.headers_mut().insert(TOKEN, self.sign_ins.token(io).await?);
        let is_believed = is_authentic(request.uri());

        let response = io.ask(SOURCE, request, Way::Configured, attempts).await?;
        match response.status() {
            StatusCode::OK => {}
            StatusCode::UNAUTHORIZED => {
                return Err(fail(format!("the sign-in is no longer accepted; run `{login}`")));
            }
            StatusCode::FORBIDDEN => {
                let source = format!(
                    "{SOURCE}: role `{}` of account {} is not assigned to the user of the sign-in, or does not exist",
                    role_name.escape_debug(),
                    account_id.escape_debug()
                );
                return Err(response::refused(&source, &response));
            }
            _ => return Err(response::refused(SOURCE, &response)),
        }
        let json = response::json(SOURCE, &response)?;
        let credentials = DOCUMENT.read(SOURCE, json.get("roleCredentials").unwrap_or(&json))?;
        if is_believed {
            let local = io.setup.context.now();
            response::follow_issuer(&io.setup.clock, response.headers(), credentials.expires_at(), local);
        }
        Ok(credentials)
    }
}

source!(Sso, |sso, io| io.insist(SSO, move |attempts| Box::pin(sso.attempt(io, attempts))));

impl Finder<'_> {
    /// The role of a profile, with the properties of the session that it names or, in the older form, its own.
    pub(super) fn sso(&self, profile: &Profile<'_>) -> Found {
        let own = |key| profile.get(key).map(|property| property.value.as_str());
        let fail = |problem| Err(CredentialsError::new(named(profile), problem));
        let mut values =
            ["sso_account_id", "sso_role_name", "sso_region", "sso_start_url"].map(|key| (key, own(key)));
        let session = own("sso_session");
        if let Some(name) = session {
            let shown = name.escape_debug();
            let section = self.files.find(Kind::SsoSession, name);
            let Some(section) =
                section.map_err(|error| CredentialsError::new(named(profile), error.to_string()))?
            else {
                return fail(format!("no section `[sso-session {shown}]`; add it"));
            };
            for (key, value) in &mut values {
                let shared = section.get(key).map(|property| property.value.as_str());
                if value.is_some() && shared.is_some() && *value != shared {
                    return fail(format!("{key} differs from `[sso-session {shown}]`; remove one of them"));
                }
                *value = value.or(shared);
            }
        }
        let missing: Vec<_> =
            values.iter().filter(|(_, value)| value.is_none()).map(|(key, _)| *key).collect();
        let [Some(account_id), Some(role_name), Some(region), Some(start_url)] =
            values.map(|(_, value)| value)
        else {
            return fail(format!("{} is missing, which a role of SSO needs", missing.join(" and ")));
        };
        let role = SsoRole {
            session: session.unwrap_or(start_url).to_owned(),
            region: region.to_owned(),
            account_id: account_id.to_owned(),
            role_name: role_name.to_owned(),
            login: format!("aws sso login --profile {}", profile.name.escape_debug()),
        };
        Ok(Arc::new(SsoCredentials::of(self.setup.clone(), role)))
    }
}

/// A URL of a service in the region of the sign-in, by the settings of the endpoint.
fn url(setup: &Setup, role: &SsoRole, service: &ServiceInfo, path: &str) -> Result<Uri, CredentialsError> {
    check_region(&role.region).map_err(|error| fail(format!("sso_region: {error}")))?;
    let settings =
        setup.settings(service, Some(role.region.clone()), None).map_err(|error| fail(error.to_string()))?;
    let endpoint = service.endpoints.resolve(&settings.endpoint_params());
    let base = endpoint.map_err(|error| fail(error.to_string()))?.url.to_string();
    let url = format!("{}{path}", base.trim_end_matches('/'));
    url.parse().map_err(|_| fail(format!("{} is not a valid URL", url.escape_debug())))
}

fn fail(problem: String) -> CredentialsError {
    CredentialsError::new(SOURCE, problem)
}

static DOCUMENT: CredentialsJson = CredentialsJson {
    names: Names {
        access_key_id: "accessKeyId",
        secret_access_key: "secretAccessKey",
        session_tokens: &["sessionToken"],
    },
    expiry: "expiration",
    has_millis: true,
    is_temporary: true,
};

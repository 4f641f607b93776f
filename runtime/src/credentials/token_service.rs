//! The service that gives out temporary credentials of roles.

mod endpoints;
mod operations;

use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::Duration,
};

use serde_json::Value;

pub(super) use self::operations::{AssumeRole, AssumeRoleWithWebIdentity};
use self::{
    endpoints::{GLOBAL, LEGACY},
    operations::{Request, TokenClient, Tokens},
};

use super::{Credentials, CredentialsError, ProvideCredentials, Setup, document::Document, keys::Names};
use crate::{
    Client, ClientBuilder, Error, Service as _,
    profile::{ProfileFiles, variable_of},
    settings::{ExplicitSettings, Settings},
};

/// A client of the service, made when it is first called.
pub(super) struct TokenService {
    setup: Setup,
    endpoint_url: Option<String>,
    client: OnceLock<Client>,
}

const SOURCE: &str = "sts";

impl TokenService {
    pub(super) fn new(setup: Setup, endpoint_url: Option<String>) -> Self {
        Self { setup, endpoint_url, client: OnceLock::new() }
    }

    /// The credentials that the service gives, as the user of `source` asks for them.
    #[cfg_attr(not(feature = "async"), expect(clippy::unused_async, reason = "the other feature awaits"))]
    pub(super) async fn call<R: Request>(
        &self,
        source: impl ProvideCredentials,
        request: R,
    ) -> Result<Credentials, CredentialsError> {
        let secret = request.secret().map(str::to_owned);
        let call = self.client(source)?.call(request);
        #[cfg(all(feature = "async", feature = "blocking"))]
        let answer = if crate::client::blocks() { call.send_blocking() } else { call.await };
        #[cfg(not(feature = "blocking"))]
        let answer = call.await;
        #[cfg(not(feature = "async"))]
        let answer = call.send_blocking();

        let answer = answer.map_err(|error| {
            if let Error::Credentials(failure) = &error {
                return failure.error().clone();
            }
            let mut told = super::error::told(&error);
            // What refuses a request may repeat it.
            if let Some(secret) = secret {
                told = told.replace(&secret, "***");
            }
            CredentialsError::new(SOURCE, told)
        })?;
        DOCUMENT.read(SOURCE, answer.get("Credentials").unwrap_or(&Value::Null))
    }

    fn client(&self, source: impl ProvideCredentials) -> Result<&Client, CredentialsError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.connect(source).map_err(|problem| CredentialsError::new(SOURCE, problem))?;
        Ok(self.client.get_or_init(|| client))
    }

    fn connect(&self, source: impl ProvideCredentials) -> Result<Client, String> {
        let Setup { context, profile, region, .. } = &self.setup;
        let mut builder = ClientBuilder::<TokenClient>::new()
            .context(Arc::clone(context))
            .credentials(source)
            .attempt_timeout(Duration::from_secs(10))
            .operation_timeout(Duration::from_secs(30));
        if let Some(profile) = profile {
            builder = builder.profile(profile);
        }
        if let Some(url) = &self.endpoint_url {
            builder = builder.endpoint_url(url);
        }
        let mut explicit = ExplicitSettings::default();
        explicit.profile.clone_from(profile);
        explicit.region.clone_from(region);
        explicit.endpoint_url.clone_from(&self.endpoint_url);
        let settings =
            Settings::load(&**context, Tokens::INFO, explicit).map_err(|error| error.to_string())?;
        let is_plain = settings.endpoint_url.is_none()
            && [&settings.use_fips, &settings.use_dual_stack]
                .iter()
                .all(|on| on.as_ref().is_none_or(|on| !on.value));
        // Everyone has the endpoint that all regions share, which is in the region that stands in for none.
        let region = match settings.region.as_ref().map(|region| region.value.as_str()) {
            None if is_plain => GLOBAL,
            None => "us-east-1",
            Some(region) if is_plain && LEGACY.contains(&region) && self.is_legacy()? => GLOBAL,
            Some(region) => region,
        };
        Ok(builder.region(region).build().map_err(|error| error.to_string())?.0)
    }

    /// Whether the endpoint of all regions is asked for, in the way of older tools.
    fn is_legacy(&self) -> Result<bool, String> {
        let context = &*self.setup.context;
        let variable = format!("AWS_{}_REGIONAL_ENDPOINTS", Tokens::INFO.settings_id);
        let mut value = variable_of(context, &variable);
        if value.is_none() {
            let files = ProfileFiles::load(context).map_err(|error| error.to_string())?;
            let name = self.setup.profile.as_deref();
            let profile = files.choose(context, name).map_err(|error| error.to_string())?;
            value = profile.get("sts_regional_endpoints").map(|property| property.value.clone());
        }
        match value.as_deref() {
            None => Ok(false),
            Some(value) if value.eq_ignore_ascii_case("regional") => Ok(false),
            Some(value) if value.eq_ignore_ascii_case("legacy") => Ok(true),
            Some(value) => Err(format!(
                "sts_regional_endpoints is `{}`, neither regional nor legacy",
                value.escape_debug()
            )),
        }
    }
}

impl fmt::Debug for TokenService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenService").field("endpoint_url", &self.endpoint_url).finish_non_exhaustive()
    }
}

static DOCUMENT: Document = Document {
    names: Names {
        access_key_id: "AccessKeyId",
        secret_access_key: "SecretAccessKey",
        session_tokens: &["SessionToken"],
    },
    expiry: "Expiration",
    is_temporary: true,
};

#[cfg(test)]
mod tests {
    use std::{io, path::Path, time::SystemTime};

    use super::*;
    use crate::context::Context;

    #[derive(Debug)]
    struct Machine(&'static [(&'static str, &'static str)]);

    impl Context for Machine {
        fn now(&self) -> SystemTime {
            SystemTime::UNIX_EPOCH
        }

        fn random(&self, bytes: &mut [u8]) {
            bytes.fill(0);
        }

        fn variable(&self, name: &str) -> Option<String> {
            self.0.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        }

        fn read_file(&self, _: &Path) -> io::Result<Vec<u8>> {
            Err(io::ErrorKind::NotFound.into())
        }
    }

    #[track_caller]
    fn check(variables: &'static [(&'static str, &'static str)], expected: &str) {
        let service = TokenService::new(Setup::new(Arc::new(Machine(variables)), None), None);
        let connected = service.connect(Credentials::new("A", "a"));
        let told = connected.map_or_else(
            |problem| problem,
            |client| format!("{} {}", client.endpoint().host().unwrap_or_default(), client.region()),
        );
        assert_eq!(told, expected, "{variables:?}");
    }

    const LEGACY_ENDPOINTS: (&str, &str) = (concat!("AWS_", "STS_REGIONAL_ENDPOINTS"), "legacy");
    const FIPS: (&str, &str) = ("AWS_USE_FIPS_ENDPOINT", "true");

    #[test]
    fn the_endpoint_is_that_of_the_region() {
        check(&[], "sts.amazonaws.com us-east-1");
        check(&[("AWS_REGION", "eu-west-1")], "sts.eu-west-1.amazonaws.com eu-west-1");
        check(&[("AWS_REGION", "cn-north-1")], "sts.cn-north-1.amazonaws.com.cn cn-north-1");
        check(&[("AWS_REGION", "us-gov-west-1"), FIPS], "sts.us-gov-west-1.amazonaws.com us-gov-west-1");
        check(&[("AWS_REGION", "us-west-2"), FIPS], "sts-fips.us-west-2.amazonaws.com us-west-2");
        check(&[FIPS], "sts-fips.us-east-1.amazonaws.com us-east-1");
        check(
            &[("AWS_REGION", "eu-west-1"), ("AWS_USE_DUALSTACK_ENDPOINT", "true")],
            "sts.eu-west-1.api.aws eu-west-1",
        );
        check(&[("AWS_ENDPOINT_URL_STS", "http://localhost")], "localhost us-east-1");
    }

    #[test]
    fn the_shared_endpoint_is_asked_where_older_tools_did() {
        check(&[("AWS_REGION", "eu-west-1"), LEGACY_ENDPOINTS], "sts.amazonaws.com us-east-1");
        check(&[("AWS_REGION", "eu-south-1"), LEGACY_ENDPOINTS], "sts.eu-south-1.amazonaws.com eu-south-1");
        check(
            &[("AWS_REGION", "us-west-2"), LEGACY_ENDPOINTS, FIPS],
            "sts-fips.us-west-2.amazonaws.com us-west-2",
        );
        check(
            &[("AWS_REGION", "eu-west-1"), (LEGACY_ENDPOINTS.0, "both")],
            "sts_regional_endpoints is `both`, neither regional nor legacy",
        );
    }
}

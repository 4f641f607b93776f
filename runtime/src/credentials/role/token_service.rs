//! The service that issues temporary credentials of roles.

#[rustfmt::skip]
#[allow(clippy::doc_markdown, dead_code, unreachable_pub, unused_imports, reason = "as in crates of clients")]
mod generated;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use serde_json::Value;

pub(super) use self::generated::{
    AssumeRoleRequest, AssumeRoleRequired, AssumeRoleWithWebIdentityRequest,
    AssumeRoleWithWebIdentityRequired,
};
use super::super::{
    Credentials, CredentialsError, ProvideCredentials, Setup, credentials_json::CredentialsJson, io::Io,
    policy::ROLE, response,
};
use crate::{
    Client, Error, Operation, Service,
    client::{Parts, user_agent},
    driver::Driver,
    text::with_causes,
};

/// A client of the service, created when it is first called.
pub(super) struct TokenService {
    endpoint_url: Option<String>,
    client: OnceLock<Client>,
}

/// The service, as its model describes it.
type Tokens = <AssumeRoleRequest as Operation>::Service;

const SOURCE: &str = Tokens::INFO.auth.signing_name();

/// The region whose endpoint all regions share.
const GLOBAL: &str = "aws-global";

impl TokenService {
    pub(super) fn new(endpoint_url: Option<String>) -> Self {
        Self { endpoint_url, client: OnceLock::new() }
    }

    /// The credentials in the response to a request, which the user of `source` signs.
    #[cfg_attr(
        not(feature = "async-driver"),
        expect(clippy::unused_async, reason = "only calls by the other driver await")
    )]
    pub(super) async fn call<R: Operation<Service = Tokens>>(
        &self,
        io: Io<'_>,
        source: impl ProvideCredentials,
        request: R,
        issued: fn(R::Output) -> Option<generated::Credentials>,
    ) -> Result<Credentials, CredentialsError> {
        let client = self.client(io.setup, source)?;
        let call = client.call(request);
        let response = match io.driver {
            #[cfg(feature = "async-driver")]
            Driver::Awaiting => call.with_metadata().await,
            #[cfg(feature = "blocking-driver")]
            Driver::Blocking => call.with_metadata_blocking(),
        };
        let response = response.map_err(|error| {
            if let Error::Credentials(failure) = &error {
                return failure.error().clone();
            }
            CredentialsError::new(SOURCE, with_causes(&error))
        })?;
        let (shared, headers) = (client.shared(), response.metadata.headers());
        let json = serde_json::to_value(issued(response.output)).unwrap_or(Value::Null);
        let credentials = DOCUMENT.read(SOURCE, &json)?;
        response::follow_issuer(&shared.clock, headers, credentials.expires_at(), shared.context.now());
        Ok(credentials)
    }

    fn client(&self, setup: &Setup, source: impl ProvideCredentials) -> Result<&Client, CredentialsError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.connect(setup, source).map_err(|problem| CredentialsError::new(SOURCE, problem))?;
        Ok(self.client.get_or_init(|| client))
    }

    fn connect(&self, setup: &Setup, source: impl ProvideCredentials) -> Result<Client, String> {
        let service = Tokens::INFO;
        let region = setup.explicit.region.clone();
        let settings = setup.settings(service, region, self.endpoint_url.clone());
        let settings = settings.map_err(|error| error.to_string())?;
        let mut params = settings.endpoint_params();
        if params.region.is_none() {
            // The endpoint that all regions share has no variants; its region has.
            let is_plain = params.endpoint.is_none() && !params.use_fips && !params.use_dual_stack;
            params.region = Some(if is_plain { GLOBAL } else { "us-east-1" });
        }
        let endpoint = service.endpoints.resolve(&params).map_err(|error| error.to_string())?;
        let transports = setup.transports(&endpoint.url);
        let parts = Parts {
            service,
            auth: service.auth,
            settings: &settings,
            credentials: Arc::new(source),
            transports: transports.map_err(|error| error.to_string())?,
            context: Arc::clone(&setup.context),
            clock: setup.clock.for_sender(&endpoint.url),
            endpoint,
            user_agent: user_agent(None, &settings)
                .ok_or("the application's name is not a part of a user agent")?,
            attempt_timeout: ROLE.attempt,
            operation_timeout: ROLE.all_attempts(),
        };
        let mut shared = parts.share().map_err(|error| error.to_string())?;
        // The service itself reports what it does not accept.
        shared.options.check_constraints = false;
        Ok(Client::new(shared))
    }
}

impl fmt::Debug for TokenService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenService").field("endpoint_url", &self.endpoint_url).finish_non_exhaustive()
    }
}

/// The lifetime of a session in requests; the service refuses one that is too long.
pub(super) fn seconds(seconds: u64) -> i32 {
    i32::try_from(seconds).unwrap_or(i32::MAX)
}

static DOCUMENT: CredentialsJson = CredentialsJson::usual(&["SessionToken"], true);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Secret, test_context::TestContext};

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: &str) {
        let setup = Setup::new(TestContext::new().variables(variables.iter().copied()).shared(), None);
        let connected = TokenService::new(None).connect(&setup, Credentials::new("A", Secret::new("a")));
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
            concat!("AWS_", "STS_REGIONAL_ENDPOINTS: `both`: expected legacy or regional"),
        );
    }
}

//! The service that gives out temporary credentials of roles.

#[rustfmt::skip]
#[allow(clippy::doc_markdown, dead_code, unreachable_pub, unused_imports, reason = "as in crates of clients")]
mod generated;

use std::{
    fmt,
    sync::{Arc, OnceLock},
};

use serde_json::Value;

pub(super) use self::generated::{AssumeRoleRequest, AssumeRoleWithWebIdentityRequest};
use self::generated::{AssumeRoleResponse, AssumeRoleWithWebIdentityResponse};
use super::{
    Credentials, CredentialsError, ProvideCredentials, Setup, document::Document, keys::Names, policy::ROLE,
};
use crate::{Client, ClientBuilder, Error, Operation, Service, ServiceClient};

/// A client of the service, made when it is first called.
pub(super) struct TokenService {
    setup: Setup,
    endpoint_url: Option<String>,
    client: OnceLock<Client>,
}

/// The service, as its model describes it.
type Tokens = <AssumeRoleRequest as Operation>::Service;

const SOURCE: &str = Tokens::INFO.auth.signing_name();

/// The region whose endpoint all regions share.
const GLOBAL: &str = "aws-global";

/// A response that brings credentials.
pub(super) trait Issued {
    fn credentials(self) -> Option<generated::Credentials>;
}

impl Issued for AssumeRoleResponse {
    fn credentials(self) -> Option<generated::Credentials> {
        self.credentials
    }
}

impl Issued for AssumeRoleWithWebIdentityResponse {
    fn credentials(self) -> Option<generated::Credentials> {
        self.credentials
    }
}

impl TokenService {
    pub(super) fn new(setup: Setup, endpoint_url: Option<String>) -> Self {
        Self { setup, endpoint_url, client: OnceLock::new() }
    }

    /// The credentials that the service gives, as the user of `source` asks for them.
    #[cfg_attr(not(feature = "async"), expect(clippy::unused_async, reason = "the other feature awaits"))]
    pub(super) async fn call<R>(
        &self,
        source: impl ProvideCredentials,
        request: R,
    ) -> Result<Credentials, CredentialsError>
    where
        R: Operation<Service = Tokens>,
        R::Output: Issued,
    {
        let client = self.client(source)?;
        let call = client.call(request);
        #[cfg(all(feature = "async", feature = "blocking"))]
        let answer =
            if crate::client::blocks() { call.with_metadata_blocking() } else { call.with_metadata().await };
        #[cfg(not(feature = "blocking"))]
        let answer = call.with_metadata().await;
        #[cfg(not(feature = "async"))]
        let answer = call.with_metadata_blocking();

        let answer = answer.map_err(|error| {
            if let Error::Credentials(failure) = &error {
                return failure.error().clone();
            }
            CredentialsError::new(SOURCE, crate::text::with_causes(&error))
        })?;
        let (shared, headers) = (client.shared(), answer.metadata.headers());
        let json = serde_json::to_value(answer.output.credentials()).unwrap_or(Value::Null);
        let credentials = DOCUMENT.read(SOURCE, &json)?;
        shared.clock.follow_issuer(headers, credentials.expires_at(), shared.context.now());
        Ok(credentials)
    }

    fn client(&self, source: impl ProvideCredentials) -> Result<&Client, CredentialsError> {
        if let Some(client) = self.client.get() {
            return Ok(client);
        }
        let client = self.connect(source).map_err(|problem| CredentialsError::new(SOURCE, problem))?;
        Ok(self.client.get_or_init(|| client))
    }

    fn connect(&self, source: impl ProvideCredentials) -> Result<Client, String> {
        let Setup { context, clock, profile, region, files, use_fips, use_dual_stack, authorities, .. } =
            &self.setup;
        let settings = self
            .setup
            .settings(Tokens::INFO, region.clone(), self.endpoint_url.clone())
            .map_err(|error| error.to_string())?;
        let mut builder = ClientBuilder::<TokenClient>::new()
            .context(Arc::clone(context))
            .files(files.clone())
            .credentials(source)
            .clock(Arc::clone(clock))
            .trust_also(authorities.clone())
            .attempt_timeout(ROLE.attempt)
            .operation_timeout(ROLE.all_attempts())
            // The service says itself what it does not accept.
            .check_constraints(false);
        if let Some(profile) = profile {
            builder = builder.profile(profile);
        }
        if let Some(fips) = use_fips {
            builder = builder.use_fips(*fips);
        }
        if let Some(dual_stack) = use_dual_stack {
            builder = builder.use_dual_stack(*dual_stack);
        }
        if let Some(url) = &self.endpoint_url {
            builder = builder.endpoint_url(url);
        }
        if let Some(region) = region {
            builder = builder.region(region);
        } else if settings.region.is_none() {
            // Everyone has the endpoint that all regions share, which is in the region that stands in for none.
            let is_plain = settings.endpoint_url.is_none()
                && [&settings.use_fips, &settings.use_dual_stack]
                    .iter()
                    .all(|on| on.as_ref().is_none_or(|on| !on.value));
            builder = builder.region(if is_plain { GLOBAL } else { "us-east-1" });
        }
        Ok(builder.build().map_err(|error| error.to_string())?.0)
    }
}

struct TokenClient(Client);

impl ServiceClient for TokenClient {
    type Service = Tokens;

    fn from_client(client: Client) -> Self {
        Self(client)
    }
}

impl fmt::Debug for TokenService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenService").field("endpoint_url", &self.endpoint_url).finish_non_exhaustive()
    }
}

/// The lifetime of a session, as requests have it; one that is too long is refused by the service.
pub(super) fn seconds(seconds: u64) -> i32 {
    i32::try_from(seconds).unwrap_or(i32::MAX)
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
    use super::*;
    use crate::fake::TestContext;

    #[track_caller]
    fn check(variables: &[(&str, &str)], expected: &str) {
        let context = TestContext::new().variables(variables.iter().copied());
        let service = TokenService::new(Setup::new(context.shared(), None), None);
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
            concat!("AWS_", "STS_REGIONAL_ENDPOINTS: `both`: neither legacy nor regional"),
        );
    }
}

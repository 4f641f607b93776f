//! The service that issues temporary credentials of roles.

#[rustfmt::skip]
#[allow(clippy::doc_markdown, dead_code, unreachable_pub, unused_imports, reason = "as in crates of clients")]
mod generated;

pub(super) use self::generated::{
    AssumeRoleRequest, AssumeRoleRequired, AssumeRoleWithWebIdentityRequest,
    AssumeRoleWithWebIdentityRequired,
};
use super::super::{
    Credentials, CredentialsError, ProvideCredentials, Setup,
    credentials_json::CredentialsJson,
    io::Io,
    issuer::{self, Issuer},
};
use crate::{Client, Operation, Service, settings::OwnUrl};

/// A client of the service.
#[derive(Debug)]
pub(super) struct TokenService {
    endpoint_url: Option<OwnUrl>,
    issuer: Issuer,
}

/// The service, as its model describes it.
type Tokens = <AssumeRoleRequest as Operation>::Service;

/// The region whose endpoint all regions share.
const GLOBAL: &str = "aws-global";

impl TokenService {
    pub(super) fn new(endpoint_url: Option<OwnUrl>) -> Self {
        Self { endpoint_url, issuer: Issuer::default() }
    }

    /// The credentials in the response to a request, which the user of `source` signs.
    pub(super) async fn call<R: Operation<Service = Tokens>>(
        &self,
        io: Io<'_>,
        source: impl ProvideCredentials,
        request: R,
        issued: fn(R::Output) -> Option<generated::Credentials>,
    ) -> Result<Credentials, CredentialsError> {
        let connect = || self.connect(io.setup, source);
        self.issuer.call(io, connect, request, issued, &DOCUMENT).await
    }

    fn connect(&self, setup: &Setup, source: impl ProvideCredentials) -> Result<Client, String> {
        let service = Tokens::INFO;
        let region = setup.explicit.region.clone();
        let settings = setup.settings(service, region, self.endpoint_url.clone().map(|url| url.0));
        let settings = settings.map_err(|error| error.to_string())?;
        let mut params = settings.endpoint_params();
        if params.region.is_none() {
            // The endpoint that all regions share has no variants; its region has.
            let is_plain = params.endpoint.is_none() && !params.use_fips && !params.use_dual_stack;
            params.region = Some(if is_plain { GLOBAL } else { "us-east-1" });
        }
        let endpoint = service.endpoints.resolve(&params).map_err(|error| error.to_string())?;
        issuer::connect(setup, service, &settings, endpoint, source)
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

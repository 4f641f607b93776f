//! The role of an instance, and its region, from the instance's metadata (`IMDSv2`).

mod session;

use std::{net::IpAddr, sync::Arc, time::Duration};

use http::uri::Scheme;

use self::session::Session;
use super::super::{
    CachedCredentials, Credentials, CredentialsError, Setup,
    credentials_json::METADATA,
    io::{Io, Source as _, source},
    policy::{Attempts, INSTANCE, Policy},
    provide, response,
};
use crate::{
    BoxFuture,
    context::Context,
    driver::Driver,
    endpoint::{check_region, check_url},
    settings::{SettingsError, attempts, is_on},
    transport::Response,
    wire::{bare, is_loopback},
};

/// Credentials of an EC2 instance's role, from instance metadata. Cached until shortly before they expire.
///
/// Expired credentials are used while there are no newer ones: AWS may have extended them, and the service decides.
#[derive(Debug)]
pub struct InstanceCredentials(CachedCredentials);

impl InstanceCredentials {
    /// Asks this metadata whenever credentials are needed.
    pub fn new(metadata: InstanceMetadata) -> Self {
        Self(CachedCredentials::of(INSTANCE, metadata.setup.clone(), metadata))
    }
}

provide!(InstanceCredentials, |source, driver| source.0.ask(driver));

/// Metadata of this EC2 instance, by version 2 of the metadata service.
///
/// Version 1 is never used: any program that can be made to fetch a URL discloses it.
///
/// - Disabled if `AWS_EC2_METADATA_DISABLED` is true.
/// - At `AWS_EC2_METADATA_SERVICE_ENDPOINT`, or the profile's `ec2_metadata_service_endpoint`, instead of
///   `http://169.254.169.254`; or at `http://[fd00:ec2::254]` if `AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE`, or the
///   profile's `ec2_metadata_service_endpoint_mode`, is `IPv6`.
/// - Within the seconds that `AWS_METADATA_SERVICE_TIMEOUT` or the profile's `metadata_service_timeout` allows one
///   request, and as often as `AWS_METADATA_SERVICE_NUM_ATTEMPTS` or the profile's `metadata_service_num_attempts`
///   says: 1 and 3 unless set.
/// - Through no proxy.
#[derive(Clone, Debug)]
pub struct InstanceMetadata {
    setup: Setup,
    timeout: Option<Duration>,
}

const SOURCE: &str = INSTANCE.source;
const ROLES: &str = "/latest/meta-data/iam/security-credentials/";

impl InstanceMetadata {
    /// Instance metadata with the settings of this machine's environment and of a profile.
    ///
    /// Without a name, the profile is the one in `AWS_PROFILE`, or `default`.
    pub fn new(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self::of(Setup::new(context, profile))
    }

    pub(super) fn of(setup: Setup) -> Self {
        Self { setup, timeout: None }
    }

    /// The time limit of each request. All requests for one result may take three times as long.
    ///
    /// Default: `AWS_METADATA_SERVICE_TIMEOUT` or the profile's `metadata_service_timeout`, else 1 s. With more than three
    /// attempts, all requests may take the limit times the number of attempts.
    #[must_use]
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.timeout = Some(timeout);
        self
    }

    /// The region that the instance is in, for [`ClientBuilder::region`](crate::ClientBuilder::region).
    ///
    /// # Errors
    /// [`CredentialsError`] if there is no metadata, or the request for it fails.
    pub async fn region(&self) -> Result<String, CredentialsError> {
        self.region_by(Driver::of_thread()).await
    }

    /// The region, without async code.
    ///
    /// # Errors
    /// The errors of [`region`](Self::region).
    #[cfg(feature = "blocking-driver")]
    pub fn region_blocking(&self) -> Result<String, CredentialsError> {
        // Requests have their own timeout, and block.
        let region = crate::driver::blocking::block_on(
            self.region_by(Driver::Blocking { until: None }),
            Duration::MAX,
        );
        region.unwrap_or_else(|| Err(fail("no response".to_owned())))
    }

    async fn region_by(&self, driver: Driver) -> Result<String, CredentialsError> {
        let io = Io::new(&self.setup, driver);
        self.insist(io, move |attempts| Box::pin(self.attempt_region(io, attempts))).await
    }

    async fn insist<'a, T>(
        &self,
        io: Io<'_>,
        attempt: impl Fn(Attempts) -> BoxFuture<'a, Result<T, CredentialsError>> + Send,
    ) -> Result<T, CredentialsError> {
        const DISABLED: &str = "AWS_EC2_METADATA_DISABLED";
        if is_on(&*self.setup.context, DISABLED).map_err(|error| fail(error.to_string()))? {
            return Err(CredentialsError::absent(SOURCE, format!("{DISABLED} is true")));
        }
        let policy = self.policy().map_err(|error| fail(error.to_string()))?;
        io.insist(policy, attempt).await
    }

    fn policy(&self) -> Result<Policy, SettingsError> {
        const TIMEOUT: &str = "AWS_METADATA_SERVICE_TIMEOUT";
        const ATTEMPTS: &str = "AWS_METADATA_SERVICE_NUM_ATTEMPTS";
        let settings = self.setup.sources()?;
        let attempt = settings.find(self.timeout, &[TIMEOUT], "metadata_service_timeout", |text| {
            attempts(text).map(|seconds| Duration::from_secs(seconds.get().into()))
        })?;
        let attempts = settings.find(None, &[ATTEMPTS], "metadata_service_num_attempts", attempts)?;
        Ok(Policy {
            attempt: attempt.map_or(INSTANCE.attempt, |attempt| attempt.value),
            attempts: attempts.map_or(INSTANCE.attempts, |attempts| attempts.value.get()),
            ..INSTANCE
        })
    }

    async fn attempt_region(&self, io: Io<'_>, attempts: Attempts) -> Result<String, CredentialsError> {
        let session = self.session(io, attempts).await?;
        let region = session.get("/latest/meta-data/placement/region").await?;
        let region = text(&region)?;
        check_region(&region).map_err(|error| fail(error.to_string()))?;
        Ok(region)
    }

    async fn attempt_credentials(
        &self,
        io: Io<'_>,
        attempts: Attempts,
    ) -> Result<Credentials, CredentialsError> {
        let session = self.session(io, attempts).await?;
        let roles = session.get(ROLES).await?;
        let role = text(&roles)?;
        let response = session.get(&format!("{ROLES}{role}")).await?;
        let json = response::json(SOURCE, &response)?;
        let text = |name| json.get(name).and_then(|value| value.as_str());
        if let Some(code) = text("Code").filter(|code| *code != "Success") {
            let message = text("Message").unwrap_or_default();
            return Err(fail(format!("role `{role}`: {code}: {message}")));
        }
        METADATA.read(SOURCE, &json)
    }

    async fn session<'a>(&self, io: Io<'a>, attempts: Attempts) -> Result<Session<'a>, CredentialsError> {
        let base = self.base().map_err(|error| fail(error.to_string()))?;
        Session::begin(io, attempts, base).await
    }

    fn base(&self) -> Result<String, SettingsError> {
        const ENDPOINT: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT";
        const MODE: &str = "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE";
        let settings = self.setup.sources()?;
        if let Some(url) = settings.find(None, &[ENDPOINT], "ec2_metadata_service_endpoint", endpoint)? {
            return Ok(url.value);
        }
        let url = settings.find(None, &[MODE], "ec2_metadata_service_endpoint_mode", endpoint_of_mode)?;
        Ok(url.map_or(IPV4, |url| url.value).to_owned())
    }
}

provide!(InstanceMetadata, |metadata, driver| metadata.ask(Io::new(&metadata.setup, driver)));

source!(InstanceMetadata, |metadata, io| metadata
    .insist(io, move |attempts| Box::pin(metadata.attempt_credentials(io, attempts))));

/// The name in a response.
pub(in super::super) fn text(response: &Response) -> Result<String, CredentialsError> {
    let line = str::from_utf8(response.body()).ok().and_then(|text| text.lines().next()).map(str::trim);
    match line.filter(|line| is_name(line)) {
        Some(line) => Ok(line.to_owned()),
        None if line.is_none_or(str::is_empty) => {
            Err(fail("the response is empty".to_owned()).transient_if(true))
        }
        None => Err(fail("the response is not a name".to_owned())),
    }
}

/// Whether a text has only characters of names of roles and regions.
pub(in super::super) fn is_name(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"+=,.@_-".contains(&byte);
    !text.is_empty() && text.bytes().all(fits)
}

const IPV4: &str = "http://169.254.169.254";

fn endpoint_of_mode(mode: &str) -> Result<&'static str, String> {
    match mode {
        mode if mode.eq_ignore_ascii_case("IPv4") => Ok(IPV4),
        mode if mode.eq_ignore_ascii_case("IPv6") => Ok("http://[fd00:ec2::254]"),
        mode => Err(format!("`{}`: neither IPv4 nor IPv6", mode.escape_debug())),
    }
}

/// The base of URLs, to which a path is added.
fn endpoint(url: &str) -> Result<String, String> {
    let uri = check_url(url).map_err(|error| error.to_string())?;
    match uri.host() {
        Some(host) if uri.scheme() == Some(&Scheme::HTTP) && !is_metadata_host(host) => Err(format!(
            "points to {}, where anyone may listen; use https://, or http:// to this machine or a link-local address",
            host.escape_debug()
        )),
        _ => Ok(url.trim_end_matches('/').to_owned()),
    }
}

/// This machine, and the networks of link-local addresses.
fn is_metadata_host(host: &str) -> bool {
    let host = bare(host);
    is_loopback(host)
        || match host.parse() {
            Ok(IpAddr::V4(address)) => address.is_link_local(),
            Ok(IpAddr::V6(address)) => {
                address.is_unicast_link_local() || address.segments().starts_with(&[0xfd00, 0x0ec2])
            }
            Err(_) => false,
        }
}

fn fail(problem: String) -> CredentialsError {
    CredentialsError::new(SOURCE, problem)
}

//! The role of an instance, and its region, from the instance's metadata (`IMDSv2`).

use std::{net::IpAddr, sync::Arc, time::Duration};

use http::{HeaderName, HeaderValue, Method, StatusCode, Uri};

use super::super::{
    CachedCredentials, Credentials, CredentialsError, Setup,
    credentials_json::METADATA,
    io::{Io, SendError, Source as _, source},
    policy::{Attempts, INSTANCE, Policy},
    provide, response,
    setup::Way,
};
use crate::{
    BoxFuture,
    context::Context,
    driver::Driver,
    endpoint::shown,
    settings::{SettingsError, attempts, is_on},
    text::with_causes,
    transport::{Reached, Request, Response, TransportError, TransportErrorKind},
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
const TOKEN: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token");
const TOKEN_SECONDS: HeaderName = HeaderName::from_static("x-aws-ec2-metadata-token-ttl-seconds");

impl InstanceMetadata {
    /// Settings come from this machine's environment and shared files: this profile's, or, without a name, those of the
    /// one that `AWS_PROFILE` names, or `default`.
    pub fn new(context: Arc<dyn Context>, profile: Option<String>) -> Self {
        Self::of(Setup::new(context, profile))
    }

    pub(super) fn of(setup: Setup) -> Self {
        Self { setup, timeout: None }
    }

    /// Bounds each request, and by three times as much all that are sent for one result: else
    /// `AWS_METADATA_SERVICE_TIMEOUT` or the profile's `metadata_service_timeout`, else 1 s. With more than three
    /// attempts each adds as much.
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
        let region = crate::driver::blocking::block_on(self.region_by(Driver::Blocking), Duration::MAX);
        region.unwrap_or_else(|| Err(fail("no response".to_owned())))
    }

    async fn region_by(&self, driver: Driver) -> Result<String, CredentialsError> {
        let io = Io { setup: &self.setup, driver };
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
        crate::endpoint::check_region(&region).map_err(|error| fail(error.to_string()))?;
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

    /// A token, which every request needs.
    async fn session<'a>(&self, io: Io<'a>, attempts: Attempts) -> Result<Session<'a>, CredentialsError> {
        let mut session = Session {
            io,
            attempts,
            base: self.base().map_err(|error| fail(error.to_string()))?,
            header: (TOKEN_SECONDS, HeaderValue::from_static("21600")),
        };
        let response = session.send(Method::PUT, "/latest/api/token").await?;
        let problem = match response.status() {
            StatusCode::OK => {
                let token = response.body().trim_ascii();
                if token.is_empty() {
                    return Err(fail("its token is empty".to_owned()).transient_if(true));
                }
                let mut token = HeaderValue::from_bytes(token)
                    .map_err(|_| fail("the token has characters that a header cannot hold".to_owned()))?;
                token.set_sensitive(true);
                session.header = (TOKEN, token);
                return Ok(session);
            }
            StatusCode::FORBIDDEN => "status 403: metadata is disabled for this instance",
            StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => {
                "it does not support tokens (IMDSv2), which the client requires; update the metadata server"
            }
            _ => return Err(response::refused(SOURCE, &response)),
        };
        Err(fail(problem.to_owned()))
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

provide!(InstanceMetadata, |metadata, driver| metadata.ask(Io { setup: &metadata.setup, driver }));

source!(InstanceMetadata, |metadata, io| metadata
    .insist(io, move |attempts| Box::pin(metadata.attempt_credentials(io, attempts))));

struct Session<'a> {
    io: Io<'a>,
    attempts: Attempts,
    base: String,
    header: (HeaderName, HeaderValue),
}

impl Session<'_> {
    async fn get(&self, path: &str) -> Result<Response, CredentialsError> {
        let response = self.send(Method::GET, path).await?;
        match response.status() {
            StatusCode::OK => Ok(response),
            StatusCode::NOT_FOUND if path == ROLES => {
                Err(CredentialsError::absent(SOURCE, "the instance has no role; attach an instance profile"))
            }
            // The token has expired; the next attempt gets another.
            StatusCode::UNAUTHORIZED => Err(response::refused(SOURCE, &response).transient_if(true)),
            _ => Err(response::refused(SOURCE, &response)),
        }
    }

    async fn send(&self, method: Method, path: &str) -> Result<Response, CredentialsError> {
        let url = format!("{}{path}", self.base);
        let mut request = Request::default();
        *request.uri_mut() = url.parse().map_err(|_| fail(format!("{} is not a valid URL", shown(&url))))?;
        *request.method_mut() = method;
        let (name, value) = self.header.clone();
        let is_token = name == TOKEN_SECONDS;
        request.headers_mut().insert(name, value);

        let sent = self.io.send(request, Way::Metadata, self.attempts).await;
        sent.map_err(|error| {
            let meant = match &error {
                SendError::Transport(error) if is_token => without_token(error),
                _ => None,
            };
            meant.unwrap_or_else(|| error.of(SOURCE))
        })
    }
}

/// The error if no token was received.
fn without_token(error: &TransportError) -> Option<CredentialsError> {
    match (error.kind(), error.reached()) {
        (TransportErrorKind::Connect | TransportErrorKind::Dns, _)
        | (TransportErrorKind::AttemptTimeout, Reached::NotSent) => {
            let problem =
                format!("{}; this is not an EC2 instance, or its metadata is disabled", with_causes(error));
            // If there was metadata before, it may come back.
            Some(CredentialsError::absent(SOURCE, problem).transient_if(true))
        }
        (TransportErrorKind::AttemptTimeout, _) => Some(fail(format!(
            "{}; in a container, the hop limit is too low: `aws ec2 modify-instance-metadata-options \
             --http-put-response-hop-limit 2` on the instance lets responses reach it",
            with_causes(error)
        ))),
        _ => None,
    }
}

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
    let base = url.trim_end_matches('/');
    let uri: Option<Uri> = base.parse().ok();
    let host = uri.as_ref().and_then(Uri::host);
    match (uri.as_ref().and_then(Uri::scheme_str), host) {
        (Some("http"), Some(host)) if !is_metadata_host(host) => Err(format!(
            "points to {}, where anyone may listen; use https://, or http:// to this machine or a link-local address",
            host.escape_debug()
        )),
        (Some("http" | "https"), Some(_)) => Ok(base.to_owned()),
        _ => Err("neither an http:// nor an https:// URL".to_owned()),
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_that_does_not_arrive_means_hops_and_silence_means_no_instance() {
        use TransportErrorKind::{AttemptTimeout, Closed, Connect, Dns};
        for (kind, reached, expected) in [
            (Connect, Reached::NotSent, Some(true)),
            (Dns, Reached::NotSent, Some(true)),
            (AttemptTimeout, Reached::NotSent, Some(true)),
            (AttemptTimeout, Reached::MaybeSent, Some(false)),
            (Closed, Reached::MaybeSent, None),
        ] {
            let error = without_token(&TransportError::new(kind, "169.254.169.254:80", reached));
            assert_eq!(error.as_ref().map(CredentialsError::is_absent), expected, "{kind:?} {reached:?}");
            let mentions_hops = error.is_some_and(|error| error.to_string().contains("hop-limit"));
            assert_eq!(mentions_hops, expected == Some(false), "{kind:?} {reached:?}");
        }
    }
}

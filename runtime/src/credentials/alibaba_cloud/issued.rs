//! Credentials that instance metadata or a URL issues.

use std::{fmt, sync::Arc};

use http::{HeaderName, HeaderValue, Method, StatusCode, Uri};
use serde_json::Value;

use super::super::{
    CachedCredentials, Credentials, CredentialsError, ProvideCredentials, Setup,
    io::{Io, SendError, source},
    metadata::{is_name, role_name},
    policy::{Attempts, CREDENTIALS_URI, INSTANCE},
    provide, response,
    setup::Way,
};
use super::ISSUED;
use crate::{
    context::Context,
    mask::MASK,
    profile::variable_of,
    settings::is_on,
    text::with_causes,
    transport::{Reached, Request, Response, TransportErrorKind},
    wire::{bare, is_loopback},
};

/// The role of the instance with this name, if one is given.
pub(super) fn instance(setup: &Setup, role: Option<String>) -> Arc<dyn ProvideCredentials> {
    Arc::new(AlibabaCloudInstanceCredentials::of(setup.clone(), role))
}

/// The program at this URL, if one is given.
pub(super) fn uri(setup: &Setup, url: Option<String>) -> Arc<dyn ProvideCredentials> {
    Arc::new(AlibabaCloudUriCredentials::of(setup.clone(), url))
}

/// Credentials of the RAM role of an ECS instance, from its metadata. Cached until shortly before they expire.
///
/// - Requests have a token, as version 2 of the metadata service requires. If it issues none, version 1 is used, as in
///   the vendor's SDKs, unless `ALIBABA_CLOUD_IMDSV1_DISABLED` is true.
/// - Disabled if `ALIBABA_CLOUD_ECS_METADATA_DISABLED` is true.
/// - Expired credentials are used while there are no newer ones; the service decides.
#[derive(Debug)]
pub struct AlibabaCloudInstanceCredentials(CachedCredentials);

impl AlibabaCloudInstanceCredentials {
    /// Credentials of the role with this name. Without a name: of the role in `ALIBABA_CLOUD_ECS_METADATA`, else of the
    /// instance's role.
    pub fn new(context: Arc<dyn Context>, role: Option<String>) -> Self {
        Self::of(Setup::alibaba_cloud(context, None), role)
    }

    fn of(setup: Setup, role: Option<String>) -> Self {
        Self(CachedCredentials::of(INSTANCE, setup, Instance { role }))
    }
}

provide!(AlibabaCloudInstanceCredentials, |source, driver| source.0.ask(driver));

/// Credentials of the program at the URL in `ALIBABA_CLOUD_CREDENTIALS_URI`. Cached until shortly before they expire.
///
/// `http://` is permitted only to this machine.
#[derive(Debug)]
pub struct AlibabaCloudUriCredentials(CachedCredentials);

impl AlibabaCloudUriCredentials {
    /// Reads the variable whenever credentials are needed.
    pub fn new(context: Arc<dyn Context>) -> Self {
        Self::of(Setup::alibaba_cloud(context, None), None)
    }

    fn of(setup: Setup, url: Option<String>) -> Self {
        Self(CachedCredentials::of(CREDENTIALS_URI, setup, AtUri { url }))
    }
}

provide!(AlibabaCloudUriCredentials, |source, driver| source.0.ask(driver));

/// Credentials, unless the document states another code than success.
fn read(source: &str, response: &Response) -> Result<Credentials, CredentialsError> {
    let json = response::json(source, response)?;
    match json.get("Code").and_then(Value::as_str) {
        None | Some("Success") => ISSUED.read(source, &json),
        Some(code) => Err(CredentialsError::new(source, format!("its code is `{}`", code.escape_debug()))),
    }
}

const ECS: &str = INSTANCE.source;
const ROLES: &str = "/latest/meta-data/ram/security-credentials/";
const TOKEN: HeaderName = HeaderName::from_static("x-aliyun-ecs-metadata-token");
const TOKEN_SECONDS: HeaderName = HeaderName::from_static("x-aliyun-ecs-metadata-token-ttl-seconds");

#[derive(Debug)]
struct Instance {
    role: Option<String>,
}

impl Instance {
    async fn attempt(&self, io: Io<'_>, attempts: Attempts) -> Result<Credentials, CredentialsError> {
        let context = &*io.setup.context;
        let is_on = |name| is_on(context, name).map_err(|error| fail(error.to_string()));
        if is_on("ALIBABA_CLOUD_ECS_METADATA_DISABLED")? {
            return Err(CredentialsError::absent(ECS, "ALIBABA_CLOUD_ECS_METADATA_DISABLED is true"));
        }
        let tokens_only = is_on("ALIBABA_CLOUD_IMDSV1_DISABLED")?;
        let mut session = Session { io, attempts, tokens_only, token: None };
        session.begin().await?;
        let role = match self.role.clone().or_else(|| variable_of(context, "ALIBABA_CLOUD_ECS_METADATA")) {
            Some(role) if is_name(&role) => role,
            Some(role) => return Err(fail(format!("`{}` is not a valid role name", role.escape_debug()))),
            None => role_name(&session.get(ROLES).await?)?,
        };
        read(ECS, &session.get(&format!("{ROLES}{role}")).await?)
    }
}

source!(Instance, |instance, io| io
    .insist(INSTANCE, move |attempts| Box::pin(instance.attempt(io, attempts))));

struct Session<'a> {
    io: Io<'a>,
    attempts: Attempts,
    /// Whether requests without a token are not permitted.
    tokens_only: bool,
    token: Option<HeaderValue>,
}

impl Session<'_> {
    /// Requests a token.
    async fn begin(&mut self) -> Result<(), CredentialsError> {
        let seconds = (TOKEN_SECONDS, HeaderValue::from_static("21600"));
        let failed = match self.send(Method::PUT, "/latest/api/token", Some(seconds)).await {
            Ok(response) if response.status() == StatusCode::OK => {
                let token = HeaderValue::from_bytes(response.body().trim_ascii()).ok();
                self.token = token.filter(|token| !token.is_empty());
                if let Some(token) = &mut self.token {
                    token.set_sensitive(true);
                    return Ok(());
                }
                fail("its token is empty or has characters that a header cannot hold".to_owned())
            }
            Ok(response) => response::refused(ECS, &response),
            Err(error) => absent(&error).map_or_else(|| Ok(error.of(ECS)), Err)?,
        };
        if self.tokens_only { Err(failed) } else { Ok(()) }
    }

    /// A document, by version 1 if the service does not accept the token.
    async fn get(&mut self, path: &str) -> Result<Response, CredentialsError> {
        loop {
            let token = self.token.clone().map(|token| (TOKEN, token));
            let sent = self.send(Method::GET, path, token).await;
            let response = sent.map_err(|error| absent(&error).unwrap_or_else(|| error.of(ECS)))?;
            match response.status() {
                StatusCode::OK => return Ok(response),
                _ if !self.tokens_only && self.token.take().is_some() => {}
                StatusCode::NOT_FOUND if path == ROLES => {
                    return Err(CredentialsError::absent(ECS, "the instance has no RAM role"));
                }
                _ => return Err(response::refused(ECS, &response)),
            }
        }
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        header: Option<(HeaderName, HeaderValue)>,
    ) -> Result<Response, SendError> {
        let mut request = Request::default();
        let uri = format!("http://100.100.100.200{path}");
        *request.uri_mut() = uri.parse().expect("the characters of names are checked");
        *request.method_mut() = method;
        request.headers_mut().extend(header);
        self.io.send(request, Way::Metadata, self.attempts).await
    }
}

/// The error if this machine is not an instance.
fn absent(error: &SendError) -> Option<CredentialsError> {
    let SendError::Transport(error) = error else { return None };
    let is_unreachable = match error.kind() {
        TransportErrorKind::Connect | TransportErrorKind::Dns => true,
        TransportErrorKind::AttemptTimeout => error.reached() == Reached::NotSent,
        _ => false,
    };
    let problem = format!("{}; this is not an ECS instance, or its metadata is disabled", with_causes(error));
    // If there was metadata before, it may come back.
    is_unreachable.then(|| CredentialsError::absent(ECS, problem).transient_if(true))
}

fn fail(problem: String) -> CredentialsError {
    CredentialsError::new(ECS, problem)
}

const AT_URI: &str = CREDENTIALS_URI.source;
const VARIABLE: &str = "ALIBABA_CLOUD_CREDENTIALS_URI";

struct AtUri {
    /// The profile's URL, which may contain a token.
    url: Option<String>,
}

impl AtUri {
    async fn attempt(&self, io: Io<'_>, attempts: Attempts) -> Result<Credentials, CredentialsError> {
        let mut request = Request::default();
        *request.uri_mut() = self.uri(&*io.setup.context)?;
        let response = io.ask(AT_URI, request, Way::Configured, attempts).await?;
        if response.status() != StatusCode::OK {
            return Err(response::refused(AT_URI, &response));
        }
        read(AT_URI, &response)
    }

    fn uri(&self, context: &dyn Context) -> Result<Uri, CredentialsError> {
        let own = self.url.clone().map(|url| ("credentials_uri", url));
        let found = own.or_else(|| Some((VARIABLE, variable_of(context, VARIABLE)?)));
        let Some((name, url)) = found else {
            return Err(CredentialsError::absent(AT_URI, format!("{VARIABLE} is not set")));
        };
        let uri = url.parse().ok().filter(|uri: &Uri| uri.host().is_some());
        let problem = match uri.as_ref().and_then(|uri| Some((uri.scheme_str()?, uri.host()?))) {
            Some(("http", host)) if !is_loopback(bare(host)) => format!(
                "{name} points to {}, which everyone on the way could read; use https://, or http:// to this machine",
                host.escape_debug()
            ),
            Some(("http" | "https", _)) => return Ok(uri.unwrap_or_default()),
            _ => format!("{name} is not an http:// or https:// URL"),
        };
        Err(CredentialsError::new(AT_URI, problem))
    }
}

source!(AtUri, |uri, io| io.insist(CREDENTIALS_URI, move |attempts| Box::pin(uri.attempt(io, attempts))));

impl fmt::Debug for AtUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AtUri").field("url", &self.url.as_ref().map(|_| MASK)).finish()
    }
}

//! Roles of containers: tasks (ECS), pods (EKS), and substitutes of their endpoint.

use std::{net::IpAddr, sync::Arc};

use http::{HeaderValue, Uri, header};

use super::super::{
    CachedCredentials, Credentials, CredentialsError, Setup,
    credentials_json::METADATA,
    io::{Io, source},
    policy::{Attempts, CONTAINER},
    provide, response,
    setup::Way,
    token_file,
};
use crate::{
    Secret,
    context::Context,
    profile::variable_of,
    transport::Request,
    wire::{bare, is_loopback},
};

/// Credentials of a container's role, from an endpoint of its host. Cached until shortly before they expire.
///
/// `AWS_CONTAINER_CREDENTIALS_RELATIVE_URI` or `AWS_CONTAINER_CREDENTIALS_FULL_URI` names the endpoint, and
/// `AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE` or `AWS_CONTAINER_AUTHORIZATION_TOKEN` has its token. Expired credentials are used
/// while the endpoint fails transiently.
///
/// `http://` is permitted only to this machine and the link-local addresses of container services, without a proxy.
#[derive(Debug)]
pub struct ContainerCredentials(CachedCredentials);

impl ContainerCredentials {
    /// Reads variables and the token's file whenever credentials are needed.
    pub fn new(context: Arc<dyn Context>) -> Self {
        Self::of(Setup::new(context, None))
    }

    pub(super) fn of(setup: Setup) -> Self {
        Self(CachedCredentials::of(CONTAINER, setup, Container))
    }
}

provide!(ContainerCredentials, |source, driver| source.0.ask(driver));

const SOURCE: &str = CONTAINER.source;
const RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
const FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
const TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

#[derive(Debug)]
struct Container;

impl Container {
    async fn attempt(io: Io<'_>, attempts: Attempts) -> Result<Credentials, CredentialsError> {
        let context = &*io.setup.context;
        let mut request = Request::default();
        *request.uri_mut() = Self::uri(context)?;
        request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
        if let Some(token) = Self::token(context)? {
            request.headers_mut().insert(header::AUTHORIZATION, token);
        }
        let response = io.ask(SOURCE, request, Way::Metadata, attempts).await?;
        if response.status() != 200 {
            return Err(response::refused(SOURCE, &response));
        }
        METADATA.read(SOURCE, &response::json(SOURCE, &response)?)
    }

    fn uri(context: &dyn Context) -> Result<Uri, CredentialsError> {
        let variable = |name| Some((name, variable_of(context, name)?));
        let (name, url) = match (variable(RELATIVE_URI), variable(FULL_URI)) {
            (Some((name, path)), _) if path.starts_with('/') => (name, format!("http://169.254.170.2{path}")),
            (Some((name, _)), _) => return Err(fail(format!("{name} does not begin with `/`"))),
            (None, Some(full)) => full,
            (None, None) => {
                let problem = format!("neither {RELATIVE_URI} nor {FULL_URI} is set");
                return Err(CredentialsError::absent(SOURCE, problem));
            }
        };
        let uri: Uri = url.parse().map_err(|_| fail(format!("{name} is not a valid URL")))?;
        match (uri.scheme_str(), uri.host()) {
            (Some("https"), Some(_)) => Ok(uri),
            (Some("http"), Some(host)) if is_metadata_host(host) => Ok(uri),
            (Some("http"), Some(host)) => Err(fail(format!(
                "{name} points to {}, where anyone may listen; use https://, or http:// to this machine, 169.254.170.2, \
                 169.254.170.23 or [fd00:ec2::23]",
                host.escape_debug()
            ))),
            _ => Err(fail(format!("{name} is neither an http:// nor an https:// URL"))),
        }
    }

    fn token(context: &dyn Context) -> Result<Option<HeaderValue>, CredentialsError> {
        let (name, token) = match variable_of(context, TOKEN_FILE) {
            Some(path) => {
                let token = token_file::read(context, &path);
                (TOKEN_FILE, token.map_err(|problem| fail(format!("{TOKEN_FILE}: {problem}")))?)
            }
            None => match variable_of(context, TOKEN) {
                Some(token) => (TOKEN, Secret::new(token)),
                None => return Ok(None),
            },
        };
        let mut token = HeaderValue::from_bytes(token.expose().as_bytes())
            .map_err(|_| fail(format!("{name} has characters that a token cannot have")))?;
        token.set_sensitive(true);
        Ok(Some(token))
    }
}

source!(Container, |_container, io| io
    .insist(CONTAINER, move |attempts| Box::pin(Container::attempt(io, attempts))));

/// The hosts of containers' endpoints, and this machine.
fn is_metadata_host(host: &str) -> bool {
    const CONTAINERS: [&str; 3] = ["169.254.170.2", "169.254.170.23", "fd00:ec2::23"];
    let host = bare(host);
    let is_known = |address: IpAddr| CONTAINERS.iter().any(|known| known.parse() == Ok(address));
    is_loopback(host) || host.parse().is_ok_and(is_known)
}

fn fail(problem: String) -> CredentialsError {
    CredentialsError::new(SOURCE, problem)
}

//! The API that a client calls: where requests are sent, and how they are signed.

mod error;

use http::{
    HeaderMap, HeaderName, HeaderValue, Uri,
    header::HOST,
    uri::{Authority, Scheme},
};

pub use self::error::TargetError;
use super::BuildError;
use crate::{
    ServiceInfo,
    endpoint::{check_region, check_url, path},
    exchange::Route,
    hosts::{HostForm, KnownHost},
    settings::ExplicitSettings,
    sign::Auth,
};

const X_API_KEY: HeaderName = HeaderName::from_static("x-api-key");

/// The builder's settings of an API.
#[derive(Clone, Default)]
pub(crate) struct Target {
    pub(crate) url: Option<String>,
    pub(crate) api_id: Option<String>,
    pub(crate) stage: Option<String>,
    pub(crate) vpc_endpoint: Option<String>,
    pub(crate) host: Option<String>,
    pub(crate) through: Option<String>,
    pub(crate) api_key: Option<String>,
}

/// The results for calls, in addition to settings.
#[derive(Debug, Default)]
pub(crate) struct Aim {
    /// Headers of every call.
    pub(crate) headers: HeaderMap,
    pub(crate) route: Route,
}

impl Target {
    /// Sets endpoint URL, region and kind of signature. Without an API nothing is set, and the endpoint rules decide.
    pub(crate) fn aim(
        &self,
        service: &ServiceInfo,
        explicit: &mut ExplicitSettings,
        auth: &mut Option<Auth>,
    ) -> Result<Aim, BuildError> {
        let mut aim = Aim::default();
        if cfg!(not(feature = "raw-http")) {
            return Ok(aim);
        }
        let url = match (&self.url, &self.api_id) {
            (Some(url), _) => self.given(url, &mut aim.route)?,
            (None, Some(id)) => self.made(id, service, explicit.region.as_deref())?,
            // An endpoint URL that was given instead is the API's URL, too.
            (None, None) => match explicit.endpoint_url.take_if(|_| !service.hosts.forms.is_empty()) {
                Some(url) => self.given(&url, &mut aim.route)?,
                None => return Ok(aim),
            },
        };
        if explicit.endpoint_url.is_some() {
            let problem = "cannot be combined with an API; set another URL of the API, or `through`";
            return Err(TargetError::Part { part: "endpoint URL", problem }.into());
        }
        let address = url.host().unwrap_or_default();
        let known = |host| service.hosts.recognize(host, service.endpoints.partitions);
        let form = callable(known(address), address)?;
        if form.is_some() && url.scheme() != Some(&Scheme::HTTPS) {
            return Err(TargetError::Https { host: address.to_owned() }.into());
        }
        let names_api = form.as_ref().is_some_and(|known| known.form.names_api());
        let own_host = self.own_host(address, names_api)?;
        let own_name = own_host.as_ref().map(Authority::host);
        let own_form = own_name.map_or(Ok(None), |host| callable(known(host), host))?;

        if let Some(id) = &self.api_id {
            let named = [&form, &own_form].into_iter().flatten().find_map(|known| known.part("api"));
            match (named, service.hosts.api_header) {
                (Some(named), _) if named == id => {}
                (None, Some(header)) => {
                    aim.headers.insert(HeaderName::from_static(header), value("API id", id)?);
                }
                _ => {
                    // Other texts may be a URL with a password.
                    let id = word("API id", id)?.to_owned();
                    return Err(TargetError::OtherApi { host: address.to_owned(), id }.into());
                }
            }
        } else if form.is_some() && !names_api && own_host.is_none() {
            return Err(TargetError::NoApi { host: address.to_owned() }.into());
        }
        if let Some(host) = &own_host {
            aim.headers.insert(HOST, value("host", host.as_str())?);
        }
        if let Some(key) = &self.api_key {
            let mut key = value("API key", key)?;
            key.set_sensitive(true);
            aim.headers.insert(X_API_KEY, key);
        }
        if let Some(through) = &self.through {
            aim.route.through = Some(check_url(through)?);
        }
        explicit.region = Some(region(address, [&form, &own_form], explicit.region.as_deref())?);
        let signing_name = own_form.or(form).and_then(|known| known.form.signing_name);
        *auth = auth.or(signing_name.map(Auth::sigv4));
        explicit.endpoint_url = Some(url.to_string());
        Ok(aim)
    }

    /// The given URL, with its host in lower case and the stage appended.
    fn given(&self, url: &str, route: &mut Route) -> Result<Uri, BuildError> {
        if self.vpc_endpoint.is_some() {
            return Err(TargetError::Part {
                part: "VPC endpoint",
                problem: "requires the id of an API; a URL already contains the API's location",
            }
            .into());
        }
        let handshake = url.get(..6).filter(|scheme| scheme.eq_ignore_ascii_case("wss://")).and(url.get(6..));
        route.websocket = handshake.is_some();
        let url = check_url(&handshake.map_or_else(|| url.to_owned(), |rest| ["https://", rest].concat()))?;
        let base = url.path().trim_end_matches('/');
        if let Err(problem) = path::check(base) {
            return Err(TargetError::Part { part: "path of the URL", problem }.into());
        }
        let authority = url.authority().map_or("", Authority::as_str).to_ascii_lowercase();
        let scheme = url.scheme_str().unwrap_or_default();
        Ok(check_url(&[scheme, "://", &authority, base, &self.stage_path()?].concat())?)
    }

    /// The URL of an API, from its id.
    fn made(&self, id: &str, service: &ServiceInfo, region: Option<&str>) -> Result<Uri, BuildError> {
        let id = word("API id", id)?;
        let region = region.ok_or_else(|| TargetError::NoRegion { host: format!("API {id:?}") })?;
        check_region(region)?;
        let mut parts = vec![("api", id), ("Region", region)];
        if let Some(endpoint) = &self.vpc_endpoint {
            let id = endpoint.strip_prefix("vpce-").ok_or(TargetError::Part {
                part: "VPC endpoint",
                problem: "is not like vpce-01234567abcdef012",
            })?;
            parts.push(("endpoint", word("VPC endpoint", id)?));
        }
        let partition = service.endpoints.partition(region);
        parts.extend(partition.map(|partition| ("dnsSuffix", partition.dns_suffix)));
        let mut forms = service.hosts.forms.iter().filter(|form| form.refused.is_none());
        let host = forms.find_map(|form| form.fill(&parts));
        let host = host.ok_or(TargetError::Part {
            part: "API id",
            problem: "does not form a valid host name; set the API's URL",
        })?;
        Ok(check_url(&["https://", &host, &self.stage_path()?].concat())?)
    }

    /// The path of a stage, `/prod`; empty for the stage that is not part of paths.
    fn stage_path(&self) -> Result<String, TargetError> {
        match self.stage.as_deref() {
            None | Some("$default") => Ok(String::new()),
            Some(stage) => {
                let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-');
                if stage.is_empty() || !stage.bytes().all(fits) {
                    let problem = "has characters other than letters, digits, _ and -";
                    return Err(TargetError::Part { part: "stage", problem });
                }
                Ok(["/", stage].concat())
            }
        }
    }

    /// The host to send and sign instead of the URL's.
    fn own_host(&self, address: &str, names_api: bool) -> Result<Option<Authority>, BuildError> {
        let Some(host) = &self.host else { return Ok(None) };
        if names_api {
            return Err(TargetError::OtherHost { host: address.to_owned() }.into());
        }
        let url = check_url(&["https://", &host.to_ascii_lowercase()].concat())?;
        if url.path() != "/" {
            return Err(
                TargetError::Part { part: "host", problem: "has a path, which belongs to the URL" }.into()
            );
        }
        Ok(url.authority().cloned())
    }
}

/// Parses a host.
fn callable<'h>(known: Option<KnownHost<'h>>, host: &str) -> Result<Option<KnownHost<'h>>, TargetError> {
    match known {
        Some(KnownHost { form: HostForm { refused: Some(reason), .. }, .. }) => {
            Err(TargetError::NotCalled { host: host.to_owned(), reason })
        }
        known => Ok(known),
    }
}

/// The region of the API; all sources that name a region must agree.
fn region(
    host: &str,
    known: [&Option<KnownHost<'_>>; 2],
    explicit: Option<&str>,
) -> Result<String, TargetError> {
    let told = known.into_iter().flatten().filter_map(|known| known.part("Region"));
    let mut regions = told.chain(explicit);
    let region = regions.next().ok_or_else(|| TargetError::NoRegion { host: host.to_owned() })?;
    match regions.find(|other| *other != region) {
        Some(other) => Err(TargetError::OtherRegion {
            host: host.to_owned(),
            region: region.to_owned(),
            other: other.to_owned(),
        }),
        None => Ok(region.to_owned()),
    }
}

/// Checks a part of a host's label.
fn word<'a>(part: &'static str, text: &'a str) -> Result<&'a str, TargetError> {
    let fits = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    if text.is_empty() || !text.bytes().all(fits) {
        return Err(TargetError::Part {
            part,
            problem: "has characters other than lower-case letters and digits",
        });
    }
    Ok(text)
}

fn value(part: &'static str, text: &str) -> Result<HeaderValue, TargetError> {
    HeaderValue::try_from(text)
        .map_err(|_| TargetError::Part { part, problem: "has characters that a header cannot hold" })
}

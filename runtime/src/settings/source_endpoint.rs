//! Where sources of credentials call services.

use std::fmt;

use http::Uri;

use super::{
    Origin, Setting, SettingsError,
    sources::{boolean, endpoint_url, is_on, region, variable},
};
use crate::{
    context::Context,
    endpoint::shown,
    profile::alibaba_cloud::StoredProfile,
    wire::{bare, is_loopback},
};

/// A URL of the caller. `Debug` shows neither its password nor its query.
#[derive(Clone)]
pub(crate) struct OwnUrl(pub(crate) String);

impl fmt::Debug for OwnUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        shown(&self.0).fmt(f)
    }
}

/// Where a source of credentials of Alibaba Cloud calls a service. Its settings are its own: those of the client's service
/// do not apply.
#[derive(Clone, Debug, Default)]
pub(crate) struct SourceEndpoint {
    pub(crate) region: Option<String>,
    pub(crate) vpc: Option<bool>,
    pub(crate) endpoint_url: Option<OwnUrl>,
}

impl SourceEndpoint {
    /// The settings of a profile for the service with this id.
    pub(crate) fn of_profile(profile: &StoredProfile<'_>, id: &str) -> Result<Self, SettingsError> {
        let id = id.to_ascii_lowercase();
        let found = |key: String| {
            let value = profile.get(&key)?.to_owned();
            let (path, profile) = (profile.path.to_owned(), profile.name.to_owned());
            Some(Setting { value, origin: Origin::Json { path, profile, key } })
        };
        let region = found(format!("{id}_region")).map(|found| found.parse(region)).transpose()?;
        let vpc = found("enable_vpc".to_owned()).map(|found| found.parse(boolean)).transpose()?;
        let endpoint_url = found(format!("{id}_endpoint")).map(|found| found.parse(url)).transpose()?;
        Ok(Self {
            region: region.map(|found| found.value),
            vpc: vpc.map(|found| found.value),
            endpoint_url: endpoint_url.map(|found| OwnUrl(found.value)),
        })
    }

    /// The same, completed by the environment.
    pub(crate) fn complete(&self, context: &dyn Context, id: &str) -> Result<Self, SettingsError> {
        const VPC: &str = "ALIBABA_CLOUD_VPC_ENDPOINT_ENABLED";
        let id = id.to_ascii_uppercase();
        let find = |own: Option<String>, name: &str, check: fn(&str) -> Result<String, String>| {
            let own = own.map(Setting::explicit);
            let found = own.or_else(|| variable(context, &format!("ALIBABA_CLOUD_{id}_{name}")));
            let found = found.map(|found| found.parse(check)).transpose()?;
            Ok(found.map(|found| found.value))
        };
        let endpoint_url = find(self.endpoint_url.clone().map(|url| url.0), "ENDPOINT", url)?.map(OwnUrl);
        if endpoint_url.is_some() {
            return Ok(Self { endpoint_url, ..Self::default() });
        }
        let vpc = self.vpc.map_or_else(|| is_on(context, VPC), Ok)?;
        Ok(Self { region: find(self.region.clone(), "REGION", region)?, vpc: Some(vpc), endpoint_url })
    }
}

/// A URL, or a host to which requests go by `https://`.
fn url(text: &str) -> Result<String, String> {
    let url = if text.contains("://") { text.to_owned() } else { ["https://", text].concat() };
    let uri: Uri = endpoint_url(&url)?.parse().map_err(|_| "not a valid URL".to_owned())?;
    match (uri.scheme_str(), uri.host()) {
        (Some("http"), Some(host)) if !is_loopback(bare(host)) => {
            Err("`http://` is permitted only for this machine; use `https://`".to_owned())
        }
        _ => Ok(url),
    }
}

//! Resolution of endpoint rules and settings to a URL and a signing region.

use std::fmt;

use http::Uri;

use super::{Condition, EndpointError, EndpointRules, Outcome, Partition, url};
use crate::vendor::Vendor;

/// The caller's settings that endpoint rules depend on. `Debug` shows no password of a URL.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
#[expect(clippy::struct_excessive_bools, reason = "they are independent wishes")]
pub struct EndpointParams<'a> {
    /// Region; the old forms `fips-<region>` and `<region>-fips` require FIPS endpoints.
    pub region: Option<&'a str>,
    /// Endpoint URL that the caller set.
    pub endpoint: Option<&'a str>,
    /// Whether the caller requires FIPS endpoints.
    pub use_fips: bool,
    /// Whether the caller requires dual-stack endpoints.
    pub use_dual_stack: bool,
    /// Whether the caller requires endpoints within a virtual private cloud.
    pub use_vpc: bool,
    /// Whether the caller requires the endpoint that all regions share. Has no effect if the service has none.
    pub use_global: bool,
    /// The vendor whose settings these are, so that errors name the right settings.
    pub vendor: Vendor,
}

impl fmt::Debug for EndpointParams<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EndpointParams")
            .field("region", &self.region)
            .field("endpoint", &self.endpoint.map(url::shown))
            .field("use_fips", &self.use_fips)
            .field("use_dual_stack", &self.use_dual_stack)
            .field("use_vpc", &self.use_vpc)
            .field("use_global", &self.use_global)
            .finish_non_exhaustive()
    }
}

/// The URL that requests are sent to, and the region of their signatures.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Endpoint {
    /// Scheme, host, port and base path. The path has no trailing slash unless it is `/`.
    pub url: Uri,
    signing_region: Option<String>,
}

impl Endpoint {
    /// The region of the credential scope.
    ///
    /// # Errors
    /// [`EndpointError::NoSigningRegion`] if the caller set an endpoint URL without a region, which is enough only for
    /// unsigned requests.
    pub fn signing_region(&self) -> Result<&str, EndpointError> {
        self.signing_region
            .as_deref()
            .ok_or_else(|| EndpointError::NoSigningRegion { url: self.url.to_string() })
    }
}

impl EndpointRules {
    /// Applies the rules; the first matching rule decides.
    ///
    /// # Errors
    /// [`EndpointError`] if a rule refuses the settings, or if the region or endpoint URL is malformed.
    pub fn resolve(&self, params: &EndpointParams<'_>) -> Result<Endpoint, EndpointError> {
        let params = params.checked()?;
        let partition = params.region.and_then(|region| self.partition(region));

        let rule = self
            .rules
            .iter()
            .find(|rule| rule.when.iter().all(|condition| condition.holds(&params, partition)));
        let url = match rule.map_or(Outcome::Error("no endpoint rule applies"), |rule| rule.then) {
            Outcome::Custom => url::check_url(params.endpoint.unwrap_or_default())?,
            Outcome::Url(template) => fill(template, params.region, partition)?,
            Outcome::SignedFor(template, signing_region) => {
                let url = fill(template, params.region, partition)?;
                return Ok(Endpoint { url, signing_region: Some(signing_region.to_owned()) });
            }
            Outcome::Error(reason) => return Err(EndpointError::refused(reason, &params)),
        };
        Ok(Endpoint { url, signing_region: params.region.map(str::to_owned) })
    }

    /// Finds the partition of a region. It is the first that lists the region, else the first with a matching prefix,
    /// else the first of all; `None` if there are no partitions.
    pub fn partition(&self, region: &str) -> Option<&'static Partition> {
        let lists = |partition: &&Partition| partition.lists(region);
        let fits =
            |partition: &&Partition| partition.region_prefixes.iter().any(|prefix| fits(region, prefix));
        let partitions = self.partitions.iter();
        partitions.clone().find(lists).or_else(|| partitions.clone().find(fits)).or(self.partitions.first())
    }
}

impl<'a> EndpointParams<'a> {
    /// The settings with a plain region that a host name can contain.
    fn checked(self) -> Result<Self, EndpointError> {
        let Some(region) = self.region else { return Ok(self) };
        check_region(region)?;
        let plain: Option<&'a str> = region.strip_prefix("fips-").or_else(|| region.strip_suffix("-fips"));
        match plain {
            Some(plain) => {
                check_region(plain)?;
                Ok(Self { region: Some(plain), use_fips: true, ..self })
            }
            None => Ok(self),
        }
    }
}

impl Condition {
    fn holds(self, params: &EndpointParams<'_>, partition: Option<&Partition>) -> bool {
        match self {
            Self::EndpointSet => params.endpoint.is_some(),
            Self::RegionSet => params.region.is_some(),
            Self::RegionIs(region) => params.region == Some(region),
            Self::Fips => params.use_fips,
            Self::DualStack => params.use_dual_stack,
            Self::PartitionIs(id) => partition.is_some_and(|partition| partition.id == id),
            Self::Vpc => params.use_vpc,
            Self::Global => params.use_global,
            Self::PartitionHasFips => partition.is_some_and(|partition| partition.supports_fips),
            Self::PartitionHasDualStack => partition.is_some_and(|partition| partition.supports_dual_stack),
        }
    }
}

/// Refuses regions that cannot be a label of a host name. Regions become part of hosts and credential scopes.
///
/// # Errors
/// [`EndpointError::Region`].
pub fn check_region(region: &str) -> Result<(), EndpointError> {
    let refuse = |problem| Err(EndpointError::Region { region: region.to_owned(), problem });
    if region == "fips" {
        return refuse("names no region; set the region itself and ask for FIPS endpoints");
    }
    if region.is_empty() || region.len() > 63 {
        return refuse("not 1 to 63 characters long; a region is like us-east-1");
    }
    if !region.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-') {
        return refuse("characters other than letters, digits and `-`; a region is like us-east-1");
    }
    if region.starts_with('-') || region.ends_with('-') {
        return refuse("starts or ends with `-`; a region is like us-east-1");
    }
    if region.bytes().all(|byte| byte.is_ascii_digit()) {
        return refuse("digits only; a region is like us-east-1");
    }
    Ok(())
}

/// Whether the region is `<prefix>-<word>-<digits>`.
fn fits(region: &str, prefix: &str) -> bool {
    let rest = region.strip_prefix(prefix).and_then(|rest| rest.strip_prefix('-'));
    let Some((word, digits)) = rest.and_then(|rest| rest.split_once('-')) else { return false };
    !word.is_empty() && !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// The URL of a template. A placeholder without a value remains, and makes the URL invalid.
fn fill(template: &str, region: Option<&str>, partition: Option<&Partition>) -> Result<Uri, EndpointError> {
    let mut url = template.to_owned();
    if let Some(region) = region {
        url = url.replace("{Region}", region);
    }
    if let Some(partition) = partition {
        url = url.replace("{dnsSuffix}", partition.dns_suffix);
        url = url.replace("{dualStackDnsSuffix}", partition.dual_stack_dns_suffix);
    }
    url::check_url(&url)
}

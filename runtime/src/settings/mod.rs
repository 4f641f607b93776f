//! Settings of a client, from builder, environment and profile. The conventions are those of the service's vendor.

pub(crate) mod alibaba_cloud;
mod source_endpoint;
mod sources;

use std::{fmt, num::NonZeroU32, path::PathBuf};

pub(crate) use source_endpoint::{OwnUrl, SourceEndpoint};
pub(crate) use sources::{Sources, attempts, is_on};
use sources::{app_id, boolean, region, retry_mode};

pub use crate::profile::{Origin, SettingsError};
use crate::{
    ServiceInfo,
    context::Context,
    endpoint::{EndpointParams, shown},
    profile::SharedFiles,
    vendor::Vendor,
};

/// Settings of the caller, which override all others. `Debug` shows no password of a URL.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct ExplicitSettings {
    /// Profile of the shared files.
    pub profile: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// URL that requests go to.
    pub endpoint_url: Option<String>,
    /// Whether FIPS endpoints are required.
    pub use_fips: Option<bool>,
    /// Whether dual-stack endpoints are required.
    pub use_dual_stack: Option<bool>,
    /// Whether the endpoint that all regions share is required, if the service has one.
    pub use_global: Option<bool>,
    /// Whether endpoints within the caller's virtual private cloud are required.
    pub use_vpc: bool,
    /// Maximum number of attempts, including the first.
    pub max_attempts: Option<NonZeroU32>,
    /// How retries are delayed.
    pub retry_mode: Option<RetryMode>,
    /// Name of the application, for the user agent.
    pub app_id: Option<String>,
    /// PEM file of the certificate authorities to trust.
    pub ca_bundle: Option<PathBuf>,
}

/// Settings of a client, each with its origin. `None` if no source has a value.
///
/// Environment variables and keys of profiles are AWS's. For Alibaba Cloud only the region is read:
/// from `ALIBABA_CLOUD_REGION_ID`, else from `region_id` of the profile in `~/.aliyun/config.json`.
/// `Debug` shows no password of a URL.
#[derive(Clone, Default)]
#[non_exhaustive]
pub struct Settings {
    /// Region: `AWS_REGION`, `AWS_DEFAULT_REGION`, `region`.
    pub region: Option<Setting<String>>,
    /// URL that requests go to. From `AWS_ENDPOINT_URL_<SERVICE>`, `AWS_ENDPOINT_URL`, `endpoint_url` in the service's
    /// block of the profile's `[services …]` section, or `endpoint_url`. Only the builder's is used if
    /// `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` or `ignore_configured_endpoint_urls` is true.
    pub endpoint_url: Option<Setting<String>>,
    /// Whether FIPS endpoints are required: `AWS_USE_FIPS_ENDPOINT`, `use_fips_endpoint`.
    pub use_fips: Option<Setting<bool>>,
    /// Whether dual-stack endpoints are required: `AWS_USE_DUALSTACK_ENDPOINT`, `use_dualstack_endpoint`.
    pub use_dual_stack: Option<Setting<bool>>,
    /// Whether the endpoint that all regions share is required, if the service has one. From
    /// `AWS_<SERVICE>_REGIONAL_ENDPOINTS` or `<service>_regional_endpoints`; `legacy` means yes and `regional` no.
    pub use_global: Option<Setting<bool>>,
    /// Whether endpoints within the caller's virtual private cloud are required. Only the builder can set this.
    pub use_vpc: bool,
    /// Maximum number of attempts, including the first: `AWS_MAX_ATTEMPTS`, `max_attempts`.
    pub max_attempts: Option<Setting<NonZeroU32>>,
    /// How retries are delayed: `AWS_RETRY_MODE`, `retry_mode`.
    pub retry_mode: Option<Setting<RetryMode>>,
    /// Name of the application, for the user agent: `AWS_SDK_UA_APP_ID`, `sdk_ua_app_id`.
    pub app_id: Option<Setting<String>>,
    /// PEM file of the certificate authorities to trust: `AWS_CA_BUNDLE`, `ca_bundle`.
    pub ca_bundle: Option<Setting<PathBuf>>,
    vendor: Vendor,
}

impl Settings {
    /// Reads the environment and the shared files, once. The first source with a value decides: the builder, the
    /// environment, the profile.
    ///
    /// # Errors
    /// [`SettingsError`] if a file or value is malformed, or if the selected profile does not exist.
    pub fn load(
        context: &dyn Context,
        service: &ServiceInfo,
        explicit: ExplicitSettings,
    ) -> Result<Self, SettingsError> {
        Self::resolve(context, &SharedFiles::default(), service, explicit)
    }

    /// Like [`load`](Self::load), from files that are shared with other readers.
    pub(crate) fn resolve(
        context: &dyn Context,
        files: &SharedFiles,
        service: &ServiceInfo,
        explicit: ExplicitSettings,
    ) -> Result<Self, SettingsError> {
        let vendor = service.auth.vendor();
        let profile = explicit.profile.as_deref();
        let (sources, found) = match vendor {
            #[cfg(feature = "rpc-v1")]
            Vendor::AlibabaCloud => {
                let is_needed = explicit.region.is_none();
                let region = is_needed.then(|| alibaba_cloud::region(context, files, profile)).transpose()?;
                (Sources::none(context), region.flatten())
            }
            _ => {
                let sources = Sources::new(context, files, profile)?;
                let found = sources.configured(&["AWS_REGION", "AWS_DEFAULT_REGION"], "region");
                (sources, found)
            }
        };
        let found = explicit.region.map(Setting::explicit).or(found);
        Ok(Self {
            region: found.map(|found| found.parse(region)).transpose()?,
            endpoint_url: sources.endpoint_url(explicit.endpoint_url, service)?,
            use_fips: sources.find(
                explicit.use_fips,
                &["AWS_USE_FIPS_ENDPOINT"],
                "use_fips_endpoint",
                boolean,
            )?,
            use_dual_stack: sources.find(
                explicit.use_dual_stack,
                &["AWS_USE_DUALSTACK_ENDPOINT"],
                "use_dualstack_endpoint",
                boolean,
            )?,
            use_global: sources.use_global(explicit.use_global, service)?,
            use_vpc: explicit.use_vpc,
            max_attempts: sources.find(
                explicit.max_attempts,
                &["AWS_MAX_ATTEMPTS"],
                "max_attempts",
                attempts,
            )?,
            retry_mode: sources.find(explicit.retry_mode, &["AWS_RETRY_MODE"], "retry_mode", retry_mode)?,
            app_id: sources.text(explicit.app_id, &["AWS_SDK_UA_APP_ID"], "sdk_ua_app_id", app_id)?,
            ca_bundle: sources.ca_bundle(explicit.ca_bundle)?,
            vendor,
        })
    }

    /// The settings that endpoint rules depend on.
    pub fn endpoint_params(&self) -> EndpointParams<'_> {
        let mut params = EndpointParams::default();
        params.region = self.region.as_ref().map(|region| region.value.as_str());
        params.endpoint = self.endpoint_url.as_ref().map(|url| url.value.as_str());
        params.use_fips = self.use_fips.as_ref().is_some_and(|fips| fips.value);
        params.use_dual_stack = self.use_dual_stack.as_ref().is_some_and(|dual_stack| dual_stack.value);
        params.use_vpc = self.use_vpc;
        params.use_global = self.use_global.as_ref().is_some_and(|global| global.value);
        params.vendor = self.vendor;
        params
    }
}

/// Shows all settings but the hidden ones, and URLs without passwords.
macro_rules! debug {
    ($settings:ident, [$($own:ident)*], [$($hidden:ident)*], $url:ident => $shown:expr) => {
        impl fmt::Debug for $settings {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                // Without `..`, so that a new setting does not compile until it is here.
                let Self {
                    $($own,)*
                    $($hidden: _,)*
                    region,
                    endpoint_url,
                    use_fips,
                    use_dual_stack,
                    use_global,
                    use_vpc,
                    max_attempts,
                    retry_mode,
                    app_id,
                    ca_bundle,
                } = self;
                let $url = endpoint_url.as_ref();
                f.debug_struct(stringify!($settings))
                    $(.field(stringify!($own), $own))*
                    .field("region", region)
                    .field("endpoint_url", &$shown)
                    .field("use_fips", use_fips)
                    .field("use_dual_stack", use_dual_stack)
                    .field("use_global", use_global)
                    .field("use_vpc", use_vpc)
                    .field("max_attempts", max_attempts)
                    .field("retry_mode", retry_mode)
                    .field("app_id", app_id)
                    .field("ca_bundle", ca_bundle)
                    .finish_non_exhaustive()
            }
        }
    };
}
debug!(ExplicitSettings, [profile], [], url => url.map(|url| shown(url)));
debug!(Settings, [], [vendor], url => url.map(|url| Setting { value: shown(&url.value), origin: url.origin.clone() }));

/// A value with its origin.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting<T> {
    /// The value.
    pub value: T,
    /// The origin.
    pub origin: Origin,
}

#[cfg(feature = "http-transport")]
impl Setting<PathBuf> {
    /// Makes a transport trust the certificates of this file.
    pub(crate) fn trusted_by(
        &self,
        context: &dyn Context,
        http: crate::transport::HttpTransportBuilder,
    ) -> Result<crate::transport::HttpTransportBuilder, SettingsError> {
        let file = context.read_file(&self.value).map_err(|error| error.to_string());
        file.and_then(|file| http.root_certificates(file).map_err(|error| error.to_string())).map_err(
            |problem| SettingsError::new(&self.origin, format!("{}: {problem}", self.value.display())),
        )
    }
}

/// How retries are delayed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RetryMode {
    /// Backoff with jitter, bounded by a token bucket.
    Standard,
    /// Standard mode with a client-side rate limit. After throttling, the client's calls together slow down, and speed
    /// up again along a cubic curve.
    Adaptive,
    /// The mode of older SDKs, here the same as [`Standard`](Self::Standard).
    Legacy,
}

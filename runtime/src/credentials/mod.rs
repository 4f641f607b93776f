//! Credentials: what a request is signed with, and where they come from.
//!
//! A client without credentials of its own asks a [`CredentialsChain`]. What of it costs code that few need is behind a
//! feature; where one that is off is set up, the error names it.
//!
//! | source of AWS credentials | feature |
//! | --- | --- |
//! | [`Credentials`], [`EnvironmentCredentials`], keys in [`ProfileCredentials`] | |
//! | `RoleCredentials`, `WebIdentityCredentials`, and profiles with `role_arn` | `assume-role` |
//! | `ContainerCredentials`, `InstanceCredentials` | `instance` |
//! | `ProcessCredentials`, and profiles with `credential_process` | `process` |
//! | `SsoCredentials`, and profiles with `sso_account_id` | `sso` |
//! | `AwsSdkCredentials`: what `aws-config` finds | `aws-credential-types` |
//!
//! All but the first line are kept until shortly before they expire, by [`CachedCredentials`], which does the same for
//! sources of one's own.

#[cfg(feature = "rpc-v1")]
mod alibaba_cloud;
#[cfg(feature = "aws-credential-types")]
mod aws_sdk;
mod cached;
mod chain;
#[cfg(feature = "instance")]
mod container;
#[cfg(any(feature = "assume-role", feature = "instance", feature = "process", feature = "sso"))]
mod document;
#[cfg(any(feature = "rpc-v1", not(all(feature = "assume-role", feature = "instance"))))]
mod elsewhere;
#[cfg(any(feature = "assume-role", feature = "sso"))]
mod endpoints;
mod environment;
mod error;
#[cfg(any(feature = "instance", feature = "sso"))]
mod fetch;
mod form;
#[cfg(feature = "instance")]
mod instance;
mod keys;
#[cfg(any(feature = "assume-role", feature = "process", feature = "sso"))]
mod led;
#[cfg(feature = "assume-role")]
mod mfa;
mod policy;
#[cfg(feature = "process")]
mod process;
mod profile;
#[cfg(feature = "assume-role")]
mod role;
mod setup;
#[cfg(feature = "sso")]
mod sso;
#[cfg(feature = "assume-role")]
mod token_service;
#[cfg(feature = "assume-role")]
mod web_identity;

use std::{fmt, sync::Arc, time::SystemTime};

use zeroize::Zeroize as _;

#[cfg(feature = "rpc-v1")]
pub use alibaba_cloud::AlibabaCloudProfileCredentials;
#[cfg(feature = "aws-credential-types")]
pub use aws_sdk::AwsSdkCredentials;
pub use cached::CachedCredentials;
pub use chain::CredentialsChain;
#[cfg(feature = "instance")]
pub use container::ContainerCredentials;
pub use environment::EnvironmentCredentials;
pub use error::{CredentialsError, SourceFault};
#[cfg(feature = "instance")]
pub use instance::{InstanceCredentials, InstanceMetadata};
#[cfg(feature = "assume-role")]
pub use mfa::ProvideMfaCode;
#[cfg(feature = "process")]
pub use process::ProcessCredentials;
pub use profile::ProfileCredentials;
#[cfg(feature = "assume-role")]
pub use role::{RoleBuilder, RoleCredentials};
pub(crate) use setup::Setup;
#[cfg(feature = "sso")]
pub use sso::{SsoCredentials, SsoRole};
#[cfg(feature = "assume-role")]
pub use web_identity::WebIdentityCredentials;

use crate::{BoxFuture, mask::MASK};

/// Keys of an identity, permanent or temporary.
///
/// `Debug` shows only the access key id, if it has the form of one. Clones share the keys; dropping the last clone
/// overwrites the secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials(Arc<Keys>);

#[derive(Clone, PartialEq, Eq)]
struct Keys {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expires_at: Option<SystemTime>,
}

impl Drop for Keys {
    fn drop(&mut self) {
        // Which may be the secret, if the two were swapped.
        self.access_key_id.zeroize();
        self.secret_access_key.zeroize();
        self.session_token.zeroize();
    }
}

impl Credentials {
    /// Permanent credentials.
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self(Arc::new(Keys {
            access_key_id: access_key_id.into(),
            secret_access_key: secret_access_key.into(),
            session_token: None,
            expires_at: None,
        }))
    }

    /// Adds the token that temporary credentials need.
    #[must_use]
    pub fn with_session_token(mut self, token: impl Into<String>) -> Self {
        Arc::make_mut(&mut self.0).session_token = Some(token.into());
        self
    }

    /// Sets the time at which the credentials expire.
    #[must_use]
    pub fn with_expiry(mut self, expires_at: SystemTime) -> Self {
        Arc::make_mut(&mut self.0).expires_at = Some(expires_at);
        self
    }

    /// The access key id, which is not secret.
    pub fn access_key_id(&self) -> &str {
        &self.0.access_key_id
    }

    /// The secret that signatures are derived from.
    pub fn secret_access_key(&self) -> &str {
        &self.0.secret_access_key
    }

    /// The token of temporary credentials; as secret as the key.
    pub fn session_token(&self) -> Option<&str> {
        self.0.session_token.as_deref()
    }

    /// The access key id, unless it lacks the form of one and may be a secret.
    pub(crate) fn shown_id(&self) -> &str {
        if form::is_id(self.access_key_id()) { self.access_key_id() } else { MASK }
    }

    /// Whether access key id and secret are swapped.
    pub(crate) fn are_swapped(&self) -> bool {
        form::are_swapped(self.access_key_id(), self.secret_access_key())
    }

    /// The time at which the credentials expire, if known.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.0.expires_at
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.shown_id())
            .field("secret_access_key", &MASK)
            .field("session_token", &self.0.session_token.as_ref().map(|_| MASK))
            .field("expires_at", &self.0.expires_at)
            .finish()
    }
}

/// A source of credentials, asked before every signature; sources that do I/O cache.
///
/// Sources of this crate that send requests need a tokio runtime, or the feature `blocking`; without either they fail.
pub trait ProvideCredentials: fmt::Debug + Send + Sync + 'static {
    /// The credentials to use now.
    ///
    /// # Errors
    /// [`CredentialsError`] if the source has no credentials or fails.
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;
}

/// Several may share a source.
impl<P: ProvideCredentials + ?Sized> ProvideCredentials for Arc<P> {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        (**self).provide()
    }
}

/// Static credentials are their own source.
impl ProvideCredentials for Credentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

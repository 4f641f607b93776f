//! Credentials: what a request is signed with, and where they come from.

#[cfg(feature = "rpc-v1")]
mod alibaba_cloud;
mod chain;
mod environment;
mod keys;
mod profile;

use std::{fmt, sync::Arc, time::SystemTime};

#[cfg(feature = "rpc-v1")]
pub use alibaba_cloud::AlibabaCloudProfileCredentials;
pub use chain::CredentialsChain;
pub use environment::EnvironmentCredentials;
pub use profile::ProfileCredentials;

use crate::{BoxFuture, error::OneLine};

/// Keys of an identity, permanent or temporary. `Debug` shows the access key id alone. Clones share the keys.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials(Arc<Keys>);

#[derive(Clone, PartialEq, Eq)]
struct Keys {
    access_key_id: String,
    secret_access_key: String,
    session_token: Option<String>,
    expires_at: Option<SystemTime>,
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

    /// Adds the moment after which they are refused.
    #[must_use]
    pub fn with_expiry(mut self, expires_at: SystemTime) -> Self {
        Arc::make_mut(&mut self.0).expires_at = Some(expires_at);
        self
    }

    /// Identifies the key; no secret.
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

    /// When they expire, where that is known.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.0.expires_at
    }
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.0.access_key_id)
            .field("secret_access_key", &"***")
            .field("session_token", &self.0.session_token.as_ref().map(|_| "***"))
            .field("expires_at", &self.0.expires_at)
            .finish()
    }
}

/// A source of credentials, asked before every signature; sources that do I/O cache.
pub trait ProvideCredentials: fmt::Debug + Send + Sync + 'static {
    /// The credentials to use now.
    ///
    /// # Errors
    /// [`CredentialsError`] where the source has none or fails.
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>>;
}

/// Static credentials are their own source.
impl ProvideCredentials for Credentials {
    fn provide(&self) -> BoxFuture<'_, Result<Credentials, CredentialsError>> {
        Box::pin(std::future::ready(Ok(self.clone())))
    }
}

/// No credentials: what was tried, in order, and why each did not serve. Holds no secrets.
#[derive(Clone, Debug)]
pub struct CredentialsError {
    attempts: Vec<(String, String)>,
    absent: bool,
}

impl CredentialsError {
    /// One source that is set up but failed; a chain ends with it.
    pub fn new(source: impl Into<String>, reason: impl Into<String>) -> Self {
        // Texts of others, such as a credential process's, stay readable in one line.
        let line = |text: String| OneLine(&text).to_string();
        Self { attempts: vec![(line(source.into()), line(reason.into()))], absent: false }
    }

    /// One source that is not set up; a chain asks the next.
    pub fn absent(source: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { absent: true, ..Self::new(source, reason) }
    }

    /// Whether no source was set up.
    pub fn is_absent(&self) -> bool {
        self.absent
    }

    /// Appends what another source said.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.attempts.extend(other.attempts);
        self.absent &= other.absent;
        self
    }

    /// Sources tried and why each did not serve, in order.
    pub fn attempts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.attempts.iter().map(|(source, reason)| (source.as_str(), reason.as_str()))
    }
}

impl fmt::Display for CredentialsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no credentials")?;
        for (index, (source, reason)) in self.attempts().enumerate() {
            write!(f, "{} {source}: {reason}", if index == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

impl std::error::Error for CredentialsError {}

//! Credentials as values, below signatures. Their sources are in `credentials`, above the client.

mod error;
mod form;

use std::{fmt, sync::Arc, time::SystemTime};

pub use self::error::{CredentialsError, SourceFault};
pub use self::form::are_swapped;
use crate::{mask::MASK, secret::Secret};

/// The keys of an identity, permanent or temporary.
///
/// `Debug` shows the access key id only if it looks like one. Clones share the keys; dropping the last clone
/// overwrites the secrets.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials(Arc<Keys>);

#[derive(Clone, PartialEq, Eq)]
struct Keys {
    /// May be the secret, if the two were swapped.
    access_key_id: Secret,
    secret_access_key: Secret,
    session_token: Option<Secret>,
    expires_at: Option<SystemTime>,
}

impl Credentials {
    /// Permanent credentials.
    pub fn new(access_key_id: impl Into<String>, secret_access_key: Secret) -> Self {
        Self(Arc::new(Keys {
            access_key_id: Secret::new(access_key_id),
            secret_access_key,
            session_token: None,
            expires_at: None,
        }))
    }

    /// Adds the token that temporary credentials need.
    #[must_use]
    pub fn with_session_token(mut self, token: Secret) -> Self {
        Arc::make_mut(&mut self.0).session_token = Some(token);
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
        self.0.access_key_id.expose()
    }

    /// The secret that signatures are derived from.
    pub fn secret_access_key(&self) -> &Secret {
        &self.0.secret_access_key
    }

    /// The token of temporary credentials; as secret as the key.
    pub fn session_token(&self) -> Option<&Secret> {
        self.0.session_token.as_ref()
    }

    /// The access key id; `None` if it does not look like one and may be a secret.
    pub(crate) fn shown_id(&self) -> &str {
        if form::is_id(self.access_key_id()) { self.access_key_id() } else { MASK }
    }

    /// Whether access key id and secret are swapped.
    pub fn are_swapped(&self) -> bool {
        are_swapped(self.access_key_id(), self.secret_access_key().expose())
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
            .field("secret_access_key", &self.0.secret_access_key)
            .field("session_token", &self.0.session_token)
            .field("expires_at", &self.0.expires_at)
            .finish()
    }
}

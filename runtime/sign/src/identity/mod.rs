//! Credentials as values, below signatures. Their sources are in `credentials`, above the client.

mod error;
mod form;

use std::{fmt, sync::Arc, time::SystemTime};

pub use self::error::{CredentialsError, SourceFault};
pub use self::form::{are_swapped, is_secret_by_form};
use crate::{mask::MASK, secret::Secret, text::OneLine};

/// The keys of an identity, permanent or temporary.
///
/// `Debug` shows the access key id only if it looks like one. Clones share the keys; dropping the last clone
/// overwrites the secrets. Credentials are equal if their keys are, wherever they come from.
#[derive(Clone)]
pub struct Credentials {
    keys: Arc<Keys>,
    source: Option<Arc<str>>,
}

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
        let keys = Keys {
            access_key_id: Secret::new(access_key_id),
            secret_access_key,
            session_token: None,
            expires_at: None,
        };
        Self { keys: Arc::new(keys), source: None }
    }

    /// Adds the token that temporary credentials need.
    #[must_use]
    pub fn with_session_token(mut self, token: Secret) -> Self {
        Arc::make_mut(&mut self.keys).session_token = Some(token);
        self
    }

    /// Sets the time at which the credentials expire.
    #[must_use]
    pub fn with_expiry(mut self, expires_at: SystemTime) -> Self {
        Arc::make_mut(&mut self.keys).expires_at = Some(expires_at);
        self
    }

    /// Names the source of the credentials, for explanations.
    #[must_use]
    pub fn with_source(mut self, source: &str) -> Self {
        self.source = Some(OneLine(source).to_string().into());
        self
    }

    /// Prefixes the source with its user. The user is a profile, or a role that the source's credentials assume.
    #[must_use]
    pub fn of_use(self, user: &str) -> Self {
        let source =
            self.source.as_ref().map_or_else(|| user.to_owned(), |source| format!("{user}: {source}"));
        self.with_source(&source)
    }

    /// Where the credentials come from, in one line. For example `environment` or ``profile `prod` ``; `None` if they
    /// were given without a source.
    pub fn source(&self) -> Option<&str> {
        self.source.as_deref()
    }

    pub(crate) fn shared_source(&self) -> Option<Arc<str>> {
        self.source.clone()
    }

    /// The access key id, which is not secret.
    pub fn access_key_id(&self) -> &str {
        self.keys.access_key_id.expose()
    }

    /// The secret that signatures are derived from.
    pub fn secret_access_key(&self) -> &Secret {
        &self.keys.secret_access_key
    }

    /// The token of temporary credentials; as secret as the key.
    pub fn session_token(&self) -> Option<&Secret> {
        self.keys.session_token.as_ref()
    }

    /// The access key id; `***` if it does not look like one and may be a secret.
    pub(crate) fn shown_id(&self) -> &str {
        if form::is_id(self.access_key_id()) { self.access_key_id() } else { MASK }
    }

    /// Whether access key id and secret are swapped.
    pub fn are_swapped(&self) -> bool {
        are_swapped(self.access_key_id(), self.secret_access_key().expose())
    }

    /// The time at which the credentials expire, if known.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.keys.expires_at
    }
}

impl PartialEq for Credentials {
    fn eq(&self, other: &Self) -> bool {
        self.keys == other.keys
    }
}

impl Eq for Credentials {}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials")
            .field("access_key_id", &self.shown_id())
            .field("secret_access_key", &self.keys.secret_access_key)
            .field("session_token", &self.keys.session_token)
            .field("expires_at", &self.keys.expires_at)
            .field("source", &self.source)
            .finish()
    }
}

//! What is remembered of a signature that was refused.

use std::{fmt, time::SystemTime};

use super::{
    canonical::{Canonical, StringToSign},
    sentences::parse_time,
};
use crate::{identity::Credentials, mask::mask, sign::sigv4};

/// What a refused request was signed with and from; enough to say why it was refused, and no key.
///
/// The canonical request may hold the session token; `Debug` shows it without.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedRequest {
    /// Canonical request and string to sign, and the signature.
    pub texts: sigv4::Explanation,
    /// The moment that the signature bears, by this machine's clock and the client's correction of it.
    pub signed_at: SystemTime,
    /// Identifies the key; `***` if it lacks the form of an access key id and may be a secret.
    pub access_key_id: String,
    /// Whether a session token went along.
    pub has_session_token: bool,
    /// When the credentials expire, where that is known.
    pub expires_at: Option<SystemTime>,
    /// Whether the secret begins or ends with white space, as copied ones do.
    pub secret_has_blank_ends: bool,
    /// Whether access key id and secret stand in each other's place.
    pub keys_are_swapped: bool,
}

impl SignedRequest {
    /// How services call the kinds of signatures that they check.
    pub(super) const ALGORITHMS: [&str; 3] = ["AWS4-HMAC-SHA256", "ACS3-HMAC-SHA256", "HMAC-SHA1"];

    /// The kind of signature: the first line of strings to sign, but for version 1.0 of RPC services, which has none.
    pub(crate) fn algorithm(&self) -> &'static str {
        let text = self.texts.string_to_sign();
        let [.., last] = Self::ALGORITHMS;
        Self::ALGORITHMS.into_iter().find(|algorithm| text.starts_with(algorithm)).unwrap_or(last)
    }

    pub(crate) fn new(texts: sigv4::Explanation, signed_at: SystemTime, credentials: &Credentials) -> Self {
        let secret = credentials.secret_access_key();
        Self {
            texts,
            signed_at,
            access_key_id: credentials.shown_id().to_owned(),
            has_session_token: credentials.session_token().is_some(),
            expires_at: credentials.expires_at(),
            secret_has_blank_ends: secret.trim() != secret,
            keys_are_swapped: credentials.are_swapped(),
        }
    }

    /// Takes texts that were written down: of another signer, from a log or a terminal.
    ///
    /// Line ends may have become blanks or been wrapped, secrets may be masked, and either text may be empty. The
    /// time is that of the string to sign, else of `x-amz-date`; 1970 if neither has one.
    pub fn from_texts(
        canonical_request: &str,
        string_to_sign: &str,
        access_key_id: &str,
        has_session_token: bool,
    ) -> Self {
        let canonical = Canonical::read(canonical_request);
        let signed_at = StringToSign::read(string_to_sign).time().and_then(parse_time);
        let dated = || ["x-amz-date", "x-acs-date"].iter().find_map(|name| canonical.header(name));
        let signed_at = signed_at.or_else(|| dated().and_then(parse_time));
        // What has the whole shape is kept in it, so that whatever shows it finds the secrets in their lines.
        let canonical_request =
            if canonical.is_complete() { canonical.to_string() } else { canonical_request.to_owned() };
        Self {
            texts: sigv4::Explanation::from_texts(canonical_request, string_to_sign.to_owned()),
            signed_at: signed_at.unwrap_or(SystemTime::UNIX_EPOCH),
            access_key_id: access_key_id.to_owned(),
            has_session_token,
            expires_at: None,
            secret_has_blank_ends: false,
            keys_are_swapped: false,
        }
    }
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let canonical_request = mask(&Canonical::read(self.texts.canonical_request()).to_string());
        f.debug_struct("SignedRequest")
            .field("signed_at", &self.signed_at)
            .field("access_key_id", &self.access_key_id.get(..4).unwrap_or_default())
            .field("has_session_token", &self.has_session_token)
            .field("expires_at", &self.expires_at)
            .field("canonical_request", &canonical_request)
            .field("string_to_sign", &mask(self.texts.string_to_sign()))
            .finish_non_exhaustive()
    }
}

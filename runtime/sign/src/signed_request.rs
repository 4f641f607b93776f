//! The facts kept of a signed request that was refused.

use std::{fmt, sync::Arc, time::SystemTime};

use super::{
    auth::Auth,
    texts::{CanonicalRequest, SignedTexts},
};
use crate::{
    identity::Credentials,
    mask::mask,
    signatures::{self, RPC_V1, SIGV4, SignatureKind},
    time::Timestamp,
};

/// The facts about a signature that explanations need. Contains no key.
///
/// The canonical request may contain the session token; `Debug` omits it.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SignedRequest {
    /// The name of the signature on the wire: `AWS4-HMAC-SHA256`.
    pub algorithm: &'static str,
    /// Canonical request and string to sign.
    pub texts: SignedTexts,
    /// The time of the signature, by this machine's clock and the client's correction.
    pub signed_at: SystemTime,
    /// The access key id. `***` if it does not look like one and may be a secret.
    pub access_key_id: String,
    /// Whether the request had a session token.
    pub has_session_token: bool,
    /// When the credentials expire, if known.
    pub expires_at: Option<SystemTime>,
    /// Where the credentials come from, in one line, if they have a source.
    pub credentials_source: Option<Arc<str>>,
    /// Whether the secret begins or ends with white space, as copied secrets may.
    pub secret_has_blank_ends: bool,
    /// Whether access key id and secret are swapped.
    pub keys_are_swapped: bool,
}

impl SignedRequest {
    /// Keeps the facts of a request that was signed with these credentials.
    pub fn new(auth: Auth, texts: SignedTexts, signed_at: SystemTime, credentials: &Credentials) -> Self {
        let secret = credentials.secret_access_key().expose();
        Self {
            algorithm: auth.algorithm(),
            texts,
            signed_at,
            access_key_id: credentials.shown_id().to_owned(),
            has_session_token: credentials.session_token().is_some(),
            expires_at: credentials.expires_at(),
            credentials_source: credentials.shared_source(),
            secret_has_blank_ends: secret.trim() != secret,
            keys_are_swapped: credentials.are_swapped(),
        }
    }

    /// Reads the texts of another signer, a log, a terminal or a saved exchange.
    ///
    /// Line ends may have become blanks or been wrapped, secrets may be masked, and either text may be empty. The time
    /// comes from the string to sign, else from `x-amz-date`; it is 1970 if neither has one.
    pub fn from_texts(
        canonical_request: &str,
        string_to_sign: &str,
        access_key_id: &str,
        has_session_token: bool,
    ) -> Self {
        let texts = SignedTexts::read(canonical_request, string_to_sign);
        let named = texts.string_to_sign.as_ref().and_then(|text| text.algorithm.as_deref());
        let is_rpc = texts.string_to_sign.is_none() && !string_to_sign.trim().is_empty();
        let kind = signatures::ALL.iter().find(|kind| named == Some(kind.algorithm));
        let written = texts.string_to_sign.as_ref().and_then(|text| text.time.as_deref());
        let date = |kind: &&SignatureKind| texts.canonical_request.as_ref()?.header(kind.date?);
        let dated = || signatures::ALL.iter().find_map(date).and_then(parse_time);
        Self {
            algorithm: kind.copied().unwrap_or(if is_rpc { RPC_V1 } else { SIGV4 }).algorithm,
            signed_at: written.and_then(parse_time).or_else(dated).unwrap_or(SystemTime::UNIX_EPOCH),
            texts,
            access_key_id: access_key_id.to_owned(),
            has_session_token,
            expires_at: None,
            credentials_source: None,
            secret_has_blank_ends: false,
            keys_are_swapped: false,
        }
    }

    /// Canonical request and string to sign, as [`from_texts`](Self::from_texts) reads them.
    ///
    /// The first is empty for signatures whose string to sign contains the canonical request, such as version 1.0 of
    /// RPC services.
    pub fn to_texts(&self) -> (String, String) {
        let text = |canonical: &CanonicalRequest| canonical.to_string();
        let SignedTexts { canonical_request, string_to_sign } = &self.texts;
        if let (Some(canonical), None) = (canonical_request, string_to_sign)
            && self.algorithm == RPC_V1.algorithm
            && canonical.is_complete()
        {
            return (String::new(), super::rpc_text::string_to_sign(&canonical.method, &canonical.query));
        }
        let canonical_request = canonical_request.as_ref().map(text).unwrap_or_default();
        (canonical_request, string_to_sign.as_ref().map(ToString::to_string).unwrap_or_default())
    }
}

/// Reads a time in ISO 8601 (`20120910T000000Z`) or in the form of HTTP.
pub fn parse_time(text: &str) -> Option<SystemTime> {
    let time = Timestamp::parse_date_time(text).or_else(|| Timestamp::parse_http_date(text));
    time.map(SystemTime::from)
}

impl fmt::Debug for SignedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (canonical_request, string_to_sign) = self.to_texts();
        f.debug_struct("SignedRequest")
            .field("signed_at", &self.signed_at)
            .field("access_key_id", &self.access_key_id.get(..4).unwrap_or_default())
            .field("has_session_token", &self.has_session_token)
            .field("expires_at", &self.expires_at)
            .field("credentials_source", &self.credentials_source)
            .field("canonical_request", &mask(&canonical_request))
            .field("string_to_sign", &mask(&string_to_sign))
            .finish_non_exhaustive()
    }
}
